"""Rendering: arguments, nested texts, functions, the reader's language, and what can't be said."""

import json
import logging
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import pytest

from bot.domain.people import LANGUAGES, choose
from bot.domain.text import text
from bot.i18n import Catalogue, functions, resources
from tests.telegram_html import parsed

CATALOGUE = Catalogue.load(timezone="Asia/Shanghai")


def test_arguments_are_escaped_and_nested_texts_are_not():
    inner = text("error-name-taken", name="<b>&_*[\"'")
    said = CATALOGUE.render(
        text("usage-bad-value", word="<", name="n", expected=inner, near="", usage=""), "en"
    )
    assert said.startswith(
        "<code>&lt;</code> can't be <code>n</code>: The job name <code>&lt;b&gt;&amp;_*[&quot;'</code>"
    )


def test_a_label_is_plain_text():
    label = CATALOGUE.label(text("error-name-taken", name="<b>&"), "en")
    assert label.startswith("The job name <b>& is used up")


def test_a_long_argument_is_not_cut_off():
    log_lines = "<RuntimeError> & more\n" * 400
    said = CATALOGUE.render(text("error-refused", system="openpai", detail=log_lines), "zh")
    assert log_lines in parsed(said)


def test_a_long_nested_text_is_put_in_whole():
    inner = text("error-refused", system="openpai", detail="字" * 3000)
    said = CATALOGUE.render(text("usage-field", name="x", about=inner), "en")
    assert "字" * 3000 in said
    assert parsed(said)


def test_marks_inside_data_mean_nothing():
    said = CATALOGUE.render(text("usage-field", name="\ue0000\ue001", about="y" * 999), "en")
    assert said.count("y" * 999) == 1


def test_numbers_are_not_grouped_and_true_is_one():
    assert CATALOGUE.label(text("unit-minute", count=-12345), "en") == "-12345 min"
    assert CATALOGUE.label(text("unit-minute", count=True), "en") == "1 min"
    assert CATALOGUE.label(text("unit-minute", count=1.5), "en") == "1.5 min"


def test_a_text_that_is_nowhere_shows_its_key_and_is_logged_once(caplog):
    for _ in range(2):
        assert CATALOGUE.render(text("no-such-thing", a="b"), "zh") == "⟦no-such-thing⟧"
    assert CATALOGUE.render(text("unit-day.nothing"), "zh") == "⟦unit-day.nothing⟧"
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


def test_a_missing_argument_spoils_only_its_own_place(caplog):
    said = CATALOGUE.render(text("error-busy", system="openpai"), "en")
    assert said.startswith("Too many requests to OpenPAI")
    assert "error-busy" in caplog.text


def test_an_unknown_language_is_answered_all_the_same():
    assert CATALOGUE.label(text("button-yes"), "zh-hant") == "是"
    assert CATALOGUE.label(text("button-yes"), "en-GB") == "Yes"
    assert CATALOGUE.label(text("button-yes"), "tlh") in {"是", "Yes"}


@pytest.mark.parametrize(
    ("own", "telegram", "site", "language"),
    [
        ("en", "zh-hans", "zh", "en"),
        ("", "zh-hans", "en", "zh"),
        ("", "zh-hant", "en", "zh"),
        ("", "zh-CN", "en", "zh"),
        ("", "en-GB", "zh", "en"),
        ("", "fr", "zh", "zh"),
        ("", "fr", "en", "en"),
        ("", "", "en", "en"),
        ("", "", "", "zh"),
    ],
)
def test_the_reader_s_language_is_own_choice_then_telegram_s_then_the_site_s(
    own, telegram, site, language
):
    assert choose(own, telegram, site) == language


@cache
def with_functions(zone, clock=lambda: datetime.now(UTC)):
    """A catalogue that also says what each function makes of a value."""
    said = "".join(f"said-{name.lower()} = {{ {name}($value) }}\n" for name in functions.NAMES)
    sources = {code: {**resources.read(code), "test": said} for code in LANGUAGES}
    return Catalogue(sources, timezone=zone, clock=clock)


def function(name, value, language, zone="Asia/Shanghai", **clock):
    return with_functions(zone, **clock).render(text(f"said-{name.lower()}", value=value), language)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (-5, "0 秒", "0 s"),
        (59.6, "1 分钟", "1 min"),
        (125, "2 分钟 5 秒", "2 min 5 s"),
        (3605, "1 小时", "1 h"),
        (7500, "2 小时 5 分钟", "2 h 5 min"),
        (86400, "1 天", "1 day"),
        (200_000, "2 天 7 小时", "2 days 7 h"),
    ],
)
def test_a_duration_says_its_two_largest_units(seconds, zh, en):
    assert function("DURATION", seconds, "zh") == zh
    assert function("DURATION", seconds, "en") == en


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (-3, "刚刚", "just now"),
        (59, "刚刚", "just now"),
        (125, "2 分钟前", "2 min ago"),
        (90_000, "1 天前", "1 day ago"),
    ],
)
def test_the_past_is_told_in_one_unit(seconds, zh, en):
    assert function("AGO", seconds, "zh") == zh
    assert function("AGO", seconds, "en") == en


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1024, "1 KB"),
        (1536, "1.5 KB"),
        (512 << 20, "512 MB"),
        (20 << 20, "20 MB"),
        (32 << 30, "32 GB"),
        (1023 << 20, "1 GB"),
        (5 << 40, "5 TB"),
        (1 << 62, "4096 PB"),
    ],
)
def test_a_size_is_said_in_steps_of_1024(size, said):
    assert function("SIZE", size, "zh") == said


def test_times_are_shown_in_the_site_s_zone():
    past = datetime(2020, 5, 3, 23, 30, tzinfo=UTC).timestamp()
    assert function("TIME", past, "zh") == "07:30"
    assert function("DATE", past, "zh") == "2020年5月4日"
    assert function("DATE", past, "en", "UTC") == "May 3, 2020"
    assert function("WHEN", past, "en", "UTC") == "May 3, 2020 23:30"


def test_a_time_of_today_needs_no_date_and_one_of_this_year_no_year():
    def midnight():
        return datetime(2024, 2, 29, 0, 0, 1, tzinfo=UTC)

    def when(at):
        return function("WHEN", at, "en", "UTC", clock=midnight)

    then = datetime(2024, 2, 28, 23, 59, 59, tzinfo=UTC).timestamp()
    assert when(then + 1) == "00:00"
    assert when(then) == "Feb 28 23:59"
    assert when(then - 60 * 86400) == "Dec 30, 2023 23:59"


def test_nothing_is_not_given():
    for value, said in [
        ("", "no"),
        (0, "no"),
        (False, "no"),
        ("0", "no"),
        ("x", "yes"),
        (7, "yes"),
    ]:
        assert function("GIVEN", value, "en") == said


def test_every_reason_of_an_exit_is_told_in_chinese_too():
    table = json.loads(files("bot.domain").joinpath("data/exit-codes.json").read_text("utf-8"))
    for row in table:
        if row["code"] in {0, 255, 256}:  # they have no reason worth telling
            continue
        reason = text("exit-reason", code=row["code"], reason=row["reason"])
        assert CATALOGUE.render(reason, "zh").startswith("原因：")
        assert row["reason"] not in CATALOGUE.render(reason, "zh"), row["code"]
    unheard_of = text("exit-reason", code=77, reason="Something <new>")
    assert CATALOGUE.render(unheard_of, "zh") == "原因：Something &lt;new&gt;"
