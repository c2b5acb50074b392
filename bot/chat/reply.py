"""What a handler answers, before anybody has decided where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.messages import Attachment, Rows
from bot.domain.text import Text


@dataclass(frozen=True, slots=True)
class NextStep:
    """The person's next plain message in this chat goes to the dialog step of this name."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lives_seconds: int = 600


@dataclass(frozen=True, slots=True)
class Reply:
    """One message (more in `also`), a toast, and what follows from it.

    A press edits the message it was made on, unless `new`. `card` names the message
    for later edits.
    """

    lines: tuple[Text, ...] = ()
    buttons: Rows = ()
    attachment: Attachment | None = None
    card: str = ""
    again: bool = False
    """The message of this `card` is changed, though the question was no press on it."""
    new: bool = False
    toast: Text | None = None
    """Shown over the chat when the question was a press; a line of its own otherwise."""
    alert: bool = False
    """The toast has to be tapped away."""
    then: NextStep | None = None
    done: bool = False
    """Ends the dialog that is open in this chat."""
    also: "tuple[Reply, ...]" = ()

    @classmethod
    def of(cls, *lines: Text, buttons: Rows = ()) -> "Reply":
        return cls(lines, buttons)

    def with_(self, **changes: Any) -> "Reply":
        return replace(self, **changes)
