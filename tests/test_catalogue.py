"""Texts: the same in both languages, valid for Telegram, in the words of the glossary, used and there."""

import itertools
import logging
import re
import time
from datetime import UTC, datetime
from functools import cache

import pytest
from fluent.syntax import ast as ftl

from bot.domain.people import LANGUAGES, choose
from bot.domain.text import Text, text
from bot.i18n import BrokenCatalogue, Catalogue, functions, resources
from tests.catalogue_code import asked
from tests.telegram_html import Unparsable, parsed

CATALOGUE = Catalogue.load(timezone="Asia/Shanghai")
ENTRIES = {
    language: resources.parse(resources.read(language), functions.NAMES | functions.BUILT_IN)
    for language in LANGUAGES
}
KEYS = sorted(ENTRIES["zh"].patterns.keys() | ENTRIES["en"].patterns.keys())

SHARED = ("button-", "unit-")
"""Words that lie ready for every handler; the only texts that may be unused."""

GLOSSARY = [
    (r"\bjobs?\b(?! (protocol|name))", "任务"),
    (r"GPU memory", "显存"),
    (r"host memory", "内存"),
    (r"\bvirtual clusters?\b", "虚拟集群"),
    (r"\bidle GPUs?\b", "占卡空跑"),
    (r"\bfree GPUs?\b|\bGPUs? free\b|\bGPUs are free\b", "空卡"),
    (r"\bpersonal folder\b", "个人目录"),
    (r"\btrash\b", "回收站"),
    (r"\bquiet hours\b", "免打扰"),
    (r"\bimages?\b", "镜像"),
    (r"\bregistry\b", "镜像仓库"),
    (r"\bsubmit anyway\b", "仍要提交"),
    (r"\bwrong login\b", "用户名或密码不对"),
    (r"\bas last time\b|\btaken from the last job\b", "沿用上次"),
    (r"\bthis button is x's", "这是 x 的按钮"),
    (r"\bpath inside the job\b", "容器里的路径"),
    (r"\bqueued?\b", "排队"),
]
"""Whoever says the English term says the Chinese one in the other file (product 12)."""
FORBIDDEN = {
    "zh": [
        "显卡内存",
        "GPU 内存",
        "主机内存",
        "作业",
        "垃圾箱",
        "虚拟群集",
        "账户",
        "您",
        "缺省",
        "标记",
        "帐",
    ],
    "en": [
        "trash can",
        "video memory",
        "VRAM",
        "please kindly",
        "colour",
        "recycle bin",
        "queueing up",
    ],
}
STATES = {
    "waiting": "排队中",
    "running": "运行中",
    "stopping": "停止中",
    "succeeded": "成功",
    "failed": "失败",
    "stopped": "已停止",
    "retrying": "重试中",
}


def commands():
    from handlers import router

    return tuple(router)


def sayings(language, key):
    """Everything a message can become, with `x` for each value: one for every choice of variants."""
    return [saying for saying, _ in itertools.islice(_expand(language, key), 500)]


def _expand(language, key):
    pattern = ENTRIES[language].patterns[key]
    for parts in itertools.product(*(list(_element(language, one)) for one in pattern.elements)):
        yield "".join(parts), parts


def _element(language, element):
    if isinstance(element, ftl.TextElement):
        yield element.value
        return
    expression = element.expression
    match expression:
        case ftl.SelectExpression():
            for variant in expression.variants:
                inner = [list(_element(language, one)) for one in variant.value.elements]
                for parts in itertools.product(*inner):
                    yield "".join(parts)
        case ftl.MessageReference():
            yield from sayings(language, resources._full_name(expression))
        case ftl.TermReference():
            yield from sayings(language, f"-{resources._full_name(expression)}")
        case ftl.StringLiteral():
            yield expression.parse()["value"]
        case _:
            yield "x"


def test_every_language_has_the_same_messages_and_attributes():
    zh, en = (set(ENTRIES[language].patterns) for language in ("zh", "en"))
    assert sorted(zh - en) == []
    assert sorted(en - zh) == []


def test_every_language_lives_in_files_of_the_same_names():
    zh, en = ({n.partition("/")[2] for n in resources.read(code)} for code in ("zh", "en"))
    assert zh == en


def test_a_message_needs_the_same_variables_in_both_languages():
    zh, en = ({key: ENTRIES[language].variables(key) for key in KEYS} for language in ("zh", "en"))
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_html_that_telegram_takes(language):
    refused = {}
    for key in KEYS:
        for saying in sayings(language, key):
            try:
                parsed(saying)
            except Unparsable as reason:
                refused[key] = str(reason)
    assert refused == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_menu_entries_need_no_markup(language):
    menu = {command.help for command in commands()}
    for key in KEYS:
        if key.startswith("button-") or key in menu:
            for saying in sayings(language, key):
                assert not re.search(r"[<\n]", saying), key
                assert len(saying) <= 256, key


def test_messages_use_the_words_of_the_glossary():
    wrong = []
    for key in KEYS:
        zh, en = (" ".join(map(_prose, sayings(language, key))) for language in ("zh", "en"))
        wrong += [
            f"{key}: English says {term!r}, so Chinese says {word}"
            for term, word in GLOSSARY
            if re.search(term, en, re.IGNORECASE) and not re.search(word, zh)
        ]
        wrong += [
            f"{key}: {word!r} is not our word"
            for said, words in ((zh, FORBIDDEN["zh"]), (en, FORBIDDEN["en"]))
            for word in words
            if word in said
        ]
    assert wrong == []


def _prose(html):
    """Without what people type, which is the same in every language."""
    return re.sub(r"<(code|pre)>.*?</\1>|/\w+", " ", html, flags=re.DOTALL)


def test_host_memory_and_gpu_memory_are_never_mixed():
    for key in KEYS:
        for saying in sayings("zh", key):
            assert not re.search(r"(GPU|显卡|卡的)\s*内存", _prose(saying)), key
            assert not re.search(r"mem=[^显]{0,6}显存", saying), key


@pytest.mark.parametrize(("state", "word"), STATES.items())
def test_states_are_called_as_the_glossary_says(state, word):
    assert CATALOGUE.render(text("job-state", state=state), "zh") == word
    assert CATALOGUE.render(text("job-state", state=state), "en") == state


def test_every_text_the_code_asks_for_is_there():
    known = set(KEYS)
    found = asked()
    missing = {key: where for key, where in found.keys.items() if key not in known}
    missing |= {
        f"{stem}…": where
        for stem, where in found.stems.items()
        if not any(key.startswith(stem) for key in known)
    }
    assert missing == {}


def test_every_command_has_its_help():
    missing = [command.help for command in commands() if not CATALOGUE.has(command.help)]
    assert missing == []


def test_no_text_lies_about_unused():
    found = asked()
    used = set(found.keys) | found.mentioned
    used |= {command.help for command in commands()}
    for key in KEYS:
        used |= resources.uses_of(ENTRIES["zh"].patterns[key]).messages
    stems = (*SHARED, *(one for one in found.mentioned | set(found.stems) if one.endswith("-")))
    unused = [
        key
        for key in KEYS
        if key not in used and key.partition(".")[0] not in used and not key.startswith(stems)
    ]
    assert unused == []


@cache
def _counted():
    """Variables that functions calculate with."""
    source = " ".join(itertools.chain(*(resources.read(code).values() for code in LANGUAGES)))
    return set(re.findall(r"(?:TIME|DATE|WHEN|AGO|DURATION|SIZE|NUMBER)\(\s*\$(\w+)", source))


def _plausible(key):
    counted = _counted()
    return {name: 3 if name in counted else "x" for name in ENTRIES["zh"].variables(key)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_rendered(language, caplog):
    for key in KEYS:
        if not key.startswith("-"):
            assert "⟦" not in CATALOGUE.render(Text(key, _plausible(key)), language)
    assert caplog.records == []


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
def with_functions(zone):
    """A catalogue that also says what each function makes of a value."""
    said = "".join(f"said-{name.lower()} = {{ {name}($value) }}\n" for name in functions.NAMES)
    sources = {code: {**resources.read(code), "test": said} for code in LANGUAGES}
    return Catalogue(sources, timezone=zone)


def function(name, value, language, zone="Asia/Shanghai"):
    return with_functions(zone).render(text(f"said-{name.lower()}", value=value), language)


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
    assert re.fullmatch(r"\d\d:\d\d", function("WHEN", time.time(), "zh"))


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


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("good = x\njob.line = a\n", r"zh/a\.ftl:2: "),
        ("bad = { $x\n", r"zh/a\.ftl:1: "),
        ("a = 1\na = 2\n", "a is there twice"),
        ("a = { other }\n", "a refers to other"),
        ("a = { -term }\n", "a refers to -term"),
        ("a = { b.attr }\nb = 1\n", r"a refers to b\.attr"),
        ("a = { WHENCE($x) }\n", r"a calls WHENCE\(\)"),
    ],
)
def test_what_fluent_would_skip_in_silence_stops_the_start(source, problem):
    with pytest.raises(BrokenCatalogue, match=problem):
        Catalogue({"zh": {"zh/a.ftl": source}}, timezone="UTC")


def test_all_problems_are_told_at_once():
    with pytest.raises(BrokenCatalogue) as broken:
        Catalogue({"zh": {"a": "a = { b }\n", "b": "c.d = 1\n"}}, timezone="UTC")
    assert len(str(broken.value).splitlines()) == 2
