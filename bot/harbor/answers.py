"""What came back from Harbor, before anybody has read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SYSTEM = "harbor"


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def html(self) -> bool:
        return "html" in self.headers.get("content-type", "") or self.body[:64].lstrip().startswith(
            b"<"
        )

    @property
    def request_id(self) -> str:
        """What Harbor's own log calls this request."""
        return self.headers.get("x-request-id", "")
