"""What people ask about images."""

from bot.chat.router import Router
from handlers.images import browse, card, care, catalogue, change, login, push, test

router = Router(
    browse.router,
    card.router,
    care.router,
    catalogue.router,
    change.router,
    login.router,
    push.router,
    test.router,
)
