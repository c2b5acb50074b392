"""Words into dataclasses, and what is said when they don't fit."""

from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.chat.answering.line import split
from bot.chat.arguments import Rest, Size, parse
from bot.domain.errors import UserError
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


def refused(cls, raw):
    with pytest.raises(UserError) as refusal:
        parse(cls, raw, "cmd")
    return refusal.value.text


def said(cls, raw, language="en"):
    return CATALOGUE.label(refused(cls, raw), language)


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\u00a0", "\u3000"])
def test_a_command_ends_at_any_blank_and_the_rest_stays_as_it_is(blank):
    assert split(f"/Image@lab_bot{blank} a  b\n") == ("image", "lab_bot", " a  b\n")
    assert split(f"/image{blank}") == split("/image") == ("image", "", "")
    assert split(f"image{blank}x") == split(f"{blank}/image") == ("", "", "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", LogsArgs()),
        ("  \n\u3000 ", LogsArgs()),
        ("train", LogsArgs("train")),
        ("train stderr", LogsArgs("train", Stream.STDERR)),
        ("stderr train", LogsArgs("train", Stream.STDERR)),
        ("train STDERR follow", LogsArgs("train", Stream.STDERR, follow=True)),
        ("follow", LogsArgs(follow=True)),
        ("跟踪 train", LogsArgs("train", follow=True)),
        ('"follow" file', LogsArgs("follow", file=True)),
        ("file file", LogsArgs("file", file=True)),
        ("job=all", LogsArgs("all")),
        ("train n=7 grep='a b'", LogsArgs("train", n=7, grep="a b")),
        ("train 行数＝７", LogsArgs("train", n=7)),
        ("train grep=“loss = 3”", LogsArgs("train", grep="loss = 3")),
        ("train grep=don't", LogsArgs("train", grep="don't")),
        ("train grep=", LogsArgs("train")),
        ("train 2", LogsArgs("train", attempt=2)),
        ("follow=off", LogsArgs()),
        ("-- follow", LogsArgs("follow")),
        ("-- n=3", LogsArgs("n=3")),
        ("lr=0.1", LogsArgs("lr=0.1")),
        ("bob~x", LogsArgs("bob~x")),
    ],
)
def test_words_find_their_fields(raw, expected):
    assert parse(LogsArgs, raw, "logs") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("stdout", JobsArgs((Stream.STDOUT,))),
        ("stdout stderr", JobsArgs((Stream.STDOUT, Stream.STDERR))),
        ("stdout,stderr", JobsArgs((Stream.STDOUT, Stream.STDERR))),
        ("state=stdout，stderr、all", JobsArgs((Stream.STDOUT, Stream.STDERR, Stream.ALL))),
        ("标准错误", JobsArgs((Stream.STDERR,))),
        ("since=2d x", JobsArgs(since=timedelta(days=2), text="x")),
        ("1h30m", JobsArgs(since=timedelta(minutes=90))),
        ("2天", JobsArgs(since=timedelta(days=2))),
        ("resnet", JobsArgs(text="resnet")),
    ],
)
def test_lists_choices_and_durations_are_read(raw, expected):
    assert parse(JobsArgs, raw, "jobs") == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("python x.py", RunArgs(command=Rest("python x.py"))),
        ("now python now", RunArgs(now=True, command=Rest("python now"))),
        (
            "image=a/b:c gpu=2 mem=32G note=消融3 python /mnt/x.py  --lr  1e-3 ",
            RunArgs(
                image="a/b:c",
                gpu=2,
                mem=Size(32 << 30),
                note="消融3",
                command=Rest("python /mnt/x.py  --lr  1e-3 "),
            ),
        ),
        ("镜像＝a 显卡=2 内存=500m x", RunArgs(False, "a", 2, Size(500 << 20), command=Rest("x"))),
        (
            "gpu=1 CUDA_VISIBLE_DEVICES=0 python",
            RunArgs(gpu=1, command=Rest("CUDA_VISIBLE_DEVICES=0 python")),
        ),
        ("gpu=1 -- gpu=2 python", RunArgs(gpu=1, command=Rest("gpu=2 python"))),
        ("now gpu=1\n  cd /mnt\nB=1 x", RunArgs(True, gpu=1, command=Rest("  cd /mnt\nB=1 x"))),
        ("now\ngpu=2 x", RunArgs(True, command=Rest("gpu=2 x"))),
        ("env.A_B=1 env.c='2 3' x", RunArgs(env={"A_B": "1", "c": "2 3"}, command=Rest("x"))),
        ("'quoted start' \"it's", RunArgs(command=Rest("'quoted start' \"it's"))),
        ('"unclosed x', RunArgs(command=Rest('"unclosed x'))),
        ("note=a", RunArgs(note="a")),
        ("note=a \n", RunArgs(note="a")),
    ],
)
def test_the_rest_begins_with_the_first_word_that_is_no_option(raw, expected):
    assert parse(RunArgs, raw, "run") == expected


@pytest.mark.parametrize(
    ("raw", "password"),
    [
        ("openpai ann pa ss=\"w'ord \\ ", "pa ss=\"w'ord \\ "),
        ("openpai ann user=x", "user=x"),
        ("openpai ann -- x", "-- x"),
        ("openpai ann ＝=“", "＝=“"),
        ("openpai\nann\n pass", " pass"),
        ("user=ann system=openpai secret", "secret"),
        ("平台 ann 密码 1", "密码 1"),
    ],
)
def test_a_password_is_taken_byte_for_byte(raw, password):
    assert parse(LoginArgs, raw, "login") == LoginArgs("openpai", "ann", Rest(password))


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda text: text == text.lstrip() and text.strip()))
@example("\\n'\"")
def test_any_password_comes_through_whole(password):
    assert parse(LoginArgs, f"openpai ann {password}", "login").password == password


@settings(deadline=None)
@given(st.text(max_size=80))
def test_whatever_is_written_is_understood_or_explained(raw):
    for cls in (LogsArgs, JobsArgs, RunArgs, LoginArgs, PathsArgs, MoreArgs):
        try:
            outcome = parse(cls, raw, "cmd")
        except UserError as refusal:
            outcome = refusal
        assert isinstance(outcome, cls | UserError)
        if isinstance(outcome, UserError):
            assert CATALOGUE.has(outcome.text.key)


def test_file_names_with_equals_signs_are_values():
    parsed = parse(PathsArgs, "out/lr=0.1/x.pt lr=0.2.pt 'a b'", "rm")
    assert parsed.paths == ("out/lr=0.1/x.pt", "lr=0.2.pt", "a b")


def test_further_kinds_are_read():
    parsed = parse(MoreArgs, "ratio=1e-3 keep=否 sizes=1K,2GiB ports.http=80", "more")
    assert parsed == MoreArgs(0.001, False, (Size(1024), Size(2 << 30)), {"http": 80})


@pytest.mark.parametrize(
    ("cls", "raw", "parts"),
    [
        (LogsArgs, "train n=0", ["0 can't be n", "from 1 to 500"]),
        (LogsArgs, "train n=501", ["501"]),
        (LogsArgs, "train n=x", ["x can't be n"]),
        (LogsArgs, "train stdout folow", ["folow", "Did you mean follow?"]),
        (LogsArgs, "train stdout stdeer", ["stdeer"]),
        (LogsArgs, "job=x grpe=y", ["no option grpe=", "Did you mean grep=?"]),
        (LogsArgs, "a n=1 n=2", ["n is there twice"]),
        (LogsArgs, 'a grep="x', ['The quote in grep="x']),
        (LogsArgs, "stream=stder", ["stder can't be stream", "stdout|stderr|all", "mean stderr?"]),
        (LogsArgs, "follow=perhaps", ["on or off"]),
        (JobsArgs, "since=soon", ["soon", "30m"]),
        (JobsArgs, "since=99999999d", ["99999999d"]),
        (RunArgs, "gpu=-1 x", ["at least 0"]),
        (RunArgs, "mem=32 x", ["32 can't be mem", "32G"]),
        (RunArgs, "imgae=x python", ["no option imgae=", "Did you mean image=?"]),
        (RunArgs, "foo=x python", ["no option foo="]),
        (RunArgs, "env=3 x", ["env=3"]),
        (RunArgs, "env.A=3 env.A=4 x", ["env.A is there twice"]),
        (LoginArgs, "openpai", ["user is missing"]),
        (LoginArgs, "opnpai ann x", ["opnpai makes no sense", "Did you mean openpai?"]),
        (LoginArgs, "ann x", ["ann can't be system: it can be openpai|harbor."]),
        (PathsArgs, "", ["paths is missing"]),
        (MoreArgs, "ratio=much", ["a number"]),
        (MoreArgs, "word", ["word makes no sense here"]),
    ],
)
def test_an_error_names_the_word_and_shows_the_usage(cls, raw, parts):
    message = said(cls, raw)
    for part in parts:
        assert part in message
    assert "Usage: /cmd" in message
    assert "用法：/cmd" in said(cls, raw, "zh")


def test_an_error_repeats_only_the_beginning_of_a_long_word():
    assert len(said(LogsArgs, "n=" + "9" * 5000)) < 400
