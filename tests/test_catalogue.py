"""Texts: the same in both languages, valid for Telegram, in the words of the glossary, used and there."""

import itertools
import re
from functools import cache

import pytest
from fluent.syntax import ast as ftl

from bot.domain.people import LANGUAGES
from bot.domain.text import Text, text
from bot.i18n import Catalogue, functions, resources
from tests import fluent_check
from tests.catalogue_code import asked
from tests.telegram_html import Unparsable, parsed

CATALOGUE = Catalogue.load(timezone="Asia/Shanghai")
FUNCTIONS = functions.NAMES | functions.BUILT_IN


@cache
def entries(language):
    """Whole, which takes its time: not before a test asks for it."""
    return fluent_check.parse(resources.read(language), FUNCTIONS)


@cache
def keys():
    return sorted(entries("zh").patterns.keys() | entries("en").patterns.keys())


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
    pattern = entries(language).patterns[key]
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
            yield from sayings(language, fluent_check.full_name(expression))
        case ftl.TermReference():
            yield from sayings(language, f"-{fluent_check.full_name(expression)}")
        case ftl.StringLiteral():
            yield expression.parse()["value"]
        case _:
            yield "x"


def test_every_language_has_the_same_messages_and_attributes():
    zh, en = (set(entries(language).patterns) for language in ("zh", "en"))
    assert sorted(zh - en) == []
    assert sorted(en - zh) == []


def test_every_language_lives_in_files_of_the_same_names():
    zh, en = ({n.partition("/")[2] for n in resources.read(code)} for code in ("zh", "en"))
    assert zh == en


def test_a_message_needs_the_same_variables_in_both_languages():
    zh, en = (
        {key: entries(language).variables(key) for key in keys()} for language in ("zh", "en")
    )
    assert zh == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_html_that_telegram_takes(language):
    refused = {}
    for key in keys():
        for saying in sayings(language, key):
            try:
                parsed(saying)
            except Unparsable as reason:
                refused[key] = str(reason)
    assert refused == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_and_menu_entries_need_no_markup(language):
    menu = {command.help for command in commands()}
    for key in keys():
        if key.startswith("button-") or key in menu:
            for saying in sayings(language, key):
                assert not re.search(r"[<\n]", saying), key
                assert len(saying) <= 256, key


def test_messages_use_the_words_of_the_glossary():
    wrong = []
    for key in keys():
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
    for key in keys():
        for saying in sayings("zh", key):
            assert not re.search(r"(GPU|显卡|卡的)\s*内存", _prose(saying)), key
            assert not re.search(r"mem=[^显]{0,6}显存", saying), key


@pytest.mark.parametrize(("state", "word"), STATES.items())
def test_states_are_called_as_the_glossary_says(state, word):
    assert CATALOGUE.render(text("job-state", state=state), "zh") == word
    assert CATALOGUE.render(text("job-state", state=state), "en") == state


def test_every_text_the_code_asks_for_is_there():
    known = set(keys())
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
    for key in keys():
        used |= fluent_check.uses_of(entries("zh").patterns[key]).messages
    stems = (*SHARED, *(one for one in found.mentioned | set(found.stems) if one.endswith("-")))
    unused = [
        key
        for key in keys()
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
    return {name: 3 if name in counted else "x" for name in entries("zh").variables(key)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_rendered(language, caplog):
    for key in keys():
        if not key.startswith("-"):
            assert "⟦" not in CATALOGUE.render(Text(key, _plausible(key)), language)
    assert caplog.records == []


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
def test_what_fluent_would_skip_in_silence_is_told(source, problem):
    with pytest.raises(fluent_check.BrokenCatalogue, match=problem):
        fluent_check.parse({"zh/a.ftl": source}, FUNCTIONS)


def test_all_problems_are_told_at_once():
    with pytest.raises(fluent_check.BrokenCatalogue) as broken:
        fluent_check.parse({"a": "a = { b }\n", "b": "c.d = 1\n"}, FUNCTIONS)
    assert len(str(broken.value).splitlines()) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_found_on_its_own(language):
    texts = resources.texts(resources.read(language))
    assert set(texts) == {key.partition(".")[0] for key in entries(language).patterns}
    for name, source in texts.items():
        alone = [
            one for one in resources.parsed(source).body if isinstance(one, ftl.Message | ftl.Term)
        ]
        assert [one.id.name for one in alone] == [name.removeprefix("-")]
