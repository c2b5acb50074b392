"""One image under many names: Harbor's second host, ports that go without saying, addresses of its pages, slips."""

import json

from aiohttp import web

from bot.domain.jobs import Job, JobRef, JobState
from tests.registry.served import served


async def test_the_address_of_a_page_leads_to_its_image(harbor, eve):
    number = harbor.store.projects["public"].id
    page = f"{harbor.url}/harbor/projects/{number}/repositories/ml%2Ftorch"
    listed = await eve.asks(f"/image {page}")
    assert "1.13" in listed
    digest = harbor.artifact("public/ml/torch", "1.12").digest
    card = await eve.asks(f"/image {page}/artifacts-tab/artifacts/{digest}")
    assert digest in card
    preview = await eve.asks(f"/run image={page}/artifacts/{digest} gpu=1 python x.py")
    assert f"{harbor.host}/public/ml/torch@{digest}" in preview
    assert "❌" not in preview
    strange = f"https://other.example.edu/harbor/projects/{number}/repositories/ml%2Ftorch"
    assert "address of a page" in await eve.asks(f"/image {strange}")


async def test_a_mistyped_repository_finds_those_like_it(harbor, eve):
    harbor.image("public/team/ml/detector", "v2")
    wrong = await eve.asks(f"/image {harbor.host}/public/team/ml/dectector:v2")
    assert "no such repository" in wrong
    card = await eve.presses("public/team/ml/detector", on=wrong)
    assert f"{harbor.host}/public/team/ml/detector:v2" in card
    preview = await eve.asks(f"/run image={harbor.host}/public/ml/trch:1.13 gpu=1 python x.py")
    assert f"{harbor.host}/public/ml/torch:1.13" in preview
    fixed = await eve.presses("🔧", on=preview)
    assert "has no image" not in fixed


async def test_references_of_three_parts_are_checked_used_and_deleted(harbor, ported, ann):
    harbor.image("lab/team/ml/detector", "v2", "v3")
    name = f"{harbor.host}/lab/team/ml/detector:v2"
    assert "sha256" in await ann.asks(f"/image 【{name}】")
    assert "❌" not in await ann.asks(f"/run image={name} gpu=1 python x.py")
    await ann.asks(f"/tagimage {name} mine")
    assert harbor.artifact("lab/team/ml/detector", "mine") is not None
    dialog = await ann.asks(f"/rmimage {name}")
    await ann.presses("全部 3 个标签", on=dialog)
    assert harbor.artifact("lab/team/ml/detector", "v2") is None


async def test_harbor_is_known_by_the_name_it_gives_itself(harbor, ported, ann, eve):
    """The bot reaches it at another address than the nodes: both names mean the same image, and jobs use Harbor's."""
    harbor.world.host = lambda: "harbor.example.edu"
    said = await eve.asks("/run image=harbor.example.edu/public/ml/torch:1.13 gpu=1 python x.py")
    assert "❔" not in said
    assert "❌" not in said
    assert "harbor.example.edu/public/ml/torch:1.13" in await eve.asks("/image torch:1.13")
    assert "1.13" in await eve.asks(f"/image {harbor.host}/public/ml/torch:stable")
    assert "docker login harbor.example.edu" in await ann.asks("/push torch:v2")
    now = ported.clock.now()

    def remember(uow):
        for n, words in enumerate(
            ("harbor.example.edu/public/ml/torch:1.13", f"{harbor.host}/public/ml/torch:1.13")
        ):
            job = Job(JobRef("zoe", f"j{n}"), JobState.SUCCEEDED, submitted_at=now)
            uow.jobs.upsert_many([job], now)
            uow.jobs.set_image(job.ref, words)

    await ported.bot.db.write(remember)
    assert "Jobs: 2" in await eve.asks("/image harbor.example.edu/public/ml/torch:1.13")


async def test_another_registrys_name_is_not_taken_over(closed_lab, harbor, admin):
    """A Harbor that calls itself by the name of another registry gets no requests meant for that one."""
    harbor.world.host = lambda: "docker.io"
    closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps([])
    await closed_lab.start()
    ann = await closed_lab.member("ann", "Ann Lee", "en")
    await ann.asks("/login harbor ann ann-Password1")
    assert f"{harbor.host}/public/ml/torch" in await ann.asks("/image torch:1.13")


async def test_hostile_names_are_shown_as_what_they_are(closed_lab, admin):
    nasty = '<b>x</b>&<a href="tg://user?id=1">y</a>'

    async def handle(request):
        match request.path:
            case "/api/version":
                return web.json_response({"version": "v2.0"})
            case "/api/v2.0/repositories":
                rows = [{"name": f"lab/{nasty}", "artifact_count": 1}]
                return web.json_response(rows, headers={"X-Total-Count": "1"})
        row = {
            "digest": "sha256:" + "1" * 64, "size": 5, "tags": [{"name": nasty}, {"name": "v1"}], "labels": None,
            "extra_attrs": {"os": nasty, "config": {"Env": [f"CUDA_VERSION=1{nasty}"]}},
            "scan_overview": {"x": {"scan_status": nasty}},
        }  # fmt: skip
        return web.json_response([row], headers={"X-Total-Count": "1"})

    async with served(handle) as url:
        closed_lab.environ |= {"PAILOT_HARBOR__URL": url, "PAILOT_HARBOR__PROJECT": "lab"}
        await closed_lab.start()
        eve = await closed_lab.member("eve", "Eve Wong", "en")
        listed = await eve.asks("/images")
        assert nasty in listed
        tags = await eve.presses(nasty, on=listed)
        assert nasty in tags
        shown = await eve.asks(f"/image {url.removeprefix('http://')}/lab/x:v1")
        assert f"All tags: {nasty}, v1" in shown
        assert f"Scan: {nasty}" in shown
        await closed_lab.stop()
