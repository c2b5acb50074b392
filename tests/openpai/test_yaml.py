"""Protocols that people send: what YAML means, and what is refused before anything is believed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.protocol import JobSpec, write
from bot.openpai.yaml import read_protocol

REST = "\nprotocolVersion: 2\nname: x\n"


def refused(words: str | bytes) -> str:
    data = words if isinstance(words, bytes) else words.encode()
    with pytest.raises(UserError) as error:
        read_protocol(data)
    return error.value.text.key


def test_words_stay_words() -> None:
    read = read_protocol(b"a: yes\nb: 1:30\nc: on\nd: 2\n")
    assert read == {"a": "yes", "b": "1:30", "c": "on", "d": 2}


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read_protocol("\ufeffname: x".encode()) == {"name": "x"}


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("a: 1\na: 2\n", "protocol-duplicate-key"),
        ("taskRoles:\n  a:\n    x: 1\n    x: 2\n", "protocol-duplicate-key"),
        ("this: is: not: yaml", "protocol-not-yaml"),
        ("a: [1\n", "protocol-not-yaml"),
        ("a: \x00", "protocol-not-yaml"),
        ("a: !!python/object/apply:os.system [id]", "protocol-not-yaml"),
        ("a: 9999-99-99", "protocol-not-yaml"),
        ("- a\n- b\n", "protocol-no-mapping"),
        ("", "protocol-no-mapping"),
        ("just words", "protocol-no-mapping"),
        (b"a: \xff", "protocol-not-utf8"),
        ("a: " + "x" * 102_400, "protocol-too-large"),
        ("a: &x [*x]\n", "protocol-too-complex"),
        ("a: " + "[" * 60 + "]" * 60, "protocol-too-complex"),
    ],
)
def test_what_is_no_protocol_is_refused_with_its_reason(words: str | bytes, key: str) -> None:
    assert refused(words) == key


def test_the_line_of_a_duplicate_key_is_told() -> None:
    with pytest.raises(UserError) as error:
        read_protocol(b"name: x\ntype: job\nname: y\n")
    assert error.value.text.args == {"line": 3, "name": "name"}


def test_bombs_of_aliases_and_merges_go_off_nowhere() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert refused(bomb) == "protocol-too-complex"
    merges = "a0: &a0 {k: 1}\n" + "".join(
        f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    assert refused(merges) == "protocol-too-complex"


@pytest.mark.parametrize(
    "words",
    [
        f'"secrets": {{"pw": "hunter2"}}{REST}',
        f"'secrets':\n  pw: hunter2{REST}",
        f"secrets :\n  pw: hunter2{REST}",
        f"? secrets\n: pw: hunter2{REST}",
        f"{REST}secrets:\n  pw: hunter2\n",
        '{"protocolVersion": 2, "name": "x", "secrets": {"pw": "hunter2"}}',
        " protocolVersion: 2\n secrets:\n   pw: hunter2\n name: x\n",
        f"!!str secrets: {{pw: hunter2}}{REST}",
        f"secrets: &s\n  pw: hunter2\nparameters: *s{REST}",
    ],
)
def test_secrets_that_everybody_could_read_are_refused(words: str) -> None:
    assert refused(words) == "protocol-secrets-readable"


def test_secrets_as_openpai_hides_them_are_taken() -> None:
    assert read_protocol(f"secrets:\n  pw: hunter2{REST}".encode())["secrets"] == {"pw": "hunter2"}
    assert read_protocol(f"secrets: {{pw: a}}{REST}".encode())["secrets"] == {"pw": "a"}


def test_what_we_write_ourselves_is_read_back() -> None:
    spec = JobSpec("x", "y", "z", secrets=(("a", "1\n2\nname: x"), ("b", "***")))
    assert read_protocol(write(spec).encode())["secrets"] == {"a": "1\n2\nname: x", "b": "***"}


@settings(deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(alphabet="ab:-[]{}&*!%|>'\"\n #?,<\\", max_size=80).map(str.encode)
)
def test_any_bytes_are_a_document_or_an_error_that_can_be_told(data: bytes) -> None:
    try:
        document = read_protocol(data)
    except UserError as error:
        key = error.text.key
        assert key.startswith("protocol-")
    else:
        assert isinstance(document, dict)
