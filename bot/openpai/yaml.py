"""Reading job protocols that people send: YAML 1.2, where `yes` is a word and a key may stand only once."""

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from bot.domain.errors import Unavailable, UserError
from bot.domain.protocol import SIZE_LIMIT_BYTES
from bot.openpai.wire.requests import SYSTEM

NODES_MAX = 20_000
"""A protocol of 100 kB has fewer; an alias bomb has more."""
DEPTH_MAX = 40
ALIASES_MAX = 16
"""Merging (`<<`) follows aliases while reading: 16 can multiply a document by 243 at most."""
_SECRETS = re.compile(r"^(secrets:)[\s\S]*?(^\w)", re.MULTILINE)
_MASK = "******"


class _FewAliases(Composer):
    """Stops a bomb of aliases before anything follows them."""

    aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            self.aliases += 1
            if self.aliases > ALIASES_MAX:
                raise UserError("protocol-too-complex")
        return super().compose_node(parent, index)


def read_protocol(data: bytes) -> dict[str, Any]:
    """The document as plain values. Raises UserError for what no job protocol can be.

    Takes up to a second for 100 kB, so call it in a thread.
    """
    if len(data) > SIZE_LIMIT_BYTES:
        raise UserError("protocol-too-large", bytes=len(data), limit=SIZE_LIMIT_BYTES)
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("protocol-not-utf8") from None
    document = _load(words)
    if not isinstance(document, dict):
        raise UserError("protocol-no-mapping")
    _measure(document)
    _require_hidden_secrets(words, document)
    return document


def parse_config(data: bytes) -> object:
    """The protocol of a job as earlier releases send it."""
    try:
        return _load(data.decode(errors="replace"))
    except UserError:
        raise Unavailable(SYSTEM, "the job's protocol could not be read") from None


def _load(words: str) -> object:
    reader = YAML(typ="safe", pure=True)
    reader.Composer = _FewAliases
    try:
        return reader.load(io.StringIO(words))
    except DuplicateKeyError as error:
        key = re.search(r'duplicate key "?(.*?)"? with value', str(error.problem))
        raise UserError(
            "protocol-duplicate-key", line=_line(error), name=key[1] if key else "?"
        ) from None
    except MarkedYAMLError as error:
        problem = " ".join(str(error.problem or error.context or "").split())
        raise UserError("protocol-not-yaml", line=_line(error), problem=problem[:200]) from None
    except (YAMLError, ValueError, TypeError, RecursionError, AttributeError, LookupError):
        raise UserError("protocol-not-yaml", line=0, problem="") from None


def _line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 0


def _measure(document: object) -> None:
    """Count what the document means when its aliases are followed, and stop early."""
    stack = [(document, 0)]
    seen = 0
    while stack:
        value, depth = stack.pop()
        seen += 1
        if seen > NODES_MAX or depth > DEPTH_MAX:
            raise UserError("protocol-too-complex")
        match value:
            case dict():
                stack += [(inner, depth + 1) for pair in value.items() for inner in pair]
            case list() | set() | tuple():
                stack += [(inner, depth + 1) for inner in value]
            case _:
                pass


def _require_hidden_secrets(words: str, document: dict[str, Any]) -> None:
    """OpenPAI hides secrets by a pattern over the raw text: what it does not match, everybody can read.

    It wants an unquoted `secrets:` at the line's beginning and another key below (contracts/openpai.md 2).
    """
    if not document.get("secrets"):
        return
    masked = _SECRETS.sub(rf'\1 "{_MASK}"\n\2', words, count=1)
    try:
        hidden = _load(masked)
    except UserError:
        hidden = None
    if not isinstance(hidden, dict) or hidden.get("secrets") != _MASK:
        raise UserError("protocol-secrets-readable")
