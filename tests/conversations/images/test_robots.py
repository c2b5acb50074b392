"""Robot accounts: for people, shown once; for jobs, seen by nobody; and what /push makes of registries."""

import asyncio
import json

import pytest

from bot.demo.harbor import ADMIN, HarborEmulator, Target
from tests import polling
from tests.registry import real
from tests.test_secrets_at_rest import Search


def robots(harbor):
    return list(harbor.accounts.robots.values())


async def made(harbor, who, button, yes):
    asked = await who.presses(button, on=await who.asks("/push torch:py38-torch1.13"))
    shown = await who.presses(yes, on=asked)
    return shown, robots(harbor)[-1]


async def test_a_member_gets_a_robot_that_is_shown_once_and_taken_away(harbor, ported, eve):
    search = Search(ported)
    async with search.all_the_time():
        asked = await eve.presses("Robot account", on=await eve.asks("/push torch:v3"))
        assert "project lab" in asked
        assert robots(harbor) == []
        shown = await eve.presses("Make one", on=asked)
        (robot,) = robots(harbor)
        search.add(robot.secret)
        assert robot.secret in shown
        assert f"docker login {harbor.host} -u '{robot.name}'" in shown
        assert robot.name.startswith("robot$lab+eve-pailot-")
        assert robot.rights["lab"] == {"repository:pull", "repository:push"}
        # Not taken away before its time, not even by a restart; then for good.
        await ported.bot.services.images.robots.tick()
        await ported.sleeps(minutes=11)
        await ported.bot.services.images.robots.tick()
        await polling.until(lambda: shown.now is None)
    audit = await ported.bot.db.read(lambda uow: uow.audit.list(5))
    assert [row.action for row in audit if "robot" in row.action] == ["robot-create"]
    # What is pushed with it is its owner's.
    harbor.hook(Target("lab", hook_url(ported), "hook-secret", "Default"))
    await pushes(harbor, robot, "lab/mine:v7")
    assert "lab/mine:v7" in await eve.hears("has arrived")
    assert robot.name in harbor.accounts.robots


def hook_url(lab):
    return f"http://127.0.0.1:{lab.bot.web_port}/hooks/harbor"


async def pushes(harbor, robot, name):
    """As docker does with the robot's login."""
    path, _, tag = name.partition(":")
    filler = real.Filler(harbor.url, robot.name, robot.secret)
    await asyncio.to_thread(filler.image, path, tag)


async def test_a_second_robot_ends_the_first_and_two_taps_make_one(harbor, ann):
    _, first = await made(harbor, ann, "机器人账号", "建一个")
    asked = await ann.presses("机器人账号", on=await ann.asks("/push torch:v3"))
    assert first.name in asked
    await asyncio.gather(ann.taps("建一个", on=asked), ann.taps("建一个", on=asked))
    said = await ann.hears("之前的那个已失效")
    (second,) = robots(harbor)
    assert second.name in said
    assert second is not first
    asked = await ann.presses("机器人账号", on=await ann.asks("/push torch:v3"))
    assert "已删除" in await ann.presses("删除旧的", on=asked)
    assert robots(harbor) == []


async def test_the_update_handled_again_shows_a_secret_that_works(harbor, ported, eve):
    """The first secret may have been lost on its way: another robot takes its place."""
    person = await ported.bot.db.read(lambda uow: uow.people.get(eve.id))
    service = ported.bot.services.images.robots
    first = await service.make(person, "7:1:0")
    again = await service.make(person, "7:1:0")
    assert first.secret != again.secret
    assert [robot.name for robot in robots(harbor)] == [again.name]
    assert [row.name for row in await service.mine(person)] == [again.name]


async def test_a_lost_answer_of_harbor_is_told_and_tried_again(harbor, eve):
    asked = await eve.presses("Robot account", on=await eve.asks("/push torch:v3"))
    harbor.faults.kind, harbor.faults.part, harbor.faults.times = "cut", "/robots", 1
    said = await eve.presses("Make one", on=asked)
    assert "Harbor" in said
    asked = await eve.presses("Robot account", on=await eve.asks("/push torch:v3"))
    assert "Its secret" in await eve.presses("Make one", on=asked)


async def test_the_end_is_announced_once_and_then_told(harbor, ported, eve):
    _, robot = await made(harbor, eve, "Robot account", "Make one")
    await ported.sleeps(days=28)
    service = ported.bot.services.images.robots
    await service.tick()
    said = await eve.hears("ends on")
    assert robot.name in said
    await service.tick()
    await eve.hears_nothing()
    assert "New robot account" in said.buttons
    await ported.sleeps(days=3)
    asked = await eve.presses("New robot account", on=said)
    assert "Make one" in asked.buttons


async def test_without_an_admins_account_only_a_project_admin_makes_one(closed_lab, admin):
    harbor = HarborEmulator(clock=closed_lab.clock.seconds)
    harbor.user("ann", "ann-Password1")
    harbor.user("mia", "mia-Password1")
    harbor.project("lab", ann=ADMIN, mia=2)
    await harbor.start()
    closed_lab.environ |= {"PAILOT_HARBOR__URL": harbor.url, "PAILOT_HARBOR__PROJECT": "lab"}
    await closed_lab.start()
    ann = await closed_lab.member("ann", "Ann Lee", "en")
    mia = await closed_lab.member("mia", "Mia Roth", "en")
    assert "Robot account" not in (await mia.asks("/push torch:v3")).buttons
    await mia.asks("/login harbor mia mia-Password1")
    asked = await mia.presses("Robot account", on=await mia.asks("/push torch:v3"))
    assert "only a project admin may" in await mia.presses("Make one", on=asked)
    await ann.asks("/login harbor ann ann-Password1")
    shown, robot = await made(harbor, ann, "Robot account", "Make one")
    assert robot.secret in shown
    await harbor.stop()


# Private images in jobs


async def previewed(who, image):
    """Alerts of other jobs may come in between."""
    who.tg.forgets()
    await who.says(f"/run image={image} gpu=1 python x.py")
    return await who.hears("Preview")


async def job_of(lab, who, harbor):
    preview = await previewed(who, f"{harbor.host}/lab/private:v1")
    yaml = (await (await who.presses("YAML", on=preview)).download()).decode()
    assert "Submitted" in await who.presses("Submit", on=preview)
    return preview, yaml, next(job for job in lab.pai.jobs() if job.user == who.user)


async def test_a_job_pulls_a_private_image_by_a_robot_nobody_can_read(harbor, ported, eve):
    search = Search(ported)
    async with search.all_the_time():
        preview, yaml, job = await job_of(ported, eve, harbor)
        (robot,) = robots(harbor)
        search.add(robot.secret)
        assert robot.rights["lab"] == {"repository:pull"}
        assert f"🔑 The nodes pull the image as {robot.name}" in preview
        assert robot.secret not in yaml
        written = job.config  # what the nodes get
        assert written["secrets"]["registry_password"] == robot.secret
        auth = written["prerequisites"][0]["auth"]
        assert auth == {
            "username": robot.name,
            "password": "<% $secrets.registry_password %>",
            "registryuri": harbor.host,
        }
        # Anybody who asks OpenPAI for the job's protocol sees the mask.
        from bot.domain.jobs import JobRef

        services = ported.bot.services
        shown = await services.following._cluster.config(
            JobRef("eve", job.name), (await services.submitting._tokens.watching())[0]
        )
        assert robot.secret not in json.dumps(shown)
        assert shown["prerequisites"][0]["auth"] == auth
        assert shown["secrets"] == "******"
        await ported.restart()
    assert search.found() == []


async def test_the_robot_of_jobs_is_kept_renewed_and_replaced_when_revoked(harbor, ported, eve):
    await job_of(ported, eve, harbor)
    (first,) = robots(harbor)
    image = f"{harbor.host}/lab/private:v1"
    assert first.name in await previewed(eve, image)
    await ported.sleeps(days=23)  # a week is left, and a draft lives so long
    assert first.name not in await previewed(eve, image)
    second = robots(harbor)[-1]
    assert first.name in harbor.accounts.robots  # jobs that wait may still need it
    second.disabled = True
    await ported.restart()  # what Harbor's token service gave out before lives half an hour longer
    preview = await previewed(eve, image)
    assert second.name not in preview
    assert "🔑" in preview
    assert len(robots(harbor)) == 3


async def test_a_robot_tells_missing_from_private_and_goes_to_no_other_project(harbor, eve):
    missing = await eve.asks(f"/run image={harbor.host}/lab/private:v9 gpu=1 python x.py")
    assert "has no image" in missing
    count = len(robots(harbor))
    harbor.project("thesis")
    harbor.image("thesis/secret", "v1")
    other = await eve.asks(f"/run image={harbor.host}/thesis/secret:v1 gpu=1 python x.py")
    assert "not public" in other
    assert "🔑" not in other
    assert len(robots(harbor)) == count


async def test_public_images_take_no_login_along(harbor, eve):
    preview = await eve.asks(f"/run image={harbor.host}/public/ml/torch:1.13 gpu=1 python x.py")
    assert "🔑" not in preview
    assert robots(harbor) == []


# Other registries


@pytest.fixture
def acr(harbor, closed_lab):
    listed = json.loads(closed_lab.environ["PAILOT_REGISTRIES"])
    listed.append(
        {
            "name": "acr",
            "url": "https://registry.example.edu",
            "username": "张三的仓库",
            "password": "x",
        }
    )
    closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps(listed, ensure_ascii=False)  # fmt: skip


async def test_push_lines_for_other_registries(acr, harbor, eve):
    said = await eve.asks("/push torch:py38-torch1.13 registry=acr")
    assert "sudo docker login registry.example.edu -u '张三的仓库'" in said
    assert "docker push registry.example.edu/PROJECT/torch:py38-torch1.13" in said
    assert "Robot account" not in said.buttons
    hub = await eve.asks("/push torch:py38-torch1.13 registry=docker.io")
    assert "docker push docker.io/USER/torch:py38-torch1.13" in hub
    assert "user name on Docker Hub" in hub
    assert "your name space" in said
    wrong = await eve.asks("/push torch:v1 registry=acrr")
    assert "acrr" in wrong
    assert "harbor, acr, docker.io" in wrong
    assert "registry=…" in await eve.asks("/push")


async def test_push_uses_the_address_harbor_tells_and_the_login_people_have_there(
    harbor, ported, ann
):
    harbor.world.host = lambda: "harbor.example.edu"
    said = await ann.asks("/push torch:latest")
    assert "docker login harbor.example.edu -u 'ann'" in said
    assert "harbor.example.edu/lab/ann-torch:latest" in said
    assert "看不出里面是什么" in said
