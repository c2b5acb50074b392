"""Choosing an image, and trying it before work is trusted to it."""

from bot.services.trying.picking import Offer, Picking
from bot.services.trying.results import Results
from bot.services.trying.trying import Trying

__all__ = ["Offer", "Picking", "Results", "Trying"]
