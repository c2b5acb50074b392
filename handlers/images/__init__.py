"""What people ask about images."""

from bot.chat.router import Router
from handlers.images import browse, card, login

router = Router(browse.router, card.router, login.router)
