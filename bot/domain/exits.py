"""What OpenPAI's exit codes mean, for when the cluster itself is not there to say it."""

import json
from functools import cache
from importlib.resources import files

from bot.domain.jobs import Exit

UNKNOWN_POSITIVE = 256
UNKNOWN_NEGATIVE = -8000


def exit_of(code: int) -> Exit:
    """The exit spec's entry; a code without one has the entry of its sign, as in OpenPAI itself."""
    known = _table()
    found = known.get(code) or known[UNKNOWN_POSITIVE if code > 0 else UNKNOWN_NEGATIVE]
    return Exit(code, found.phrase, found.type, found.reason, found.solution)


@cache
def _table() -> dict[int, Exit]:
    raw = json.loads(files("bot.domain").joinpath("data/exit-codes.json").read_text("utf-8"))
    return {
        row["code"]: Exit(
            row["code"], row["phrase"], row["type"], row["reason"], tuple(row["solution"])
        )
        for row in raw
    }
