"""Telegram's HTML is read with its tags, its leniency and its complaints."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.wire.html import parse_html
from bot.demo.telegram.wire.text import settled, trimmed, utf16_length, with_found


def read(markup):
    text, entities = parse_html(markup)
    return trimmed(text, settled(entities))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
    ],
)
def test_each_tag_becomes_its_entity(tag, kind):
    assert read(f"<{tag}>ab</{tag}>") == ("ab", [{"type": kind, "offset": 0, "length": 2}])


@pytest.mark.parametrize(
    ("markup", "entity"),
    [
        ('<span class="tg-spoiler">x</span>', {"type": "spoiler"}),
        (
            '<a href="https://example.edu/a?b=1&amp;c=2">x</a>',
            {"type": "text_link", "url": "https://example.edu/a?b=1&c=2"},
        ),
        ("<a href='example.edu'>x</a>", {"type": "text_link", "url": "http://example.edu/"}),
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        (
            '<pre><code class="language-python">x</code></pre>',
            {"type": "pre", "language": "python"},
        ),
        (
            '<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>',
            {"type": "custom_emoji", "custom_emoji_id": "5368324170671202286"},
        ),
        (
            '<tg-time unix="1700000000" format="wDT">x</tg-time>',
            {"type": "date_time", "unix_time": 1700000000, "date_time_format": "wDT"},
        ),
        ('<a href="tg://user?id=42">x</a>', {"type": "text_mention", "user_id": 42}),
        ("<B>x</B>", {"type": "bold"}),
    ],
)
def test_attributes_reach_the_entity(markup, entity):
    assert read(markup) == ("x", [{**entity, "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("早 <br>", 'Unsupported start tag "br" at byte offset 4'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("😀<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">x</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ('<a href="x>x</a>', "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_a_mistake_is_named_with_its_byte_offset(markup, complaint):
    with pytest.raises(ApiError) as refused:
        parse_html(markup)
    assert refused.value.status == 400
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a &lt;b&gt; &amp; &quot;c&quot;", 'a <b> & "c"'),
        ("R&D &nbsp; &copy;", "R&D &nbsp; &copy;"),
        ("&#65;&#x4e2d;&#0;", "A中&#0;"),
        ("a > b", "a > b"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("5 &lt 6", "5 < 6"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="http://localhost:8080/">x</a>', "x"),
    ],
)
def test_what_is_no_tag_stays_text(markup, text):
    assert read(markup) == (text, [])


def test_offsets_count_utf16_units():
    text, entities = read("😀中<b>🚀x</b>")
    assert text == "😀中🚀x"
    assert entities == [{"type": "bold", "offset": 3, "length": 3}]
    assert utf16_length(text) == 6


def test_nothing_is_styled_inside_code_and_quotes_do_not_nest():
    _, inside = read("<b>a<code>b</code>c</b>")
    assert [(one["type"], one["offset"], one["length"]) for one in inside] == [
        ("bold", 0, 1),
        ("code", 1, 1),
        ("bold", 2, 1),
    ]
    _, quotes = read("<blockquote>a<blockquote>b</blockquote></blockquote>")
    assert [one["type"] for one in quotes] == ["blockquote"]


def test_white_space_around_the_text_is_cut_with_its_entities():
    assert read(" \n<b> x </b>\n") == ("x", [{"type": "bold", "offset": 0, "length": 1}])
    assert read("<b> </b>") == ("", [])


def test_links_commands_and_names_are_found_but_not_in_code():
    text, entities = parse_html(
        "/jobs@pailot_bot see https://example.edu/a, @ann #gpu <code>/stop @bob</code>"
    )
    found = with_found(text, entities)
    assert [one["type"] for one in found] == ["bot_command", "url", "mention", "hashtag", "code"]
    assert text[found[1]["offset"] :][: found[1]["length"]] == "https://example.edu/a"


def test_a_path_is_no_command():
    assert [one["type"] for one in with_found("python /mnt/train.py a/b", [])] == []


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "</",
        "<b>",
        "</b>",
        "<code>",
        "</code>",
        "<pre>",
        "</pre>",
        "<a",
        "href='x.cn'>",
        "</a>",
        "<blockquote>",
        "</blockquote>",
        "&",
        "&lt;",
        "&#x1F600;",
        "&#",
        '"',
        "😀",
        "中",
        "/jobs",
        "@ann",
    ]
)
SPACES = st.sampled_from(" \n\t")


@given(st.lists(PIECES | SPACES | st.text(max_size=3), max_size=25).map("".join))
def test_any_text_is_either_read_or_refused(markup):
    try:
        text, entities = read(markup)
    except ApiError as error:
        refusal = error.description
        text, entities = "", []
    else:
        refusal = ""
    assert not refusal or refusal.startswith("Bad Request: can't parse entities: ")
    length = utf16_length(text)
    for entity in with_found(text, entities):
        assert entity["length"] > 0
        assert 0 <= entity["offset"] <= entity["offset"] + entity["length"] <= length


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_escaped_text_comes_back_as_it_was(text):
    assert parse_html(f"<b>{escape(text, quote=False)}</b>")[0] == text
