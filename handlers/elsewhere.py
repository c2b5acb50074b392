"""For commands that a group is only led away from: whatever else was said does not matter there."""

from dataclasses import dataclass

from bot.chat.arguments import Rest


@dataclass(frozen=True, slots=True)
class Words:
    words: Rest = Rest("")
