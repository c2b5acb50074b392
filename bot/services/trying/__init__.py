"""Trying an image before work is trusted to it: the test job, and what came of it."""

from bot.services.trying.results import Results
from bot.services.trying.trying import Trying

__all__ = ["Results", "Trying"]
