"""Job protocols that people send, as text and as values."""

from typing import Any

from bot.domain.errors import UserError
from bot.openpai.yaml import read_protocol

MASK = "******"


class Protocols:
    """What services know of YAML."""

    def read(self, data: bytes) -> dict[str, Any]:
        """The document as plain values. Raises UserError for what no job protocol can be."""
        return read_protocol(data)

    def same(self, ours: str, theirs: dict[str, Any]) -> bool:
        """Whether OpenPAI's copy of a job is the one we sent: the same but for what it masks."""
        try:
            mine = read_protocol(ours.encode())
        except UserError:
            return False
        if "secrets" in mine and theirs.get("secrets") == MASK:
            mine["secrets"] = MASK
        return bool(_plain(mine) == _plain(theirs))


def _plain(value: Any) -> Any:
    """Numbers and their texts alike (`protocolVersion: "2"`), and no library's own classes."""
    match value:
        case dict():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case bool() | None:
            return value
        case float() if value.is_integer():  # JSON as JavaScript writes it knows no 1.0
            return str(int(value))
        case int() | float() | str():
            return str(value)
        case _:
            return repr(value)
