"""What of an archive may be unpacked, by its names and numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.files import FilePath
from bot.domain.files.archives import (
    MOST_MEMBERS,
    Member,
    Tally,
    decoded,
    kind_of,
    names_of,
    stem,
)

GB = 1 << 30


@given(st.text(max_size=80), st.booleans())
def test_no_name_leads_out(path, windows):
    for written in (path, f"../{path}", f"/{path}", f"a/../../{path}", f"..\\{path}"):
        try:
            names = names_of(written, windows=windows)
        except UserError:
            continue
        FilePath(names)  # raises for what can't be in a folder
        assert ".." not in names


@pytest.mark.parametrize("path", ["../x", "a/../../x", "a/..", "..", "/../x", "./../x"])
def test_what_would_lead_out_is_refused(path):
    with pytest.raises(UserError):
        names_of(path)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("a/b", "a b"),
        ("/etc/passwd", "etc passwd"),
        ("./a//b/", "a b"),
        ("C:\\x\\y", "x y"),
        ("", ""),
    ],
)
def test_names_are_read_from_the_top(path, names):
    assert names_of(path, windows=True) == tuple(names.split())


def test_backslashes_part_names_only_where_windows_made_them():
    assert names_of("a\\b", windows=True) == ("a", "b")
    assert names_of("a\\b") == ("a\\b",)
    with pytest.raises(UserError):
        names_of("a\\..\\..\\b", windows=True)


@given(st.binary(max_size=60))
def test_any_bytes_are_some_name(raw):
    assert isinstance(decoded(raw), str)


def test_names_in_gbk_are_read():
    assert decoded("训练数据.csv".encode("gb18030")) == "训练数据.csv"
    assert decoded("训练数据.csv".encode()) == "训练数据.csv"


def add_all(tally, count):
    for number in range(count):
        tally.add(Member((str(number),), "file"))


def test_bombs_are_refused_by_their_numbers():
    tally = Tally(1_000_000, 100 * GB)
    tally.add(Member(("a",), "file", GB // 2))
    with pytest.raises(UserError, match="bomb"):
        tally.add(Member(("b",), "file", GB))
    with pytest.raises(UserError, match="room"):
        Tally(GB, 1000).add(Member(("a",), "file", 1001))
    tally = Tally(100, GB)
    with pytest.raises(UserError, match="many"):
        add_all(tally, MOST_MEMBERS + 1)
    with pytest.raises(UserError, match="deep"):
        names_of("a/" * 65)
    tally = Tally(1000, 2 * GB)
    tally.add(Member(("a",), "file"))
    with pytest.raises(UserError, match="bomb"):
        tally.grow(2000 << 20)


@pytest.mark.parametrize(
    ("first", "second"),
    [("f:a", "f:a/b"), ("f:a/b", "f:a"), ("f:a", "d:a"), ("d:a", "f:a"), ("f:a", "f:a")],
)
def test_one_path_is_one_thing(first, second):
    tally = Tally(100, GB)

    def add(words):
        kind, _, path = words.partition(":")
        return tally.add(Member(names_of(path), {"f": "file", "d": "directory"}[kind]))

    add(first)
    with pytest.raises(UserError, match="contradicts"):
        add(second)


def test_links_and_devices_are_counted_and_left_out():
    tally = Tally(100, GB)
    assert not tally.add(Member(("a",), "other"))
    assert tally.add(Member(("b", "c"), "file", 3))
    found = tally.contents()
    assert (found.files, found.bytes, found.left_out, found.tops) == (1, 3, 1, ("b",))
    assert found.nested


@pytest.mark.parametrize(
    ("name", "expected"),
    [("net.tar.gz", "net"), ("Data.ZIP", "Data"), ("x.gz", "x"), (".zip", ".zip-unpacked"), ("odd", "odd-unpacked")],
)  # fmt: skip
def test_an_archive_unpacks_to_its_name(name, expected):
    assert stem(name) == expected


def test_kinds_are_known_by_content():
    assert kind_of(b"PK\x03\x04rest") == "zip"
    assert kind_of(b"\x1f\x8b\x08") == "gz"
    assert kind_of(bytes(257) + b"ustar") == "tar"
    assert kind_of(b"#!/bin/sh") == ""
