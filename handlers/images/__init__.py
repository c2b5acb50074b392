"""What people ask about images."""

from bot.chat.router import Router
from handlers.images import browse, card, care, change, login, test

router = Router(browse.router, card.router, care.router, change.router, login.router, test.router)
