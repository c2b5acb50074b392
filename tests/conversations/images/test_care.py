"""/staleimages, /gc, /catalog, /push, and what Harbor's webhooks bring."""

import asyncio
import json
import time

import aiohttp
import pytest

from bot.demo.harbor import Target


@pytest.fixture
def hooks(ported):
    return f"http://127.0.0.1:{ported.bot.web_port}/hooks/harbor"


# Stale images


async def test_old_images_are_listed_with_their_owner_and_lead_to_deletion(harbor, ann):
    harbor.image("lab/old", "v1", days_old=300, pulled_days_ago=200, weight=9 << 30, by="ann")
    harbor.image("lab/older", "v2", days_old=500, weight=1 << 30, by="mia")
    harbor.image("lab/fresh", "v1", days_old=300, pulled_days_ago=3)
    said = await ann.asks("/staleimages")
    assert "2 个" in said
    assert "10 GB" in said
    assert "lab/old:v1" in said
    assert "mia" in said
    assert "lab/fresh" not in said
    dialog = await ann.presses("lab/old:v1", on=said)
    assert "无法恢复" in dialog


async def test_what_jobs_use_or_the_catalogue_has_is_not_stale(harbor, ported, ann, admin):
    for name in ("used", "kept", "gone"):
        harbor.image(f"lab/{name}", "v1", days_old=300)
    now = ported.clock.now()

    def fill(uow):
        from bot.domain.jobs import Job, JobRef, JobState

        job = Job(JobRef("zoe", "j"), JobState.SUCCEEDED, submitted_at=now, completed_at=now)
        uow.jobs.upsert_many([job], now)
        uow.jobs.set_image(job.ref, f"{harbor.host}/lab/used:v1")
        uow.images.recommend(f"{harbor.host}/lab/kept:v1", 1, "", now)

    await ported.bot.db.write(fill)
    said = await ann.asks("/staleimages lab days=100")
    assert "lab/gone" in said
    assert "lab/used" not in said
    assert "lab/kept" not in said


async def test_who_may_not_look_into_a_project_is_led_to_the_login(harbor, eve):
    assert "/login harbor" in await eve.asks("/staleimages")
    assert "public/ml/torch:1.12" in await eve.asks("/staleimages public days=100")


async def test_a_scan_is_recognised_by_its_many_pulls(harbor, ann):
    for n in range(6):
        harbor.image(f"lab/scanned{n}", "v1", days_old=300, pulled_days_ago=100)
    assert "扫描" in await ann.asks("/staleimages lab days=50")


async def test_owners_are_asked_with_buttons(harbor, ported, ann, admin):
    harbor.image("lab/old", "v1", days_old=300, by="ann")
    harbor.project("adas")
    assert "lab/old" in await admin.asks("/staleimages lab")  # with the account that cares for it
    said = await admin.asks("/login harbor root Root-password1")
    assert "Linked" in said
    listed = await admin.asks("/staleimages lab")
    ann.tg.forgets()
    ported.clock.stops()
    assert "One owner" in await admin.presses("Ask the owners", on=listed)
    listed = await admin.asks("/staleimages lab")
    assert "One owner" in await admin.presses("Ask the owners", on=listed)
    asked = await ann.hears("很久没人用")
    assert any("lab/old:v1" in label for label in asked.buttons)
    harbor.image("adas/other", "v1", days_old=300, by="ann")
    listed = await admin.asks("/staleimages adas")
    assert "One owner" in await admin.presses("Ask the owners", on=listed)
    asked = await ann.hears("很久没人用")
    assert asked.buttons == [f"{harbor.host}/adas/other:v1"], "the first is not asked about twice"


# Garbage collection


async def test_garbage_is_counted_first_and_then_collected(harbor, ported, admin, ann):
    dialog = await ann.asks(f"/rmimage {harbor.host}/public/ml/torch:1.12")
    await ann.presses("删除镜像", on=dialog)
    said = await admin.asks("/gc")
    dry = await admin.presses("Dry run", on=said)
    assert "would free" in dry
    assert "0 B" not in dry
    done = await admin.presses("Run now", on=said)
    assert "freed" in done
    assert len(harbor.world.gc) == 2


async def test_garbage_is_the_admins_business(harbor, ann):
    assert "释放" not in await ann.asks("/gc")


# Catalogue


async def test_admins_recommend_images_and_everybody_sees_them(harbor, ported, admin, eve):
    name = f"{harbor.host}/public/ml/torch:1.13"
    assert "in the catalogue" in await admin.asks(f"/catalog add {name} for beginners")
    listed = await eve.asks("/catalog")
    assert "for beginners" in listed
    assert "sha256" in await eve.presses("torch:1.13", on=listed)
    assert "admins" in await eve.asks(f"/catalog remove {name}")
    assert "no longer" in await admin.asks(f"/catalog remove {name}")


async def test_images_of_succeeded_jobs_are_learned(harbor, ported, eve):
    from bot.demo.openpai import Trains

    ported.pai.user("zoe", "zoe-password")
    ported.pai.plan("~good", Trains(runs_seconds=1))
    ported.pai.submit("zoe", name="good", image=f"{harbor.host}/public/ml/torch:1.13")
    await ported.pai.until("zoe", "good")
    await ported.looks()
    await ported.bot.services.images.catalogue.learn()
    listed = await eve.asks("/catalog")
    assert "jobs succeeded here" in listed
    assert "public/ml/torch:1.13" in listed


# Push lines


async def test_push_lines_have_everything_filled_in_and_no_password(harbor, ann):
    said = await ann.asks("/push torch:v2")
    assert f"sudo docker login {harbor.host}" in said
    assert f"{harbor.host}/lab/ann-torch:v2" in said
    assert "看不出" in said
    assert "Password" not in said


async def test_a_tag_that_says_what_is_inside_is_composed(harbor, ann):
    said = await ann.asks(f"/push {harbor.host}/public/ml/torch:stable")
    assert "看不出" not in said
    said = await ann.asks(f"/push {harbor.host}/public/ml/torch:latest")
    assert ":latest" in said


# Webhooks


async def post(url, body, secret="hook-secret", kind="application/json"):
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url, data=json.dumps(body), headers={"Authorization": secret, "Content-Type": kind}
        ) as answer,
    ):
        return answer.status


def pushed(n=1, operator="ann", tag="v1", digest=None, path="lab/x"):
    digest = digest or f"sha256:{n:064x}"
    return {
        "type": "PUSH_ARTIFACT",
        "occur_at": 1678082303 + n,
        "operator": operator,
        "event_data": {
            "resources": [{"digest": digest, "tag": tag, "resource_url": f"harbor.example.edu/{path}:{tag}"}],
            "repository": {"name": path.partition("/")[2], "namespace": "lab", "repo_full_name": path, "repo_type": "private"},
        },
    }  # fmt: skip


@pytest.mark.parametrize("payload", ["Default", "CloudEvents"])
async def test_a_push_is_told_to_who_pushed(harbor, ported, hooks, ann, payload):
    harbor.hook(Target("lab", hooks, "hook-secret", payload))
    await ann.says(f"/tagimage {harbor.host}/lab/private:v1 mine")
    said = await ann.hears("已到 Harbor")
    assert "lab/private:mine" in said
    assert said.buttons == ["查看镜像"]


async def test_the_secret_opens_with_and_without_bearer_and_nothing_else_does(hooks):
    assert await post(hooks, pushed()) == 200
    assert await post(hooks, pushed(), "Bearer hook-secret") == 200
    for wrong in ("", "hook", "Basic hook-secret", "机密"):
        if wrong.isascii():
            assert await post(hooks, pushed(2), wrong) == 403


async def test_an_event_is_told_once_however_often_it_comes(ported, hooks, ann):
    for _ in range(3):
        assert await post(hooks, pushed(5)) == 200
    await ann.hears("lab/x:v1")
    await ann.hears_nothing()


async def test_a_deletion_is_told_to_the_last_pusher(ported, hooks, ann):
    await post(hooks, pushed(7))
    await ann.hears("lab/x:v1")
    gone = pushed(7, operator="mia") | {"type": "DELETE_ARTIFACT", "occur_at": 1}
    await post(hooks, gone)
    assert "mia" in await ann.hears("被 mia")
    untagged = pushed(7, operator="mia", tag=f"sha256:{7:064x}")
    await post(hooks, untagged | {"type": "DELETE_ARTIFACT", "occur_at": 2})
    assert f"lab/x@sha256:{0:012x}" in await ann.hears("被 mia")


async def test_a_bad_scan_is_told_and_a_clean_one_is_not(ported, hooks, ann):
    await post(hooks, pushed(8))
    await ann.hears("lab/x:v1")
    bad = pushed(8) | {"type": "SCANNING_COMPLETED"}
    report = {"summary": {"summary": {"Critical": 2, "Low": 1}}}
    bad["event_data"]["resources"][0]["scan_overview"] = {"application/vnd.x": report}
    await post(hooks, bad)
    await ann.hears("严重漏洞 2")


def full(details, occur_at=1):
    return {
        "type": "QUOTA_EXCEED", "occur_at": occur_at, "operator": "ann",
        "event_data": {"repository": {"namespace": "lab", "repo_full_name": "lab/x"}, "custom_attributes": {"Details": details}},
    }  # fmt: skip


async def test_quota_is_the_admins_news(ported, hooks, admin, ann):
    await admin.says("/start")
    await admin.hears("Pailot")
    assert await post(hooks, full("adding 5 GiB")) == 200
    assert "adding 5 GiB" in await admin.hears("full")


async def test_a_full_quota_is_told_once_a_day_and_own_deletions_never(ported, hooks, admin, ann):
    await admin.says("/start")
    await admin.hears("Pailot")
    ported.clock.stops()
    for n in range(3):
        body = {
            "type": "QUOTA_WARNING", "occur_at": n, "operator": "ann",
            "event_data": {"repository": {"namespace": "lab", "repo_full_name": "lab/x"}, "custom_attributes": {"Details": f"{85 + n} %"}},
        }  # fmt: skip
        assert await post(hooks, body) == 200
    await admin.hears("85 %")
    assert await post(hooks, pushed(20)) == 200
    await ann.hears("lab/x:v1")
    assert await post(hooks, pushed(20) | {"type": "DELETE_ARTIFACT", "occur_at": 1}) == 200
    await ann.hears_nothing()
    await admin.hears_nothing()
    assert await post(hooks, body | {"type": "QUOTA_EXCEED"}) == 200
    await admin.hears("87 %")  # that it is full is news on the same day


@pytest.mark.parametrize(
    "body",
    [[], {}, {"type": 5}, {"type": "PUSH_ARTIFACT"}, {"type": "X", "event_data": []}, "x", None],
)
async def test_odd_bodies_are_answered_and_do_nothing(hooks, body):
    assert await post(hooks, body) in {200, 202}


DEAR = 0.025
"""Seconds of work for one event, both ends of its way: a hundred of them come in a second, and Harbor waits for three."""


async def burst(bot, hooks, count, per_second):
    """So many pushes at that pace; what each cost this process, which has other work and no say in its turns."""
    began, spent = time.monotonic(), time.process_time()

    async def send(session, n):
        await asyncio.sleep(max(0.0, began + n / per_second - time.monotonic()))
        body = json.dumps(pushed(n, operator="nobody"))
        async with session.post(hooks, data=body, headers={"Authorization": "hook-secret"}) as got:
            assert got.status == 200

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for n in range(count):
            group.create_task(send(session, n))
    names = [f"lab/x@sha256:{n:064x}" for n in range(count)]
    found = await bot.db.read(lambda uow: uow.images.pushers(names))
    assert len(found) == count
    return (time.process_time() - spent) / count


async def test_a_burst_is_answered_soon_and_loses_none(ported, hooks, ann):
    assert await burst(ported.bot, hooks, 200, per_second=100) < DEAR


@pytest.mark.slow
async def test_a_thousand_in_ten_seconds_lose_none(ported, hooks, ann):
    assert await burst(ported.bot, hooks, 1000, per_second=100) < DEAR


async def test_a_person_can_switch_the_news_off(ported, hooks, ann, admin):
    assert "🔕 我的镜像" in (await ann.asks("/alerts image_pushed off")).buttons
    switches = (await admin.asks("/alerts image_pushed off")).buttons
    assert "🔔 registry full" in switches
    ann.tg.forgets()
    await post(hooks, pushed(9))
    await post(hooks, full("adding 5 GiB"))
    assert "adding 5 GiB" in await admin.hears("full:")
    await admin.asks("/alerts registry_full off")
    ported.clock.passes(days=1)
    await post(hooks, full("adding 6 GiB", occur_at=2))
    await ann.hears_nothing()
    await admin.hears_nothing(0.1)
