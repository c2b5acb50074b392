"""Harbor 1.x, rights, lockout, long scans, garbage collection, and a Harbor that does not answer."""

import asyncio
import time

import pytest

from bot.demo.harbor import HarborEmulator
from bot.domain.errors import (
    Denied,
    NotFound,
    Refused,
    Unavailable,
    UserError,
    WrongLogin,
)
from bot.domain.images.ports import ANONYMOUS
from bot.harbor.client import Harbor
from tests.harbor.conftest import login, settle
from tests.registry.served import served

# Harbor 1.x


@pytest.fixture
async def old(session):
    """A Harbor 1.x, as far as the contract tells."""
    from aiohttp import web

    met = []

    async def handle(request):
        met.append((request.method, request.rel_url.raw_path))
        match request.path:
            case "/api/systeminfo":
                return web.json_response(
                    {
                        "harbor_version": "v1.10.2-d0189bed",
                        "auth_mode": "db_auth",
                        "registry_url": "old.example.edu",
                    }
                )
            case "/api/search":
                found = ["lab/ml/torch", "lab/torchvision"] if request.query["q"] == "torch" else []
                return web.json_response(
                    {"repository": [{"repository_name": name} for name in found]}
                )
            case "/api/projects":
                return web.json_response(
                    [{"project_id": 69, "name": "lab"}, {"project_id": 70, "name": "lab2"}]
                )
            case "/api/repositories":
                assert request.query["project_id"] == "69"
                return web.json_response(
                    [{"name": "lab/ml/torch", "tags_count": 2}], headers={"X-Total-Count": "1"}
                )
            case "/api/repositories/lab/ml/torch/tags":
                return web.json_response([
                    {"digest": "sha256:" + "a" * 64, "name": "v1", "size": 10, "created": "2020-01-01T00:00:00.123456789Z", "labels": None},
                    {"digest": "sha256:" + "a" * 64, "name": "v2", "size": 10},
                ])  # fmt: skip
        return web.Response(status=404, text="404 page not found", content_type="text/plain")

    async with served(handle) as url:
        yield Harbor(session, url), met


async def test_15_harbor_1_is_recognised_read_and_never_written(old):
    harbor, met = old
    info = await harbor.info()
    assert info.legacy
    assert info.version.startswith("v1.10")
    assert [r.path for r in await harbor.repositories(ANONYMOUS, project="lab")] == ["lab/ml/torch"]
    found = await harbor.repositories(ANONYMOUS, word="ML, torch")
    assert [r.path for r in found] == ["lab/ml/torch"]
    with pytest.raises(UserError) as unknown:
        await harbor.quota("lab", ANONYMOUS)
    assert unknown.value.text.key == "harbor-too-old-know"
    artifact = await harbor.artifact("lab", "ml/torch", "v1", ANONYMOUS)
    assert artifact.names == ("v1",)
    for change in (
        harbor.delete_artifact(artifact, ANONYMOUS),
        harbor.delete_tag(artifact, "v1", ANONYMOUS),
    ):
        with pytest.raises(UserError) as refused:
            await change
        assert refused.value.text.key == "harbor-too-old"
    assert {method for method, _ in met} == {"GET"}


async def test_15_a_page_that_says_404_is_no_harbor_of_any_version(session):
    """Some proxies answer 404 in HTML: then version 1 must tell about itself in JSON."""
    from aiohttp import web

    old = False

    async def handle(request):
        if old and request.path == "/api/systeminfo":
            return web.json_response({"harbor_version": "v1.8.0", "with_clair": True})
        return web.Response(status=404, text="<html>not here</html>", content_type="text/html")

    async with served(handle) as url:
        with pytest.raises(Unavailable):
            await Harbor(session, url).info()
        old = True
        assert (await Harbor(session, url).info()).legacy


@pytest.mark.parametrize("status", [200, 401, 302, 500])
async def test_a_page_at_the_address_decides_nothing(session, status):
    from aiohttp import web

    async def handle(_request):
        return web.Response(status=status, text="<html>portal</html>", content_type="text/html")

    async with served(handle) as url:
        harbor = Harbor(session, url)
        with pytest.raises(Unavailable):
            await harbor.info()


# Rights, lockout, paging, odd answers


async def test_a_locked_account_is_left_alone_until_the_lock_is_off(session, emulator):
    ticks = [0.0]
    harbor = Harbor(session, emulator.url, clock=lambda: time.monotonic() + ticks[0])
    with pytest.raises(WrongLogin):
        await harbor.check(login("ann", "wrong"))
    began = time.monotonic()
    emulator.accounts.clock = time.monotonic  # the lock's time passes like ours now
    emulator.accounts._locked["ann"] = time.monotonic() + 1.5
    assert (await harbor.check(login("ann"))).kind == "user"
    assert 1.3 < time.monotonic() - began < 20


async def test_rights_and_what_they_do_not_allow(harbor, ann, mia):
    project = await harbor.project("lab", ann)
    assert "artifact:delete" not in await harbor.rights(project, ann)
    assert "artifact:delete" in await harbor.rights(project, mia)
    artifact = await harbor.artifact("lab", "ml/torch", "1.13", ann)
    with pytest.raises(Denied):
        await harbor.delete_artifact(artifact, ann)


async def test_a_missing_and_a_closed_project_look_the_same_but_to_admins(harbor, root):
    for name in ("lab", "nowhere"):
        with pytest.raises(Denied):
            await harbor.project(name, login("eve"))
    with pytest.raises(NotFound):
        await harbor.project("nowhere", root)


async def test_a_project_is_found_by_the_number_in_its_pages_address(harbor, emulator, ann):
    number = emulator.store.projects["lab"].id
    assert (await harbor.numbered(number, ann)).name == "lab"


async def test_a_part_of_an_index_is_found_by_its_digest(harbor, emulator, mia):
    emulator.index("lab/many", "v1", "linux/amd64", "linux/arm64")
    index = await harbor.artifact("lab", "many", "v1", mia)
    part = await harbor.artifact("lab", "many", index.children[1].digest, mia)
    assert part.digest == index.children[1].digest


async def test_pages_are_counted_where_the_server_tells_no_total(session):
    from aiohttp import web

    async def handle(request):
        if request.path == "/api/version":
            return web.json_response({"version": "v2.0"})
        page, size = int(request.query["page"]), int(request.query["page_size"])
        rows = [{"digest": f"sha256:{n:064x}", "tags": None} for n in range(250)]
        return web.json_response(rows[(page - 1) * size : page * size])

    async with served(handle) as url:
        found = [one async for one in Harbor(session, url).everything("lab", ANONYMOUS)]
    assert len({one.digest for one in found}) == len(found) == 250


@pytest.mark.slow
async def test_a_scan_of_ten_thousand_artifacts_takes_a_hundred_requests(harbor, emulator, mia):
    project = emulator.store.projects["lab"]
    emulator.image("lab/many", "v0")
    repository = project.repositories["many"]
    first = next(iter(repository.artifacts.values()))
    from dataclasses import replace

    for n in range(10_000):
        digest = f"sha256:{n:064x}"
        repository.artifacts[digest] = replace(first, id=1000 + n, digest=digest)
    emulator.requests.clear()
    emulator.world.now = emulator.clock
    count = 0
    async for _ in harbor.everything("lab", mia):
        count += 1
    assert count == 10_003
    assert len(emulator.requests) <= 110


async def test_an_older_server_is_scanned_by_repository(session, hand):
    emulator = HarborEmulator(clock=hand, project_lists=False)
    settle(emulator)
    await emulator.start()
    try:
        harbor = Harbor(session, emulator.url)
        found = [one async for one in harbor.everything("lab", login("mia"))]
        assert sorted(one.names for one in found) == [("1.12",), ("1.13", "stable")]
        assert (await harbor.pushers("lab", login("mia")))["lab/ml/torch:1.13"] == "ann"
    finally:
        await emulator.stop()


async def test_the_first_page_takes_at_most_three_requests(harbor, emulator, ann):
    for n in range(500):
        emulator.image(f"lab/repo-{n:03}", "v1")
    found = await harbor.repositories(ann, project="lab", size=10)
    assert found.total == 501
    assert len(emulator.requests) <= 3


async def test_a_search_may_have_several_words_and_signs_of_any_kind(harbor, emulator, ann):
    for n in range(12):
        emulator.image(f"lab/ml/torch-{n:02}", "v1")
    found = await harbor.repositories(ann, word="torch, LAB  ml", page=2, size=8)
    assert (len(found.items), found.total) == (5, 13)
    for words in ("torch,none", "c++", "100%", "[a~", "{", "\\", "x" * 5000):
        assert (await harbor.repositories(ann, word=words)).items == ()
    assert (await harbor.repositories(ann, word=" ,，")).total == 14


async def test_quota_pushers_and_scan_are_read(harbor, emulator, ann):
    emulator.store.projects["lab"].quota = 1 << 40
    quota = await harbor.quota("lab", ann)
    assert quota is not None
    assert 0 < quota.used_bytes < quota.limit_bytes == 1 << 40
    assert (await harbor.pushers("lab", ann))["lab/ml/torch:1.13"] == "ann"
    assert any("/auditlog-exts" in one.path for one in emulator.requests)
    artifact = await harbor.artifact("lab", "ml/torch", "1.12", ann)
    assert artifact.scan is not None
    assert artifact.scan.found[0] == ("Critical", 4)
    assert artifact.config is not None
    assert dict(artifact.config.env)["CUDA_VERSION"] == "11.3"


async def test_a_robot_is_made_shown_once_and_deleted(harbor, emulator, root):
    robot = await harbor.make_robot("lab", "pailot-ann", 30, root)
    assert robot.name == "robot$lab+pailot-ann"
    assert robot.secret not in repr(robot)
    assert (await harbor.check(login(robot.name, robot.secret))).kind == "robot"
    with pytest.raises(Refused):
        await harbor.make_robot("lab", "pailot-ann", 30, root)
    await harbor.delete_robot(robot.id, root)
    assert robot.name not in emulator.accounts.robots


async def test_garbage_collection_keeps_what_is_young(harbor, emulator, root, mia, hand):
    with pytest.raises(Denied):
        await harbor.start_gc(mia, dry_run=True)
    await harbor.delete_artifact(await harbor.artifact("lab", "ml/torch", "1.13", mia), mia)
    young = await harbor.gc(await harbor.start_gc(root, dry_run=False), root)
    assert (young.over, young.freed_bytes) == (True, 0)
    hand.now += 3 * 3600
    dry = await harbor.gc(await harbor.start_gc(root, dry_run=True), root)
    assert dry.dry_run
    assert dry.freed_bytes
    real = await harbor.gc(await harbor.start_gc(root, dry_run=False), root)
    assert real.freed_bytes == dry.freed_bytes


@pytest.mark.parametrize("kind", ["html", "cut", "silent"])
async def test_a_broken_harbor_is_unavailable_and_never_empty(harbor, emulator, ann, kind):
    await harbor.artifacts("lab", "ml/torch", ann)
    harbor._transport._call_seconds = 0.3
    emulator.faults.kind = kind
    with pytest.raises(Unavailable):
        await harbor.artifacts("lab", "ml/torch", ann)
    emulator.faults.kind = ""
    assert (await harbor.artifacts("lab", "ml/torch", ann)).total == 2


async def test_a_lost_connection_is_repeated_for_reading_only(harbor, emulator, root):
    await harbor.artifacts("lab", "ml/torch", root)
    emulator.faults.kind, emulator.faults.times = "cut", 1
    assert (await harbor.artifacts("lab", "ml/torch", root)).total == 2
    emulator.faults.times = 1
    with pytest.raises(Unavailable):
        await harbor.start_gc(root, dry_run=True)
    assert emulator.world.gc == []


async def test_at_most_four_requests_are_on_their_way(session):
    from aiohttp import web

    now, most = [0], [0]

    async def handle(request):
        now[0] += 1
        most[0] = max(most[0], now[0])
        await asyncio.sleep(0.02)
        now[0] -= 1
        if request.path == "/api/version":
            return web.json_response({"version": "v2.0"})
        return web.json_response([])

    async with served(handle) as url:
        harbor = Harbor(session, url)
        await harbor.projects(ANONYMOUS)
        async with asyncio.TaskGroup() as group:
            for _ in range(12):
                group.create_task(harbor.projects(ANONYMOUS))
    assert most[0] == 4
