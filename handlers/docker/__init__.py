"""Docker for people who have never used it: the guide and the Dockerfile wizard."""

from bot.chat.router import Router
from handlers.docker import guide, wizard

router = Router(guide.router, wizard.router)
