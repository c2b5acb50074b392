"""What the clock does for people's folders: keeping logs, counting, reminding, and watching the server's key."""

from bot.services.files.care.keeping import Keeping
from bot.services.files.care.measuring import Measuring, Share
from bot.services.files.care.reminding import KEPT_DAYS
from bot.services.files.care.trust import Trust

__all__ = ["KEPT_DAYS", "Keeping", "Measuring", "Share", "Trust"]
