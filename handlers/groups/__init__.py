"""What admins decide in a group: whether it may use the bot, and what it is told."""

from bot.chat.router import Router
from handlers.groups import allowing, feed

router = Router(allowing.router, feed.router)
