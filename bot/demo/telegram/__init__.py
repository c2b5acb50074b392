"""A strict Telegram Bot API server with a chat page, for tests and the demo.

It answers like the Bot API 10.1 as far as the contract knows it: parameters are checked by the
Bot API table, texts by Telegram's HTML rules, updates are delivered, confirmed and repeated as
getUpdates and webhooks do it, and every refusal has Telegram's words.

Not emulated: Markdown and MarkdownV2, rich and ephemeral messages, inline queries, payments,
games, polls, stickers, stories, business connections, topics in private chats, paid broadcast,
files by URL, albums of other kinds than photos and documents, thumbnails, link previews, custom
emoji (they are taken as text), replies across chats, restricted members and single admin rights,
slow mode, local server mode, answers of other bots, closing a webhook after a day of 410. Methods
outside data/bot-api.json are 404.
"""

from bot.demo.telegram.emulator import TelegramEmulator
from bot.demo.telegram.people.actors import CallbackAnswer, Group, Person
from bot.demo.telegram.people.hearing import Message
from bot.demo.telegram.server import Call
from bot.demo.telegram.traffic.flood import FloodLimits

__all__ = [
    "Call",
    "CallbackAnswer",
    "FloodLimits",
    "Group",
    "Message",
    "Person",
    "TelegramEmulator",
]
