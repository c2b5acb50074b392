"""The emulated Telegram itself: what happens to people, chats and messages, and who learns of it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.filestore import FileStore
from bot.demo.telegram.state import Chat, Json, Message, State, User
from bot.demo.telegram.traffic.faults import Faults
from bot.demo.telegram.traffic.flood import Flood, FloodLimits
from bot.demo.telegram.traffic.updates import UpdateQueue
from bot.demo.telegram.wire.render import chat_json, member_json, message_json, user_json

# A chat of the demo may run for days; older messages than these fall out of it.
MESSAGES_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that can be seen in a chat: what kind, where, which message, as it was then."""

    kind: str
    chat_id: int
    message: Message | None = None
    detail: Json = field(default_factory=dict)


@dataclass(slots=True)
class CallbackQuery:
    """A pressed button that waits for the bot's answer."""

    id: str
    pressed: float
    answer: asyncio.Future[Json]


class Telegram:
    """State and rules; everything that changes goes through here, so that every reader sees it."""

    def __init__(
        self,
        state: State,
        clock: Callable[[], float],
        *,
        limits: FloodLimits | None,
        files: Path | None,
        privacy: bool,
    ) -> None:
        self.state = state
        self.clock = clock
        self.files = FileStore(state, files)
        self.queue = UpdateQueue(state, clock)
        self.faults = Faults(clock)
        self.faults.on_cut_polls(self.queue.cut_poll)
        self.flood = Flood(limits, clock)
        self.privacy = privacy
        self.callbacks: dict[str, CallbackQuery] = {}
        self.drafts: dict[int, str] = {}
        self.logged_out = False
        self.webhook_set = 0.0
        self.on_webhook: Callable[[], None] = lambda: None
        self._watchers: list[Callable[[Event], None]] = []

    def now(self) -> int:
        return int(self.clock())

    def watch(self, watcher: Callable[[Event], None]) -> None:
        """Each event from now on is told to the watcher, at once and in order."""
        self._watchers.append(watcher)

    def tell(self, event: Event) -> None:
        for watcher in self._watchers:
            watcher(event)

    # Finding

    def chat(self, chat_id: int | str) -> Chat:
        """The chat of a call; 400 for one nobody ever saw."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            name = chat_id[1:].lower()
            for chat in self.state.chats.values():
                if chat.username.lower() == name and not chat.is_private:
                    return chat
            raise bad_request("Chat not found")
        try:
            return self.state.chats[int(chat_id)]
        except (KeyError, ValueError):
            raise bad_request("Chat not found") from None

    def message(self, chat: Chat, message_id: int | None) -> Message | None:
        return self.state.messages[chat.id].get(message_id or 0)

    def add_chat(self, chat: Chat) -> Chat:
        self.state.chats[chat.id] = chat
        self.state.messages.setdefault(chat.id, {})
        return chat

    # Messages

    def next_message_id(self, chat: Chat) -> int:
        """Private chats and basic groups share one sequence, supergroups have their own."""
        counter: Chat | State = self.state if chat.type in ("private", "group") else chat
        counter.last_message_id += 1
        return counter.last_message_id

    def post(self, message: Message) -> Message:
        """Puts a message into its chat, whoever wrote it, and delivers it to whom it concerns."""
        chat = self.state.chats[message.chat_id]
        known = self.state.messages[chat.id]
        known[message.id] = message
        if len(known) > MESSAGES_KEPT:
            del known[next(iter(known))]
        if message.service is None:
            chat.bot_wrote_last = message.sender_id == self.state.bot.id or (
                chat.bot_wrote_last and not self._is_other_bot(message.sender_id)
            )
        self.tell(Event("message", chat.id, message))
        if message.sender_id != self.state.bot.id and self.bot_may_read(chat, message):
            kind = "channel_post" if chat.type == "channel" else "message"
            self.queue.push(kind, message_json(self.state, message), chat.id)
        return message

    def changed(self, message: Message) -> None:
        """To be called after a message's text, media or keyboard changed."""
        message.edits += 1
        self.tell(Event("edit", message.chat_id, message))
        chat = self.state.chats[message.chat_id]
        if message.sender_id != self.state.bot.id and self.bot_may_read(chat, message):
            kind = "edited_channel_post" if chat.type == "channel" else "edited_message"
            self.queue.push(kind, message_json(self.state, message), chat.id)

    def delete(self, message: Message) -> None:
        self.state.messages[message.chat_id].pop(message.id, None)
        self.tell(Event("delete", message.chat_id, message))

    def react(self, message: Message, by: int, emoji: list[str]) -> None:
        """Sets somebody's reactions; a person's are told to the bot where it is an admin."""
        before = message.reactions.pop(by, [])
        if emoji:
            message.reactions[by] = emoji
        self.tell(Event("reaction", message.chat_id, message))
        chat = self.state.chats[message.chat_id]
        if by != self.state.bot.id and (chat.is_private or chat.bot == "administrator"):
            content = {
                "chat": chat_json(self.state, chat),
                "message_id": message.id,
                "user": user_json(self.state.users[by]),
                "date": self.now(),
                "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
                "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
            }
            self.queue.push("message_reaction", content, chat.id)

    def delete_topic(self, chat: Chat, topic_id: int) -> None:
        """The topic and everything in it."""
        del chat.topics[topic_id]
        for message in list(self.state.messages[chat.id].values()):
            if message.topic == topic_id:
                self.delete(message)
        self.tell(Event("chat", chat.id))

    # What the bot may read and write

    def bot_may_read(self, chat: Chat, message: Message) -> bool:
        """Privacy mode: in a group the bot gets commands, mentions, replies to it, service messages.

        A bare `/command` arrives unless another bot wrote last. Where Telegram's two descriptions
        of this differ, the wider one holds here.
        """
        if chat.bot not in ("member", "administrator") or self._is_other_bot(message.sender_id):
            return False
        if chat.is_private or chat.bot == "administrator" or not self.privacy:
            return True
        if message.service is not None:
            return True
        replied = self.message(chat, message.reply_to)
        if replied is not None and replied.sender_id == self.state.bot.id:
            return True
        name = f"@{self.state.bot.username}".lower()
        text = message.text.lower()
        if name in text:
            return True
        command = text.startswith("/") and "@" not in text.split(maxsplit=1)[0]
        return command and chat.bot_wrote_last

    def _is_other_bot(self, user_id: int) -> bool:
        user = self.state.users.get(user_id)
        return user is not None and user.is_bot

    def check_writable(self, chat: Chat) -> None:
        """403, or 400 with the new id, where the bot's messages can't go."""
        if chat.migrated_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                parameters={"migrate_to_chat_id": chat.migrated_to},
            )
        reason = self._closed(chat)
        if reason:
            raise ApiError(403, f"Forbidden: {reason}")

    def _closed(self, chat: Chat) -> str:
        if chat.is_private:
            if self.state.users[chat.id].deactivated:
                return "user is deactivated"
            if chat.bot == "kicked":
                return "bot was blocked by the user"
            return "" if chat.started else "bot can't initiate conversation with a user"
        if chat.deleted:
            return "the group chat was deleted"
        if chat.bot == "kicked":
            return f"bot was kicked from the {chat.type} chat"
        if chat.bot == "left":
            return f"bot is not a member of the {chat.type} chat"
        if chat.type == "channel" and chat.bot != "administrator":
            return "bot is not a member of the channel chat"
        return ""

    # Standing

    def set_bot_standing(self, chat: Chat, standing: str, by: User) -> None:
        """Blocks, unblocks, adds, promotes or kicks the bot, which learns of it."""
        before = member_json(self.state, chat, self.state.bot.id)
        chat.bot = standing
        content = {
            "chat": chat_json(self.state, chat),
            "from": user_json(by),
            "date": self.now(),
            "old_chat_member": before,
            "new_chat_member": member_json(self.state, chat, self.state.bot.id),
        }
        self.queue.push("my_chat_member", content, chat.id)
        self.tell(Event("chat", chat.id))

    def set_member(self, chat: Chat, person: User, standing: str, by: User) -> None:
        before = member_json(self.state, chat, person.id)
        chat.members[person.id] = standing
        if chat.bot == "administrator":
            content = {
                "chat": chat_json(self.state, chat),
                "from": user_json(by),
                "date": self.now(),
                "old_chat_member": before,
                "new_chat_member": member_json(self.state, chat, person.id),
            }
            self.queue.push("chat_member", content, chat.id)
        self.tell(Event("chat", chat.id))
