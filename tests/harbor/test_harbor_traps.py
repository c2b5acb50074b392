"""What a client of Harbor gets wrong otherwise: one test for each trap of contracts/harbor.md, section 0."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from yarl import URL

from bot.demo.harbor import HarborEmulator
from bot.domain.errors import (
    Denied,
    NotFound,
    Refused,
    TokenRefused,
    Unavailable,
    UserError,
    WrongLogin,
)
from bot.domain.images.errors import Blocked, Immutable, Referenced
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.harbor import paths
from bot.harbor.client import Harbor
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.harbor.conftest import login, settle
from tests.registry.served import served


def sent(emulator):
    return [(one.method, one.path) for one in emulator.requests]


async def test_1_a_slash_in_a_repository_is_escaped_twice_on_the_wire(harbor, emulator, ann):
    found = await harbor.artifacts("lab", "ml/torch", ann)
    assert found.total == 2
    assert any("/repositories/ml%252Ftorch/artifacts" in path for _, path in sent(emulator))


@pytest.mark.parametrize(("escaped", "status"), [("ml/torch", 404), ("ml%2Ftorch", 404), ("ml%252Ftorch", 200), ("ml%25252Ftorch", 200)])  # fmt: skip
async def test_1_other_escapes_are_what_harbor_makes_of_them(emulator, session, escaped, status):
    url = URL(
        f"{emulator.url}/api/v2.0/projects/lab/repositories/{escaped}/artifacts", encoded=True
    )
    async with session.get(
        url, headers={"Authorization": aiohttp.encode_basic_auth("root", "Root-password1")}
    ) as answer:
        assert answer.status == status
        if escaped == "ml%25252Ftorch":
            assert await answer.json() == []


async def test_2_one_tag_goes_and_the_others_stay(harbor, emulator, mia):
    artifact = await harbor.artifact("lab", "ml/torch", "1.13", mia)
    await harbor.delete_tag(artifact, "stable", mia)
    assert (await harbor.artifact("lab", "ml/torch", "1.13", mia)).names == ("1.13",)
    await harbor.delete_artifact(artifact, mia)
    assert emulator.artifact("lab/ml/torch", artifact.digest) is None
    assert emulator.artifact("lab/ml/torch", "1.12") is not None


async def test_3_and_4_copies_and_tags_never_use_the_calls_that_move_others(session, emulator, ann):
    registries = RegistryClient(session, [Place("harbor", URL(emulator.url))])
    image = Reference(emulator.host, "lab/ml/torch", "1.13")
    copied = await registries.copy(
        image, Reference(emulator.host, "lab/copy", "mine"), source_as=ann, target_as=ann
    )
    assert copied.sent_bytes == 0
    assert list(emulator.store.projects["lab"].repositories["copy"].tags) == ["mine"]
    await registries.tag(image, "1.12", ann)
    assert emulator.artifact("lab/ml/torch", "1.12") is emulator.artifact("lab/ml/torch", "1.13")
    assert not any(path.startswith("/api/") for _, path in sent(emulator))


async def test_5_no_cookie_comes_back_and_writes_need_no_csrf_token(harbor, emulator, session, mia):
    artifact = await harbor.artifact("lab", "ml/torch", "1.13", mia)
    await harbor.delete_tag(artifact, "stable", mia)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        wrong = Harbor(browser, emulator.url)
        await wrong.artifact("lab", "ml/torch", "1.13", mia)
        with pytest.raises(Unavailable):
            await wrong.delete_tag(artifact, "1.13", mia)


async def test_6_a_wrong_password_is_told_and_not_taken_for_an_empty_harbor(harbor, emulator):
    with pytest.raises(TokenRefused):
        await harbor.repositories(login("ann", "wrong"), project="public")
    assert [r.path for r in await harbor.repositories(ANONYMOUS)] == ["public/base"]


async def test_6_users_robots_and_wrong_logins_are_told_apart(harbor, emulator, hand):
    assert (await harbor.check(login("ann"))).kind == "user"
    assert (await harbor.check(login("root", "Root-password1"))).admin
    robot = emulator.robot("lab", "ci", "repository:pull", days=1)
    assert (await harbor.check(login(robot.name, robot.secret))).kind == "robot"
    hand.now += 2 * 86400
    with pytest.raises(WrongLogin):  # expired
        await harbor.check(login(robot.name, robot.secret))


async def test_7_a_cli_secret_is_known_and_sees_details_by_the_list(session, hand):
    emulator = HarborEmulator(clock=hand, auth_mode="oidc_auth")
    settle(emulator)
    await emulator.start()
    try:
        harbor = Harbor(session, emulator.url)
        assert (await harbor.check(login("ann"))).kind == "oidc"
        assert (await harbor.artifact("lab", "ml/torch", "1.13", login("ann"))).digest
        with pytest.raises(WrongLogin):
            await harbor.check(login("ann", "wrong"))
    finally:
        await emulator.stop()


async def test_8_times_are_written_so_that_harbor_reads_them(harbor, emulator, mia, hand):
    year_ago = datetime.fromtimestamp(hand.now, UTC) - timedelta(days=365)
    found = [one async for one in harbor.everything("lab", mia, year_ago)]
    assert [one.names for one in found] == [("1.12",)]
    assert any("push_time%3D%5B~2025" in one.query for one in emulator.requests)


def test_8_an_unknown_key_or_order_is_never_sent():
    for wrong in ({"push_tme": "[~x]"}, {"name": "a,b"}, {"name": ""}):
        with pytest.raises(ValueError):
            paths.filters(wrong)
    with pytest.raises(ValueError):
        paths.sort("pushed")
    assert paths.filters({"name": "~c++"}) == "name=~c%2B%2B"


async def test_8_a_search_for_plus_signs_finds_them(harbor, emulator, mia):
    emulator.image("public/c", "v1")
    repositories = emulator.store.projects["public"].repositories
    repositories["lib.c++"] = repositories.pop("c")
    repositories["lib.c++"].name = "lib.c++"
    found = await harbor.repositories(ANONYMOUS, word="c++")
    assert [one.name for one in found] == ["lib.c++"]


async def test_9_looking_is_no_pull(harbor, emulator, session, ann):
    registries = RegistryClient(session, [Place("harbor", URL(emulator.url))])
    image = Reference(emulator.host, "lab/ml/torch", "1.13")
    before = emulator.store.projects["lab"].repositories["ml/torch"].pulls
    await registries.look(image, ann)
    artifact = await harbor.artifact("lab", "ml/torch", "1.13", ann)
    assert await harbor.history(artifact, ann) == ("RUN apt install nfs-common",)
    assert emulator.store.projects["lab"].repositories["ml/torch"].pulls == before
    assert artifact.pulled_at is None
    await registries.manifest(image, ann)
    assert emulator.store.projects["lab"].repositories["ml/torch"].pulls == before + 1


async def test_10_images_of_every_type_are_there(emulator, session, ann):
    registries = RegistryClient(session, [Place("harbor", URL(emulator.url))])
    digest = emulator.index("lab/many", "v1", "linux/amd64", "linux/arm64")
    assert (await registries.look(Reference(emulator.host, "lab/many", "v1"), ann)).digest == digest


async def test_11_tokens_are_read_where_they_are(emulator, session, ann):
    registries = RegistryClient(session, [Place("harbor", URL(emulator.url))])
    await registries.tags(Reference(emulator.host, "lab/ml/torch"), ann)
    assert ("GET", "/service/token") in sent(emulator)


async def test_14_the_three_meanings_of_412(harbor, emulator, session, mia):
    emulator.store.projects["lab"].immutable.append(("ml/*", "1.13"))
    fixed = await harbor.artifact("lab", "ml/torch", "1.13", mia)
    assert any(tag.immutable for tag in fixed.tags)
    with pytest.raises(Immutable) as refused:
        await harbor.delete_artifact(fixed, mia)
    assert refused.value.tag == "1.13"
    emulator.index("lab/many", "v1", "linux/amd64")
    index = await harbor.artifact("lab", "many", "v1", mia)
    (child,) = [
        one async for one in harbor.everything("lab", mia) if one.digest == index.children[0].digest
    ] or [None]
    held = child or type(index)("lab", "many", index.children[0].digest)
    with pytest.raises(Referenced):
        await harbor.delete_artifact(held, mia)
    emulator.store.projects["lab"].blocked = True
    registries = RegistryClient(session, [Place("harbor", URL(emulator.url))])
    with pytest.raises(Blocked):
        await registries.look(Reference(emulator.host, "lab/ml/torch", "1.12"), mia)


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
    assert 1.3 < time.monotonic() - began < 4


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
    finally:
        await emulator.stop()


async def test_the_first_page_takes_at_most_three_requests(harbor, emulator, ann):
    for n in range(500):
        emulator.image(f"lab/repo-{n:03}", "v1")
    found = await harbor.repositories(ann, project="lab", size=10)
    assert found.total == 501
    assert len(emulator.requests) <= 3


async def test_quota_pushers_and_scan_are_read(harbor, emulator, ann):
    emulator.store.projects["lab"].quota = 1 << 40
    quota = await harbor.quota("lab", ann)
    assert quota is not None
    assert 0 < quota.used_bytes < quota.limit_bytes == 1 << 40
    assert (await harbor.pushers("lab", ann))["lab/ml/torch:1.13"] == "ann"
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
