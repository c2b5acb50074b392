"""What a client of Harbor gets wrong otherwise: one test at least for each trap of contracts/harbor.md, section 0.

1   `%252F`                       test_1_a_slash_in_a_repository_is_escaped_twice_on_the_wire, test_1_other_escapes_are_what_harbor_makes_of_them,
                                  test_nginx_breaks_what_is_escaped_once, test_repositories_of_three_parts_are_listed_read_and_changed
2   delete by tag                 test_2_one_tag_goes_and_the_others_stay, test_a_deletion_shows_all_tags_and_takes_only_the_named_one
3,4 copy and create tag           test_3_and_4_copies_and_tags_never_use_the_calls_that_move_others
5   cookies and CSRF              test_5_no_cookie_comes_back_and_writes_need_no_csrf_token
6   anonymous instead of 401      test_6_a_wrong_password_is_told_and_not_taken_for_an_empty_harbor, test_6_users_robots_and_wrong_logins_are_told_apart,
                                  test_a_locked_account_is_left_alone_until_the_lock_is_off, test_a_login_that_was_refused_is_never_tried_twice
7   OIDC CLI secret               test_7_a_cli_secret_is_known_and_sees_details_by_the_list, test_7_a_cli_secret_browses_and_scans_by_the_lists_that_are_open_to_it
8   `q` and `sort`                test_8_times_are_written_so_that_harbor_reads_them, test_8_an_unknown_key_or_order_is_never_sent,
                                  test_8_a_search_for_plus_signs_finds_them, test_8_what_a_filter_let_through_is_judged_again
9   GET counts as a pull          test_9_looking_is_no_pull, test_checking_a_job_is_no_pull
10  four types in Accept          test_10_images_of_every_type_are_there, test_all_four_types_are_accepted_and_no_cookie_comes_back,
                                  test_a_look_is_the_recorded_head_with_all_four_types
11  `access_token: ""`, no POST   test_11_tokens_are_read_where_they_are, test_the_token_is_read_from_its_own_field, test_tokens_are_fetched_used_and_kept
12  webhooks                      test_the_secret_opens_with_and_without_bearer_and_nothing_else_does, test_an_event_is_told_once_however_often_it_comes,
                                  test_a_burst_is_answered_soon_and_loses_none
13  quota is not disk             test_garbage_collection_keeps_what_is_young, test_garbage_is_counted_first_and_then_collected
14  412 three times               test_14_the_three_meanings_of_412, test_what_goes_wrong_is_told_as_what_it_is
15  Harbor 1.x                    test_15_harbor_1_is_recognised_read_and_never_written, test_15_a_page_that_says_404_is_no_harbor_of_any_version
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.demo.harbor import HarborEmulator
from bot.domain.errors import (
    NotFound,
    TokenRefused,
    Unavailable,
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


def test_every_test_of_the_table_is_there():
    written = "".join(
        path.read_text("utf-8") for path in Path(__file__).parents[1].rglob("test_*.py")
    )
    for name in re.findall(r"\btest_\w+", __doc__ or ""):
        assert f"def {name}(" in written, name


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
    pulls = emulator.store.projects["lab"].repositories["ml/torch"].pulls
    await registries.tag(image, "1.12", ann)
    assert emulator.store.projects["lab"].repositories["ml/torch"].pulls == pulls
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


async def test_7_a_cli_secret_browses_and_scans_by_the_lists_that_are_open_to_it(session, hand):
    """All repositories, and all artifacts of a project, are closed to it: it would see the public ones only."""
    emulator = HarborEmulator(clock=hand, auth_mode="oidc_auth")
    settle(emulator)
    emulator.image("lab/newer", "v1")
    await emulator.start()
    try:
        harbor, ann = Harbor(session, emulator.url), login("ann")
        found = await harbor.repositories(ann)
        assert {one.path for one in found} == {"lab/ml/torch", "lab/newer", "public/base"}
        assert found.total == 3
        assert [one.path for one in await harbor.repositories(ann, word="torch")] == [
            "lab/ml/torch"
        ]
        assert len((await harbor.repositories(ann, page=2, size=2)).items) == 1
        seen = {one.path async for one in harbor.everything("lab", ann)}
        assert seen == {"lab/ml/torch", "lab/newer"}
        artifact = await harbor.artifact("lab", "ml/torch", "1.13", ann)
        assert artifact.config is not None  # details come with the list
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


async def test_8_what_a_filter_let_through_is_judged_again(session):
    """A server that ignores the filter sends everything; what does not fit is never taken for it."""
    rows = [
        {"digest": f"sha256:{n:064x}", "push_time": f"20{n:02}-01-01T00:00:00.000Z", "repository_name": "lab/x",
         "tags": [{"name": f"v{n}"}]}
        for n in range(20, 26)
    ]  # fmt: skip

    async def handle(request):
        if request.path == "/api/version":
            return web.json_response({"version": "v2.0"})
        if request.path.endswith("/repositories"):
            return web.json_response([{"name": "lab/x"}, {"name": "lab/other"}])
        return web.json_response(rows)

    async with served(handle) as url:
        harbor = Harbor(session, url)
        limit = datetime(2022, 6, 1, tzinfo=UTC)
        found = [one.names async for one in harbor.everything("lab", ANONYMOUS, limit)]
        assert found == [("v20",), ("v21",), ("v22",)]
        assert [r.name for r in await harbor.repositories(ANONYMOUS, word="oth")] == ["other"]
        with pytest.raises(NotFound):
            await harbor.artifact("lab", "x", "v99", ANONYMOUS)


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
