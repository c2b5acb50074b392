"""What people ask about images."""

from bot.chat.router import Router
from handlers.images import browse, card, change, login

router = Router(browse.router, card.router, change.router, login.router)
