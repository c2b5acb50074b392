"""Lengths, cuts and splits, held against Telegram's own rules."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.markup import CAPTION, MESSAGE, cut, escape, fits, plain, split, utf16_len
from tests.telegram_html import parsed

FAMILY = "👨\u200d👩\u200d👧"
FLAG = "🇨🇳"
ACCENT = "e\u0301"
SIGNED = "❤\ufe0f"
SKIN = "👍\U0001f3fd"

letters = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("<>&\"' \n字😀\u200d\ufe0f\u0301🇨🇳👍\U0001f3fd"),
    ),
    max_size=60,
)
clusters = st.lists(
    st.sampled_from([FAMILY, FLAG, ACCENT, SIGNED, SKIN, "a", "字", "😀", " "]), max_size=40
)


@st.composite
def marked_up(draw):
    """A line as the catalogue renders it: escaped data between closed tags."""
    parts = []
    for data in draw(st.lists(letters, max_size=4)):
        before, after = draw(
            st.sampled_from(
                [
                    ("", ""),
                    ("<b>", "</b>"),
                    ("<code>", "</code>"),
                    ("<blockquote expandable>", "</blockquote>"),
                    ('<a href="https://example.edu/?a=1&amp;b=2">', "</a>"),
                ]
            )
        )
        parts.append(before + escape(data) + after)
    return "".join(parts)


def units(text):
    return sum(2 if ord(letter) > 0xFFFF else 1 for letter in text)


@settings(deadline=None)
@given(st.text())
def test_it_counts_like_telegram(data):
    assert utf16_len(data) == units(data)


@settings(deadline=None)
@given(letters)
def test_escaped_data_is_shown_unchanged(data):
    assert parsed(escape(data)) == data
    assert plain(escape(data)) == data


def test_escaped_data_stays_inside_an_attribute():
    address = escape('https://example.edu/"><b>')
    link = f'<a href="{address}">x</a>'
    assert parsed(link) == "x"
    assert plain(link) == "x"


def test_half_a_surrogate_pair_can_still_be_sent():
    assert escape("a\ud83d<").encode() == "a\ufffd&lt;".encode()
    assert escape("\ud83d\ude00") == "😀"


def test_plain_text_keeps_what_only_looks_like_markup():
    assert (
        plain("<b>a &amp;lt; b</b> &copy; &#128512; &#x5b57; &#0;") == "a &lt; b &copy; 😀 字 &#0;"
    )


@settings(deadline=None)
@given(clusters, st.integers(0, 60), st.booleans())
def test_a_cut_never_divides_what_a_reader_sees_as_one(parts, limit, tail):
    data = "".join(parts)
    short = cut(data, limit, tail=tail)
    assert units(short) <= limit
    if short == data:
        return
    kept = short[1:] if tail else short[:-1]
    whole = ["".join(parts[n:] if tail else parts[:n]) for n in range(len(parts) + 1)]
    assert limit == 0 or short.replace(kept, "", 1) == "…" or kept == ""
    assert kept in whole


@settings(deadline=None)
@given(letters, st.integers(0, 50))
def test_a_cut_keeps_as_much_as_it_can_and_marks_the_rest(data, limit):
    short = cut(data, limit)
    if units(data) <= limit:
        assert short == data
    elif limit:
        assert short.endswith("…")
        assert data.startswith(short[:-1])
        assert "\ufffd" not in short.encode("utf-8", "replace").decode() or "\ufffd" in data


def test_an_endless_cluster_is_cut_all_the_same():
    zalgo = "a" + "\u0301" * 9000
    assert MESSAGE - 100 < utf16_len(cut(zalgo, MESSAGE)) <= MESSAGE
    assert MESSAGE - 100 < utf16_len(cut(zalgo, MESSAGE, tail=True)) <= MESSAGE


def test_the_end_is_kept_when_the_end_matters():
    assert cut("first\nlast", 5, tail=True) == "…last"
    assert cut("first\nlast", 6) == "first…"


@settings(deadline=None)
@given(st.lists(marked_up(), max_size=12), st.integers(1, 200))
def test_every_piece_is_a_message_telegram_takes(lines, limit):
    pieces = split(lines, limit)
    for piece in pieces:
        assert units(parsed(piece)) <= limit
        assert len(piece.encode()) <= 32768
        assert re.search(r"[^\s\x00]", parsed(piece))
        assert fits(piece, limit)


@settings(deadline=None)
@given(st.lists(marked_up(), max_size=12))
def test_nothing_is_lost_or_reordered_between_the_pieces(lines):
    together = "\n".join(split(lines, 400))
    fitting = [
        line for line in lines if units(parsed(line)) <= 400 and re.search(r"\w", parsed(line))
    ]
    at = 0
    for line in fitting:
        at = together.index(line, at) + len(line)


def test_pieces_are_as_few_as_the_lines_allow():
    lines = ["字" * 1000] * 9
    assert [utf16_len(piece) for piece in split(lines)] == [4003, 4003, 1000]
    assert split(["a" * 2047, "b" * 2048]) == ["a" * 2047 + "\n" + "b" * 2048]
    assert len(split(["a" * 2048, "b" * 2048])) == 2


def test_a_line_too_long_for_any_message_is_cut_without_its_markup():
    (before, long, after) = split(["<b>x</b>", f"<pre>{escape('<&' * 4000)}</pre>", "<i>y</i>"])
    assert (before, after) == ("<b>x</b>", "<i>y</i>")
    assert utf16_len(parsed(long)) == MESSAGE
    assert parsed(long).endswith("…")
    assert "<pre>" not in long


def test_markup_above_32_kilobytes_is_several_messages_though_it_shows_little():
    lines = ['<a href="https://example.edu/' + "x" * 3000 + '">x</a>'] * 30
    pieces = split(lines)
    assert len(pieces) == 3
    assert all(len(piece.encode()) <= 32768 for piece in pieces)
    assert split(['<a href="' + "x" * 40000 + '">only text</a>']) == ["only text"]


@pytest.mark.parametrize("lines", [[], [""], ["", "  \n"], ["<b> </b>"], ["<b>\x00</b>\u200d"]])
def test_nothing_to_see_is_nothing_to_send(lines):
    assert split(lines) == []


def test_captions_are_shorter():
    assert fits("x" * CAPTION, CAPTION)
    assert not fits("😀" * 513, CAPTION)
