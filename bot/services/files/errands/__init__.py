"""What takes a while on the storage server: transfers and unpacking, told about in one message each."""

from bot.services.files.errands.running import Carrying, Errands, Outcome
from bot.services.files.errands.telling import Told, card, stop_button
from bot.services.files.errands.transfers import Closed, Transfers

__all__ = ["Carrying", "Closed", "Errands", "Outcome", "Told", "Transfers", "card", "stop_button"]
