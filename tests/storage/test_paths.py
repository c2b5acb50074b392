"""The jail by itself: no words lead out of a person's folder."""

import posixpath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.files import FilePath, Places, name_problem

ANN = Places("/data", "ann", "/mnt")
NAUGHTY = st.sampled_from(
    ["..", ".", "", "~", "~root", "/", "\0", "a\0b", "-rf", "$(id)", "a b", "名字", "\ud800", "x" * 300, "\n", "mnt", "data", "ann", "bob", ".pailot",
     "．．", "‥", "\u2024\u2024", "..\u200b", ".. ", " ..", "..\t", "∕", "／", "%2e%2e", "..\\", "..;", "\u202e..", "...", "a\u0000", "\udcff"]
)  # fmt: skip
NAMES = st.one_of(NAUGHTY, st.text(max_size=8))


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("", ""),
        ("/", ""),
        (".", ""),
        ("~", ""),
        ("~/code", "code"),
        ("a/b", "a/b"),
        ("./a//b/", "a/b"),
        ("/mnt", ""),
        ("/mnt/a/b", "a/b"),
        ("/mnt/ann/b", "ann/b"),
        ("/data/ann", ""),
        ("/data/ann/a", "a"),
        ("a b/ c ", "a b/ c "),
        ("-rf", "-rf"),
        ("'quoted'", "'quoted'"),
        ("数据/训练集 🚢", "数据/训练集 🚢"),
        ("~backup", "~backup"),
        ("...", "..."),
        ("a\nb", "a\nb"),
    ],
)
def test_one_place_may_be_written_in_many_ways(words, path):
    assert str(ANN.read(words)) == path


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("..", "files-dots"),
        ("a/../../bob", "files-dots"),
        ("/mnt/../etc", "files-dots"),
        ("/data/ann/..", "files-dots"),
        ("/data/bob/x", "files-outside"),
        ("/data/annex", "files-outside"),
        ("/data", "files-outside"),
        ("/mnt2/x", "files-outside"),
        ("/etc/passwd", "files-outside"),
        ("~root/x", "files-outside"),
        ("a\0b", "files-bad-name"),
        ("x" * 256, "files-bad-name"),
        ("名" * 86, "files-bad-name"),
        ("/".join(["x" * 200] * 20), "files-bad-name"),
        ("\udcff", "files-bad-name"),
    ],
)
def test_what_leads_elsewhere_is_refused(words, key):
    with pytest.raises(UserError) as refused:
        ANN.read(words)
    assert refused.value.text.key == key


WORDS = st.tuples(
    st.lists(NAMES, max_size=8),
    st.booleans(),
    st.sampled_from(["", "/mnt/", "/data/ann/", "/data/", "~/"]),
)


def stays_inside(written):
    """Whatever somebody writes is refused, or a place in the folder that is the same however it is said."""
    names, absolute, before = written
    words = before + ("/" if absolute else "") + "/".join(names)
    try:
        path = ANN.read(words)
    except UserError:
        return
    place = ANN.on_server(path)
    assert posixpath.normpath(place) == place
    assert place == "/data/ann" or place.startswith("/data/ann/")
    assert "\0" not in place
    assert len(place.encode()) < 4096
    assert FilePath.of(str(path)) == path
    assert ANN.read(place) == ANN.read(ANN.in_job(path)) == path


@given(WORDS)
@example((["..", "..", "etc"], True, "/mnt/"))
def test_no_words_lead_out_of_the_folder(written):
    stays_inside(written)


@pytest.mark.slow
@settings(max_examples=5000)
@given(WORDS)
def test_thousands_of_them_neither(written):
    stays_inside(written)


@given(st.lists(NAMES, max_size=5))
def test_a_path_that_leads_out_cannot_even_be_made(names):
    if any(map(name_problem, names)):
        with pytest.raises(ValueError):
            FilePath(tuple(names))
    else:
        assert FilePath(tuple(names)).parts == tuple(names)


@pytest.mark.parametrize(
    ("path", "own"),
    [
        (".pailot", True),
        (".pailot/.trash/x", True),
        (".pailot/train-ab12/stdout", False),
        ("code/.pailot", False),
        ("", False),
    ],
)
def test_pailots_own_directory_is_known(path, own):
    assert FilePath.of(path).is_own is own


def test_the_folders_name_is_not_part_of_the_path_inside_a_job():
    assert ANN.in_job(FilePath.of("train.py")) == "/mnt/train.py"
    assert ANN.on_server(FilePath.of("train.py")) == "/data/ann/train.py"
    assert ANN.in_job(FilePath()) == "/mnt"
