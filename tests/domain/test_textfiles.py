"""Text files on the way to an editor and back: nothing changes that was not changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.files.textfiles import LARGEST_BYTES, read, written

WORDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\x0b\x0c\x1a\r"), max_size=200
)


@given(
    WORDS, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])
)
def test_what_is_not_changed_stays_byte_for_byte(words, newline, encoding):
    data = words.replace("\n", newline).encode(encoding)
    try:
        found = read(data)
    except UserError:
        return
    if not found.mixed:
        assert written(found.text, found) == data
        # What a browser makes of it: line feeds only, or pairs.
        assert written(found.text.replace("\n", "\r\n"), found) == data


def test_encodings_and_line_ends_are_told():
    assert read("训练\n".encode("gb18030")).encoding == "gb18030"
    assert read("训练\n".encode()).encoding == "utf-8"
    assert read(b"\xef\xbb\xbfa").encoding == "utf-8-sig"
    assert read(b"a\r\nb\r\n").newline == "\r\n"
    assert read(b"").newline == "\n"
    mixed = read(b"a\r\nb\nc\n")
    assert (mixed.mixed, mixed.newline, mixed.text) == (True, "\n", "a\nb\nc\n")


@pytest.mark.parametrize(
    "data", [b"\x7fELF\0\0", b"a\0b", b"\xff\xfe\xff", b"a\x0cb", "a".encode("utf-16")]
)
def test_what_is_no_plain_text_is_refused(data):
    with pytest.raises(UserError):
        read(data)


def test_sizes_are_limited_both_ways():
    with pytest.raises(UserError):
        read(b"x" * (LARGEST_BYTES + 1))
    with pytest.raises(UserError):
        written("x" * (LARGEST_BYTES + 1), read(b"a"))
    with pytest.raises(UserError):
        written("\ud800", read(b"a"))
