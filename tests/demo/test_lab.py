"""The lab as whoever runs the demo meets it: folder, port, state, controls, breakages, reset."""

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession

from bot.__main__ import main
from bot.demo.breakages import BREAKAGES
from bot.demo.cast import EVERYBODY, STUDENT
from bot.demo.lab import Lab, LabError
from bot.demo.tour import STEPS
from bot.demo.words import language_of
from bot.demo.zone import zone_here
from bot.settings import NEEDED_BY_RUN, load

STATIC = Path(__file__).parents[2] / "bot/demo/telegram/static"


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[Lab]:
    lab = Lab(tmp_path / "demo", 0, language="en")
    await lab.start()
    yield lab
    await lab.stop()


async def ask(
    lab: Lab, path: str, body: dict[str, Any] | None = None, **headers: str
) -> tuple[int, Any]:
    async with ClientSession() as session:
        if body is None:
            request = session.get(f"{lab.chat_url}{path}")
        else:
            request = session.post(f"{lab.chat_url}{path}", json=body, headers=headers)
        async with request as response:
            return response.status, await response.json()


async def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(LabError, match=rf"^port {port} is taken by another program; .*--port"):
            await Lab(tmp_path / "demo", port).start()
    lab = Lab(tmp_path / "demo", port)
    await lab.start()
    await lab.stop()


async def test_a_folder_in_use_is_one_clear_line(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(LabError, match="is in use by another demo"):
        await Lab(tmp_path / "demo", 0).start()


@pytest.mark.parametrize("made", ["file", "below a file"])
async def test_a_folder_that_cant_be_made_is_one_clear_line(tmp_path: Path, made: str) -> None:
    file = tmp_path / "file"
    file.write_text("")
    path = file if made == "file" else file / "demo"
    with pytest.raises(LabError, match=r"can't be written: (file exists|not a directory)"):
        await Lab(path, 0).start()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cant_be_written_is_one_clear_line(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    with pytest.raises(LabError, match="can't be written: permission denied"):
        await Lab(shut, 0).start()


async def test_it_remembers_chats_people_tour_and_keys_over_a_restart(tmp_path: Path) -> None:
    first = Lab(tmp_path, 0, language="en")
    await first.start()
    await first.scene.student.sends("/start and remember me")
    first.tour.done.add("link")
    first.look()
    (tmp_path / "tour.json").write_text('["link"]')
    told = first.settings_environ()
    await first.stop()

    second = Lab(tmp_path, 0, language="en")
    await second.start()
    try:
        assert second.scene.student.id == first.scene.student.id
        assert second.scene.group.id == first.scene.group.id
        assert second.tour.done == {"link"}
        stored = second.tg.telegram.state.messages[second.scene.student.id].values()
        assert [one.text for one in stored] == ["/start and remember me"]
        again = second.settings_environ()
        for name in ("TELEGRAM__TOKEN", "SECRETS__KEYS", "TELEGRAM__ADMINS", "OPENPAI__TOKEN"):
            assert again[f"PAILOT_{name}"] == told[f"PAILOT_{name}"]
    finally:
        await second.stop()


async def test_the_group_has_talked_in_the_language_of_the_first_visitor(tmp_path: Path) -> None:
    lab = Lab(tmp_path / "demo", 0)
    await lab.start()
    try:
        group = lab.tg.telegram.state.messages[lab.scene.group.id]
        assert not any(one.text for one in group.values())
        async with ClientSession() as session:
            async with session.get(lab.chat_url) as page:  # a script that waits for it
                assert page.status == 200
            for languages in (
                "zh-CN,zh;q=0.9,en;q=0.8",
                "en-GB",
            ):  # who comes later changes nothing
                async with session.get(
                    lab.chat_url, headers={"Accept-Language": languages}
                ) as page:
                    assert page.status == 200
        said = [one.text for one in group.values()]
        assert said.count("/lang@pailot_bot zh") == 1
        assert "/lang@pailot_bot en" not in said
        assert lab.scene.student.user.language_code == "zh-hans"
    finally:
        await lab.stop()


async def test_its_settings_are_enough_to_run_a_bot(lab: Lab, tmp_path: Path) -> None:
    settings = load(environ=lab.settings_environ(), cwd=tmp_path, needed=NEEDED_BY_RUN)
    assert settings.telegram.admins == (lab.admin_id,)
    assert settings.openpai.url == lab.openpai_url
    assert settings.web.port > 0


async def test_a_reset_forgets_everything_and_keeps_the_address(lab: Lab, tmp_path: Path) -> None:
    before, born = lab.chat_url, lab.born
    await lab.scene.student.sends("/start")
    (tmp_path / "demo/pailot.db").write_text("the bot's")
    status, answer = await ask(lab, "lab/reset", {})
    assert (status, answer) == (200, {"born": born})
    async with asyncio.timeout(20):
        await lab.reset_asked()
    await lab.reset()
    assert lab.chat_url == before
    assert lab.born != born
    assert not (tmp_path / "demo/pailot.db").exists()
    assert not lab.tg.telegram.state.messages[lab.scene.student.id]


async def test_the_lab_is_alive_and_short_of_gpus(lab: Lab) -> None:
    await lab.pai.advance(900)
    _, seen = await ask(lab, "lab/state")
    assert {pool["name"] for pool in seen["cluster"]["pools"]} == {"default", "research", "cpu"}
    assert sum(pool["used"] for pool in seen["cluster"]["pools"]) > 4
    assert {job["user"] for job in seen["cluster"]["jobs"]} <= {role.account for role in EVERYBODY}
    assert len(lab.pai.jobs()) > 10


async def test_time_can_be_sped_up_and_stopped(lab: Lab) -> None:
    assert (await ask(lab, "lab/speed", {"speed": 60}))[1]["speed"] == 60
    assert (await ask(lab, "lab/pause", {"paused": True}))[1]["paused"] is True
    then = lab.pai.now()
    await asyncio.sleep(0.05)
    assert lab.pai.now() == then
    assert (await ask(lab, "lab/pause", {"paused": False}))[1]["paused"] is False
    for wrong in (0, 61, "nan", "fast"):
        status, answer = await ask(lab, "lab/speed", {"speed": wrong})
        assert status == 400
        assert answer["error"]


@pytest.mark.parametrize("breakage", [one.id for one in BREAKAGES])
async def test_what_breaks_is_shown_and_mended(lab: Lab, breakage: str) -> None:
    def active(seen: Any) -> list[str]:
        return [one["id"] for one in seen["breakages"] if one["active"]]

    _, seen = await ask(lab, "lab/break", {"id": breakage, "on": True})
    assert active(seen) == [breakage]
    again = await ask(lab, "lab/break", {"id": breakage, "on": True})
    assert active(again[1]) == [breakage]
    async with ClientSession() as session:
        trouble = 0
        for url in (
            f"{lab.telegram_url}/bot{lab.bot_token}/getMe",
            f"{lab.openpai_url}/rest-server/api/v2/info",
        ):
            try:
                async with session.get(url) as response:
                    trouble += response.status >= 400
            except (ClientError, OSError):
                trouble += 1
    assert trouble == (breakage in ("telegram", "unauthorized", "gateway"))
    _, seen = await ask(lab, "lab/break", {"id": breakage, "on": False})
    assert active(seen) == []
    assert not lab.tg.faults.is_away()
    assert not lab.pai.cluster.world.life.occupancy.down


async def test_pages_of_other_sites_may_not_touch_the_lab(lab: Lab) -> None:
    status, answer = await ask(lab, "lab/reset", {}, Origin="https://evil.example.edu")
    assert (status, answer) == (400, {"error": "this page belongs to another site"})


async def test_a_step_says_what_did_not_come(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.demo.scene.ANSWER_SECONDS", 0.2)
    monkeypatch.setattr("bot.demo.scene.Scene.until.__defaults__", (0.2,))
    monkeypatch.setattr("bot.demo.scene.Scene.ask.__defaults__", (0.2,))
    status, answer = await ask(lab, "lab/tour/do", {"step": "link", "language": "zh"})
    assert (status, answer) == (504, {"error": "/login: …"})
    assert lab.scene.student.user.language_code == "zh-hans"
    assert (await ask(lab, "lab/tour/do", {"step": "nonsense"}))[0] == 400


async def test_a_step_ticks_once_it_happened_and_stays(lab: Lab) -> None:
    lab.look()
    assert lab.tour.done == set()
    token = lab.pai.token(STUDENT.account)
    lab.look()
    assert lab.tour.done == {"link"}
    lab.pai.cluster.tokens.revoke(token)
    lab.look()
    assert lab.tour.done == {"link"}


def test_every_text_of_the_tour_and_the_lab_is_there_in_both_languages() -> None:
    for words in [w for step in STEPS for w in (step.title, step.text)] + [
        w for one in BREAKAGES for w in (one.title, one.text)
    ]:
        assert words["en"].strip()
        assert re.search(r"[\u4e00-\u9fff]|Telegram", words["zh"])


def test_the_pages_dictionaries_have_the_same_keys_and_gaps() -> None:
    def book(name: str) -> dict[str, set[str]]:
        text = (STATIC / f"js/core/{name}.js").read_text()
        found = re.findall(r'^  "([\w-]+)": "((?:[^"\\]|\\.)*)",$', text, re.MULTILINE)
        return {key: set(re.findall(r"\{(\w+)\}", words)) for key, words in found}

    english, chinese = book("en"), book("zh")
    assert len(english) > 100
    assert english == chinese


def test_the_pages_words_are_all_used() -> None:
    code = "".join(
        file.read_text() for file in STATIC.rglob("*.js") if file.stem not in ("en", "zh")
    )
    keys = re.findall(r'^  "([\w-]+)": ', (STATIC / "js/core/en.js").read_text(), re.MULTILINE)
    made = ("role-", "action-", "live-", "key-")
    assert [
        key
        for key in keys
        if f'"{key}"' not in code
        and not key.startswith(made)
        and key not in ("tour", "lab", "about")
    ] == []


@pytest.mark.parametrize(
    ("locale", "language"), [("zh_CN.UTF-8", "zh"), ("zh-Hant", "zh"), ("en_GB", "en"), ("", "en")]
)
def test_the_demos_language_follows_the_locale(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_the_demo_lives_in_the_computers_own_time_zone(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert zone_here({"TZ": ":Europe/Berlin"}, link) == "Europe/Berlin"
    assert zone_here({}, link) == "Asia/Tokyo"
    assert zone_here({"TZ": "CST-8"}, link) == "Asia/Tokyo"
    assert zone_here({}, tmp_path / "none") == "UTC"


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_a_port_that_is_none_is_said_before_anything_is_begun(port, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", f"--port={port}"])
    assert ended.value.code == 2
    assert "argument --port" in capsys.readouterr().err
