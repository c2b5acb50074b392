"""What may be fetched by a transfer, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.files.transfers import sources
from bot.domain.files.transfers.sources import Source, read, source


@pytest.mark.parametrize(
    ("words", "way", "shown", "name"),
    [
        ("https://data.example.edu/a/cifar-10.tar.gz", "url", "https://data.example.edu/a/cifar-10.tar.gz", "cifar-10.tar.gz"),
        ("HTTP://Example.edu:8080/x%20y?token=1", "url", "http://example.edu:8080/x y?…", "x y"),
        ("https://ann:pw@example.edu/数据.zip#part", "url", "https://example.edu/数据.zip", "数据.zip"),
        ("https://git.example.edu/lab/net.git", "git", "https://git.example.edu/lab/net.git", "net"),
        ("git https://git.example.edu/lab/net", "git", "https://git.example.edu/lab/net", "net"),
        ("git@git.example.edu:lab/net.git", "git", "git@git.example.edu:lab/net.git", "net"),
        ("ann@lab.example.edu:/home/ann/data/", "rsync", "ann@lab.example.edu:/home/ann/data", "data"),
        ("scp ann@lab.example.edu:data port=2222", "scp", "ann@lab.example.edu:data (port 2222)", "data"),
        ("ssh://ann@lab.example.edu:2222/data/x", "rsync", "ann@lab.example.edu:/data/x (port 2222)", "x"),
        ("http://[2001:db8::1]:81/x", "url", "http://[2001:db8::1]:81/x", "x"),
        ("http://example.edu", "url", "http://example.edu/", ""),
    ],
)  # fmt: skip
def test_sources_are_understood(words, way, shown, name):
    found, target = read(words)
    assert (found.way, found.shown, found.name, target) == (way, shown, name, "")
    assert Source.from_json(found.to_json()) == found


def test_the_target_may_have_spaces():
    assert read("https://example.edu/x 'my data/x'")[1] == "my data/x"


@pytest.mark.parametrize(
    "words",
    [
        "", "git", "file:///etc/passwd", "gopher://example.edu/x", "ftp://example.edu/x", "dict://example.edu",
        "ext::sh -c id", "git ext::sh%20-c%20id", "ext::ssh://a/b", "-oProxyCommand=id", "--upload-pack=id", "ann@lab.example.edu::module/x",
        "git --upload-pack=id", "scp -oProxyCommand=id", "git http://example.edu/x.git",
        "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://[::1%25lo]/", "'http://a b/'",
        "http://example.edu:99999/", "http://example.edu:x/", "'http://exa mple.edu'", "http:///x",
        "'http://example.edu\\@127.0.0.1/'", "https://", "a@b", "ann@lab:~root/x", "ann@lab:$(id)", "ann@lab:a;id",
        "ann@lab:`id`", "ann@lab:x|y", "-ann@lab:x", "ann@-lab:x", "ann@lab:-x", "ann@lab:..", "ann@lab:a/../../b",
        "ann@lab:/", "ann@lab:a*", "ssh://ann:pw@lab.example.edu/x", "ssh://lab.example.edu/x",
        "rsync https://example.edu/x", "url ann@lab:x", "https://example.edu/x a b", "ann@lab:x port=0",
        "ann@lab:x port=a", "'", "/etc/passwd", "x\ny", "http://example.edu/\x00", "rsync://example.edu/x",
        "https://a%0ab:x@example.edu/", "https://example.edu/" + "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_never_fetched_is_refused(words):
    with pytest.raises(UserError):
        read(words)


def test_a_refused_address_does_not_repeat_its_login():
    with pytest.raises(UserError) as refused:
        read("https://ann:s3cr3t@exa_mple..edu:x/")
    assert "s3cr3t" not in str(refused.value.text)


def test_a_login_is_in_no_text_of_a_source():
    found = source("https://ann:s3cr3t@example.edu/x")
    assert found.password == "s3cr3t"
    for words in (found.url, found.shown, repr(found), str(found)):
        assert "s3cr3t" not in words


def test_a_login_stays_with_its_host():
    found = source("https://ann:pw@example.edu/a/b")
    assert found.redirected("/c").password == "pw"
    assert found.redirected("https://example.edu/c").password == "pw"
    for away in (
        "https://other.example.edu/c",
        "http://example.edu/c",
        "https://example.edu:444/c",
        "//other.example.edu/",
    ):
        assert found.redirected(away).password == ""
    for bad in (
        "file:///etc/passwd",
        "gopher://x/",
        "https://u:p@example.edu/",
        "http://0x7f.1/",
        "ext::x",
        "\nx:",
    ):
        with pytest.raises(UserError):
            found.redirected(bad)


@given(st.text(max_size=60))
def test_nothing_written_breaks_out_of_a_source(words):
    for prefix in (
        "",
        "http://example.edu/",
        "http://",
        "ann@lab.example.edu:",
        "git https://",
        "ssh://",
    ):
        try:
            found, _ = read(prefix + words)
        except UserError:
            continue
        assert not found.url.startswith("-")
        assert found.url.isprintable()
        assert found.scheme in {"http", "https", "ssh"}
        assert found.way in sources.WAYS
        assert not set(found.host) & set(" /\\@\"'%?#&;$`\n\0")
