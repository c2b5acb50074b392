"""Command lines: the name ends where Telegram ends it, and what follows stays as it was written."""

import pytest

from bot.chat.answering.line import split


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("/jobs", ("jobs", "", "")),
        ("/JOBS@Pailot_bot running", ("jobs", "pailot_bot", "running")),
        ("/run \n  python x", ("run", "", "\n  python x")),
        ("/run\n\tpython x\n", ("run", "", "\tpython x\n")),
        # Spaces of Chinese keyboards, tabs and what pages are copied with end a name as well.
        ("/login\u3000openpai ann pw", ("login", "", "openpai ann pw")),
        ("/login@pailot_bot\tann pw", ("login", "pailot_bot", "ann pw")),
        ("/login\u00a0ann", ("login", "", "ann")),
        ("／jobs　running", ("jobs", "", "running")),
        # So does another script, for Telegram too: `/jobs` is what it shows as a command.
        ("/jobs失败", ("jobs", "", "失败")),
        ("/login，ann pw", ("login", "", "，ann pw")),
        # A path is no command with something behind it.
        ("/data/train.py x", ("data/train.py", "", "x")),
        ("/jobs-x", ("jobs-x", "", "")),
        ("/任务 失败", ("任务", "", "失败")),
        ("/", ("", "", "")),
        ("/ jobs", ("", "", "jobs")),
        ("jobs", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_line_is_a_name_a_bot_and_the_rest(words: str, found: tuple[str, str, str]) -> None:
    assert split(words) == found
