"""References as people paste them: one that is right stays as it is, the rest is mended or refused."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.images.reference import PageLink, Reference, clean, page_link
from bot.services.images.references import parse, parse_reference

DIGEST = "sha256:" + "0123456789abcdef" * 4

PASTED = [
    ("docker pull ufoym/deepo:tensorflow-py36-cu90", "ufoym/deepo:tensorflow-py36-cu90", "command"),
    ("sudo docker push harbor.example.edu/lab/ml/torch:V1", "harbor.example.edu/lab/ml/torch:V1", "command"),
    ("$ docker image pull ubuntu:22.04", "ubuntu:22.04", "command"),
    ("docker run -it --gpus all -p 8888:8888 harbor.example.edu/lab/x:1 /bin/bash", "harbor.example.edu/lab/x:1", "command"),
    ("docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined -itv /d:/mnt --rm lab/x:1 bash", "lab/x:1", "command"),
    ("docker run -it \\\n  --gpus all \\\n  --name=a lab/x:1 \\\n  bash", "lab/x:1", "command"),
    ("docker login harbor.example.edu\nsudo docker pull lab/x:1", "lab/x:1", "command"),
    ("root@gpu01:~# docker pull lab/x:1 && docker images", "lab/x:1", "command"),
    ("(base) [me@n1 ~]$ sudo nvidia-docker run -rm lab/x:1", "lab/x:1", "command"),
    ('docker commit -a me -m "two words" 0123abcd lab/x:1', "lab/x:1", "command"),
    ("docker rmi -f lab/x:1", "lab/x:1", "command"),
    ("docker pull lab/x:1 | tail", "lab/x:1", "command"),
    ("镜像：docker pull lab/x:1", "lab/x:1", "command"),
    ("docker tag 0123abcd harbor.example.edu/lab/x:1", "harbor.example.edu/lab/x:1", "command"),
    ("sudo docker build -t harbor.example.edu/lab/x:1 ./", "harbor.example.edu/lab/x:1", "command"),
    ("FROM openpai/standard:x AS base", "openpai/standard:x", "command"),
    ("image: openpai/standard:x", "openpai/standard:x", "command"),
    ("uri: 'openpai/standard:x'", "openpai/standard:x", "command"),
    ("镜像：openpai/standard:x", "openpai/standard:x", "command"),
    ("http://harbor.example.edu/lab/torch:v1", "harbor.example.edu/lab/torch:v1", "scheme"),
    ("docker://harbor.example.edu/lab/torch:v1", "harbor.example.edu/lab/torch:v1", "scheme"),
    ("https://hub.docker.com/r/ufoym/deepo/tags", "ufoym/deepo", "scheme"),
    ("https://hub.docker.com/_/python", "python", "scheme"),
    ("【harbor.example.edu/lab/torch:v1】", "harbor.example.edu/lab/torch:v1", "brackets"),
    ("用这个【openpai/standard:x】就行", "openpai/standard:x", "brackets"),
    ("“openpai/standard:x”", "openpai/standard:x", "brackets"),
    ("`openpai/standard:x`", "openpai/standard:x", "brackets"),
    ("harbor.example.edu/lab/torch：v1", "harbor.example.edu/lab/torch:v1", "width"),
    ("harbor．example．edu／lab／torch：ｖ１", "harbor.example.edu/lab/torch:v1", "width"),
    ("Lab/Torch:V1", "lab/torch:V1", "upper"),
    ("harbor.example.edu/lab/x : v1", "harbor.example.edu/lab/x:v1", "spaces"),
    ("harbor.example.edu/lab/x   v1   0123abcd   2 weeks ago   3GB", "harbor.example.edu/lab/x:v1", "spaces"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "meant", "fault"), PASTED)
def test_what_people_paste_becomes_the_reference_they_meant(words, meant, fault):
    parsed = parse(words)
    assert str(parsed.reference) == meant
    assert fault in parsed.faults


@pytest.mark.parametrize(
    ("words", "host", "path", "tag"),
    [
        ("ubuntu", "docker.io", "library/ubuntu", ""),
        ("ufoym/deepo:py36", "docker.io", "ufoym/deepo", "py36"),
        ("index.docker.io/ufoym/deepo", "docker.io", "ufoym/deepo", ""),
        ("localhost:5000/x", "localhost:5000", "x", ""),
        ("192.0.2.4:5000/a/b/c:1.0_x-2", "192.0.2.4:5000", "a/b/c", "1.0_x-2"),
        ("[2001:db8::1]:5000/a/b:1", "[2001:db8::1]:5000", "a/b", "1"),
        ("Harbor.Example.EDU/lab/torch", "harbor.example.edu", "lab/torch", ""),
    ],
)
def test_a_right_reference_stays_as_it_is(words, host, path, tag):
    parsed = parse(words)
    assert parsed.reference == Reference(host, path, tag)
    assert parsed.faults == ()


@pytest.mark.parametrize("between", [":", "@", " "])
def test_a_digest_is_known_however_it_is_joined(between):
    found = parse_reference(
        f"harbor.example.edu/lab/x{between}{DIGEST.upper().replace('SHA', 'sha')}"
    )
    assert found == Reference("harbor.example.edu", "lab/x", "", DIGEST)


def test_tag_and_digest_together_are_told():
    parsed = parse(f"harbor.example.edu/lab/x:v1@{DIGEST}")
    assert parsed.reference == Reference("harbor.example.edu", "lab/x", "v1", DIGEST)
    assert parsed.faults == ("both",)
    assert parsed.reference.version == DIGEST


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("", "image-no-name"),
        ("docker images", "image-no-name"),
        ("docker login harbor.example.edu", "image-no-name"),
        ("【】", "image-no-name"),
        (DIGEST, "image-only-digest"),
        ("https://harbor.example.edu/harbor/projects/69/repositories/foo%2Fbar", "image-page-link"),
        ("two words", "image-not-one"),
        ("a:b:c", "image-unreadable"),
        ("<b>x</b>", "image-unreadable"),
        ("user:word@host/x", "image-unreadable"),
        ("../../etc/passwd", "image-unreadable"),
        ("a" * 300, "image-unreadable"),
        ("0123456789abcdef" * 4, "image-unreadable"),
    ],
)
def test_what_is_no_reference_is_refused_with_its_reason(words, key):
    with pytest.raises(UserError) as refused:
        parse(words)
    assert refused.value.text.key == key


PART = st.from_regex(r"[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8}){0,2}", fullmatch=True)
TAG = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
HOST = st.sampled_from(
    [
        "docker.io",
        "harbor.example.edu",
        "harbor.example.edu:8443",
        "192.0.2.4:5000",
        "localhost:5000",
    ]
)
DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64).map("sha256:{}".format)


@st.composite
def references(draw):
    host = draw(HOST)
    parts = draw(st.lists(PART, min_size=2 if host == "docker.io" else 1, max_size=4))
    if host == "docker.io" and ("." in parts[0] or parts[0] == "localhost"):
        parts[0] = "lab"
    return Reference(host, "/".join(parts), draw(st.just("") | TAG), draw(st.just("") | DIGESTS))


@given(references())
@settings(deadline=None, max_examples=300)
def test_every_reference_comes_back_from_its_own_words(reference):
    assert parse_reference(str(reference)) == reference


@given(
    references(),
    st.sampled_from(["docker pull {}", "sudo docker push {}", "【{}】", "http://{}", "  {}\n", "“{}”", "`{}`", "{}。"]),
)  # fmt: skip
@settings(deadline=None, max_examples=300)
def test_a_wrapped_reference_is_found_in_its_wrapping(reference, wrapping):
    assert parse_reference(wrapping.format(reference)) == reference


@given(st.text(string.printable + "：／【】“”，。　é显", max_size=120))
@settings(deadline=None, max_examples=500)
def test_any_words_are_a_reference_or_a_clear_no(words):
    try:
        found = parse_reference(words)
    except UserError:
        return
    assert parse_reference(str(found)) == found
    assert clean(str(found)).faults in {(), ("brackets",)}


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("https://h.example.edu/harbor/projects/69/repositories/a%2Fb", PageLink("h.example.edu", 69, "a/b")),
        ("【https://h.example.edu/harbor/projects/69/repositories/a%2Fb】。", PageLink("h.example.edu", 69, "a/b")),
        ("h.example.edu:8443/harbor/projects/6/repositories/a%252Fb%252Fc/artifacts-tab", PageLink("h.example.edu:8443", 6, "a/b/c")),
        (f"http://h.example.edu/harbor/projects/6/repositories/x/artifacts-tab/artifacts/{DIGEST}?x=1", PageLink("h.example.edu", 6, "x", DIGEST)),
        ("https://h.example.edu/harbor/projects/6/repositories", PageLink("h.example.edu", 6)),
        ("harbor.example.edu/lab/x:1", None),
        ("https://hub.docker.com/r/ufoym/deepo/tags", None),
    ],
)  # fmt: skip
def test_an_address_of_harbors_pages_is_read(words, link):
    assert page_link(words) == link


WRAPPINGS = [
    "docker run -it {} bash", "sudo docker run --gpus all -v /data:/mnt --rm -it {} /bin/bash -c 'python x.py'",
    "docker pull '{}'", "「{}」", "（{}）", "{}，", "{};", 'image: "{}"', "docker push {}\n", "podman pull {}",
    "# docker pull {}", "FROM --platform=linux/amd64 {} AS base", "https://{}", "｀{}｀",
]  # fmt: skip


@given(references(), st.sampled_from(WRAPPINGS))
@settings(deadline=None, max_examples=300)
def test_more_wrappings_come_off(reference, wrapping):
    assert parse_reference(wrapping.format(reference)) == reference


WIDE = {ord(narrow): chr(ord(narrow) + 0xFEE0) for narrow in string.printable[:94]}


@given(references(), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_full_width_letters_and_capitals_in_the_name_are_mended(reference, wide, upper):
    words = str(reference)
    if upper:  # the tag keeps its case
        words = f"{reference.name.upper()}{words.removeprefix(reference.name)}"
    if wide:
        words = words.translate(WIDE)
    assert parse_reference(words) == reference


@given(references(), st.sampled_from([" ", "\t", "\u3000", "\u200b", "\ufeff"]))
@settings(deadline=None, max_examples=200)
def test_blanks_around_signs_are_slips(reference, blank):
    words = str(reference)
    assert parse_reference(blank + words + blank) == reference
    if reference.tag:
        name, tag = reference.name, words.removeprefix(f"{reference.name}:")
        assert parse_reference(f"{name}{blank}:{blank}{tag}") == reference


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("harbor.example.edu/lab/team/torch:v1", Reference("harbor.example.edu", "lab/team/torch", "v1")),
        ("HARBOR.example.edu:5000/Lab/Team/Torch:V1", Reference("harbor.example.edu:5000", "lab/team/torch", "V1")),
        (f"harbor.example.edu/lab/team/torch@{DIGEST}", Reference("harbor.example.edu", "lab/team/torch", "", DIGEST)),
        ("[2001:db8::7]/lab/team/torch", Reference("[2001:db8::7]", "lab/team/torch")),
        ("docker pull [2001:DB8::7]:5000/lab/torch:v1", Reference("[2001:db8::7]:5000", "lab/torch", "v1")),
        ("registry.cn-hangzhou.aliyuncs.com/ns/x:1", Reference("registry.cn-hangzhou.aliyuncs.com", "ns/x", "1")),
        ("localhost/x", Reference("localhost", "x")),
        ("docker.io/library/ubuntu", Reference("docker.io", "library/ubuntu")),
    ],
)  # fmt: skip
def test_hosts_ports_and_three_parts_are_told_apart(words, meant):
    assert parse_reference(words) == meant
