"""What else is made of a dataclass of arguments: the usage of a command, the payload of a button."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.chat.arguments import Rest, Size, dump, load, usage
from bot.chat.reply import Reply
from bot.chat.router import Router
from bot.domain.text import Text
from bot.i18n import Catalogue
from tests.chat.argument_samples import (
    JobsArgs,
    LoginArgs,
    LogsArgs,
    MoreArgs,
    PathsArgs,
    RunArgs,
    Stream,
)

CATALOGUE = Catalogue.load()


def test_the_usage_is_made_from_the_fields():
    lines = usage(LogsArgs, "logs")
    assert [CATALOGUE.label(line, "en") for line in lines] == [
        "Usage: /logs [NAME] [stdout|stderr|all] [n=50] [grep=…] [follow] [file] [attempt=1]"
    ]
    assert CATALOGUE.label(usage(LoginArgs, "/login")[0], "en") == (
        "Usage: /login openpai|harbor USER PASSWORD…"
    )
    assert CATALOGUE.label(usage(PathsArgs, "rm")[0], "zh") == "用法：/rm PATHS…"
    assert CATALOGUE.label(usage(RunArgs, "run")[0], "en") == (
        "Usage: /run [now] [image=…] [gpu=0] [mem=32G] [note=…] [env.X=…] [COMMAND…]"
    )


def test_the_usage_says_what_a_field_is_about():
    (_, note) = usage(RunArgs, "run")
    assert note == Text(
        "usage-field-alias", {"name": "note", "alias": "备注", "about": Text("job-state")}
    )


@pytest.mark.parametrize(
    ("value", "payload"),
    [
        (LogsArgs(), {}),
        (LogsArgs("a", Stream.STDERR, n=3), {"job": "a", "stream": "stderr", "n": 3}),
        (
            JobsArgs((Stream.ALL,), timedelta(hours=1)),
            {"state": '["all"]', "since": 3600.0},
        ),
        (RunArgs(mem=Size(5), env={"A": "字"}), {"mem": 5, "env": '{"A": "字"}'}),
        (LoginArgs("openpai", "", Rest("x")), {"system": "openpai", "user": "", "password": "x"}),
        (MoreArgs(1.5, keep=False), {"ratio": 1.5, "keep": False}),
    ],
)
def test_a_payload_comes_back_as_it_went(value, payload):
    assert dump(value) == payload
    assert load(type(value), payload) == value


def test_a_payload_from_another_version_is_read_as_far_as_it_goes():
    assert load(LogsArgs, {"job": "a", "gone": 1}) == LogsArgs("a")


@pytest.mark.parametrize(
    ("cls", "payload"),
    [
        (LogsArgs, {"n": "3"}),
        (LogsArgs, {"n": True}),
        (LogsArgs, {"follow": 1}),
        (LogsArgs, {"stream": "nowhere"}),
        (LogsArgs, {"job": 3}),
        (JobsArgs, {"state": "all"}),
        (JobsArgs, {"state": '{"a": 1}'}),
        (JobsArgs, {"since": "1h"}),
        (RunArgs, {"env": "[1]"}),
        (LoginArgs, {"system": "openpai"}),
        (LoginArgs, {"system": "x", "user": "a", "password": "b"}),
        (MoreArgs, {"ratio": True}),
    ],
)
def test_a_payload_that_fits_no_longer_is_refused(cls, payload):
    with pytest.raises(ValueError):
        load(cls, payload)


def test_a_field_no_word_can_become_is_the_author_s_mistake():
    @dataclass(frozen=True, slots=True)
    class Odd:
        what: dict[str, set[int]]

    @dataclass(frozen=True, slots=True)
    class Either:
        what: int | str = 0

    for cls in (Odd, Either):
        with pytest.raises(TypeError, match="what"):
            usage(cls, "odd")


def test_none_that_is_no_default_is_not_dumped_as_something_else():
    @dataclass(frozen=True, slots=True)
    class Page:
        size: int | None = 5

    with pytest.raises(TypeError, match="size"):
        dump(Page(None))


async def nothing(_ask):
    return Reply()


def test_two_handlers_for_one_thing_are_refused():
    one, other = Router(), Router()
    for router in (one, other):
        router.document()(nothing)
    with pytest.raises(ValueError, match="twice"):
        Router(one, other)
