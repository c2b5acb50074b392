"""From one update to everything that follows from it: who asks, may they, what is the answer, where does it go."""

from bot.chat.answering.answering import Answering
from bot.chat.answering.outcome import Outcome
from bot.chat.answering.who import Site

__all__ = ["Answering", "Outcome", "Site"]
