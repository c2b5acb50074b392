"""Hostile text in every place a person can write: answered, shown as written, and never a crash."""

import random
import string
import sys
from contextlib import suppress

import pytest

from bot.demo.telegram import Group
from bot.demo.telegram.people.crowd import CannotWrite
from bot.openpai.yaml import read_protocol
from handlers import router
from tests.lab import IMAGE, Lab, Somebody

NASTY = (
    "<b>", "</b>", "<i><b></i>", "&", "&amp;", "&#0;", "&lt", "<", ">", "</pre>", "<a href='x'>",
    "<tg-spoiler>", "_", "*", "`", "```", "[", "](http://x)", "~", "|", "{", "}", "{ $name }", "%s",
    "\u202e", "\u200b", "\u2066", "\ufeff", "\x7f", "\u0301" * 9, "👩‍👩‍👧", "🇨🇳", "𝔘", "中文", "喆", "\n", "\t",
    "\\", "'", '"', "“", "’", "＝", "=", "==", "--", "—", "/", "//", "../", "@", "#", ";", "$(id)", "`id`",
    "' OR 1=1 --", "%_", "\\x00", "NULL", "nan", "1e999", "-1", "9" * 30, "٣", "½", "true", "x" * 400,
    "eyJ.a.b", "http://169.254.169.254/", "user~job", "~", "~~", "a~b~c", "@pailot_bot",
)  # fmt: skip
WORDS = (
    "name=",
    "image=",
    "gpu=",
    "note=",
    "env.A=",
    "since=",
    "vc=",
    "n=",
    "grep=",
    "now",
    "file",
    "quiet",
)
SEED = 20_261_124


def lines(count: int, seed: int) -> list[str]:
    """Made by a fixed seed, so that every run and worker tries the same."""
    luck = random.Random(seed)
    names = [*router.names, "start@pailot_bot", "JOBS", "", "x" * 40, "任务"]

    def word() -> str:
        kind = luck.randrange(5)
        if kind == 0:
            return luck.choice(WORDS) + luck.choice(NASTY)
        if kind == 1:
            return "".join(luck.choices(string.printable, k=luck.randrange(1, 12)))
        if kind == 2:
            points = (luck.randrange(32, sys.maxunicode) for _ in range(luck.randrange(1, 6)))
            return "".join(chr(p) for p in points if not 0xD800 <= p < 0xE000)
        return luck.choice(NASTY)

    made = []
    for _ in range(count):
        words = luck.choice((" ", "\n", "  ", "")).join(word() for _ in range(luck.randrange(1, 7)))
        made.append(words if luck.random() < 0.2 else f"/{luck.choice(names)} {words}")
    return made


async def caught_up(number: int, *people: Somebody) -> None:
    for one in people:
        await one.says(f"/zz{number}")
        await one.hears(f"/zz{number}", 120)


async def nothing_went_wrong(lab: Lab, *people: Somebody) -> None:
    """Each is still answered, and no answer spoke of an error of ours or lost its markup."""
    for one in people:
        await one.says("/help")
        await one.hears("我会做这些" if one.language == "zh" else "What I can do", 120)
    for one in people:
        broken = [
            said
            for said in one.said()
            if "Pailot 自己出错" in said or "Pailot itself failed" in said
        ]
        assert broken == []
    assert lab.complaints() == []


async def tries(who: Somebody, words: str, chat: Group | None = None) -> None:
    """Writes what Telegram lets anybody write."""
    with suppress(CannotWrite):
        await who.says(words, chat)


QUARTERS = [
    pytest.param(2500, SEED + n, marks=[pytest.mark.slow, pytest.mark.timeout(300)])
    for n in range(1, 5)
]
"""Ten thousand lines, in parts that can be tried side by side."""


@pytest.mark.parametrize(("count", "seed"), [(400, SEED), *QUARTERS])
async def test_hostile_lines_are_answered_by_everybodys_rights(
    lab, ann, stranger, group, count, seed
):
    for number, line in enumerate(lines(count, seed)):
        who = (ann, stranger)[number % 2]
        await tries(who, line, group if number % 5 == 0 and who is ann else None)
        if number % 500 == 499:  # what waits for an answer stays less than that
            await caught_up(number, ann, stranger)
    await nothing_went_wrong(lab, ann, stranger)


async def test_hostile_answers_to_questions_are_taken_as_answers(lab, bob, stranger):
    for words in NASTY[:40]:
        await stranger.says("/login")
        await tries(stranger, words)
        await tries(stranger, words)
        await bob.says("/alerts quiet " + words)
    await nothing_went_wrong(lab, bob, stranger)


async def test_hostile_names_of_people_and_groups_are_shown_as_they_are(lab, admin):
    name = "<b>&_*[`</b> {$x} 👩‍👩‍👧"
    person = lab.tg.person(name, username="hostile", language="en")
    somebody = Somebody(lab, person, "en")
    assert f"Hello {person.name}!" in await somebody.asks("/start")
    group = lab.tg.group(name, members=[person, admin.tg])
    assert "本群可以使用我了" in await admin.asks("/allow", group)
    choice = await somebody.asks("/lang", group)
    answer = await admin.taps("English", choice)
    assert person.name[:20] in answer.text


@pytest.mark.parametrize("option", ["note", "name", "image", "vc", "sku", "env.A"])
async def test_hostile_values_reach_preview_and_protocol_unharmed(lab, bob, option):
    for value in (
        "<b>&_*[`</b>",
        "{ $note } %s \\",
        "a: b # c",
        "'\"",
        "!!python/object",
        "- x",
        "& *",
    ):
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        options = {"image": IMAGE, "name": "x"} | {option: quoted}
        line = " ".join(f'{key}="{said}"' for key, said in options.items())
        said = await bob.asks(f"/run {line} python x")
        assert "Preview" in said
        assert (value in said) or option == "env.A", said.text
        file = (await bob.presses("YAML", said)).document
        assert read_protocol(file.content)["taskRoles"]
    await nothing_went_wrong(lab, bob)
