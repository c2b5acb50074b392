"""People and groups as tests and the demo's story drive them."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo.telegram.people.crowd import Crowd, anonymous, as_channel
from bot.demo.telegram.people.hearing import Ears, Message, seen
from bot.demo.telegram.people.places import Places
from bot.demo.telegram.state import Chat, Json, User
from bot.demo.telegram.state import Message as Stored
from bot.demo.telegram.telegram import Telegram
from bot.demo.telegram.wire.links import deep_link


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What a press led to: the toast or alert, a link to open, or a copied text."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    copied: str = ""

    def __contains__(self, fragment: str) -> bool:
        return fragment in self.text


@dataclass(frozen=True, slots=True)
class Stage:
    """What a driver needs to act and to listen."""

    tg: Telegram
    places: Places
    crowd: Crowd
    ears: Ears


@dataclass(frozen=True, slots=True)
class Group:
    """A group, supergroup or channel."""

    stage: Stage
    chat: Chat

    @property
    def id(self) -> int:
        return self.chat.id

    def topic(self, name: str) -> int:
        for topic in self.chat.topics.values():
            if topic.name == name:
                return topic.id
        raise KeyError(f"no topic {name!r} in {self.chat.title}")

    def adds_topic(self, name: str) -> int:
        return self.stage.places.add_topic(self.chat, name).id

    def deletes_topic(self, name: str) -> None:
        self.stage.tg.delete_topic(self.chat, self.topic(name))

    def migrates(self) -> "Group":
        """Becomes a supergroup; the returned group is the new one, with a new id."""
        return Group(self.stage, self.stage.places.migrate(self.chat, self._owner()))

    def kicks_bot(self) -> None:
        self.stage.places.kick_bot(self.chat, self._owner())

    def promotes_bot(self) -> None:
        self.stage.tg.set_bot_standing(self.chat, "administrator", self._owner())

    def adds_bot(self) -> None:
        self.stage.tg.set_bot_standing(self.chat, "member", self._owner())

    def adds(self, person: "Person") -> None:
        self.stage.places.join(self.chat, person.user)

    def removes(self, person: "Person") -> None:
        self.stage.places.leave(self.chat, person.user)

    async def anonymous_says(self, text: str, *, topic: int | None = None) -> Message:
        """An admin who hides behind the group writes."""
        crowd = self.stage.crowd
        stored = crowd.say_hidden(self.chat, text, anonymous(self.chat), topic)
        return seen(self.stage.tg, stored)

    async def channel_says(self, text: str, channel: "Group", *, linked: bool = False) -> Message:
        """Somebody writes into the group as a channel; `linked`: its post is forwarded."""
        sender = as_channel(channel.chat, linked=linked)
        stored = self.stage.crowd.say_hidden(self.chat, text, sender, None)
        return seen(self.stage.tg, stored)

    async def posts(self, text: str) -> Message:
        """A channel's own post."""
        sender = as_channel(self.chat, linked=False)
        return seen(self.stage.tg, self.stage.crowd.say_hidden(self.chat, text, sender, None))

    def _owner(self) -> User:
        admins = [one for one in self.chat.members if self.chat.is_admin(one)]
        return self.stage.tg.state.users[(admins or list(self.chat.members))[0]]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account. Without `chat`, the private chat with the bot is meant."""

    stage: Stage
    user: User

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def name(self) -> str:
        return self.user.name

    def _chat(self, chat: Group | None) -> Chat:
        return self.stage.tg.state.chats[self.id] if chat is None else chat.chat

    # Doing

    async def sends(
        self,
        text: str,
        chat: Group | None = None,
        topic: int | None = None,
        reply_to: Message | int | None = None,
        quote: str = "",
    ) -> Message:
        replied = reply_to.id if isinstance(reply_to, Message) else reply_to
        stored = self.stage.crowd.say(
            self.user, self._chat(chat), text, topic=topic, reply_to=replied, quote=quote
        )
        return seen(self.stage.tg, stored)

    async def starts(self, payload: str = "") -> Message:
        """Presses START, or follows a deep link."""
        return seen(self.stage.tg, self.stage.crowd.start(self.user, payload))

    async def sends_documents(
        self, files: Mapping[str, bytes], caption: str = "", chat: Group | None = None
    ) -> None:
        """Several at once: one message each, of one album, and the caption on the first."""
        crowd, album = self.stage.crowd, str(secrets.randbelow(10**11))
        for name, content in files.items():
            crowd.send_file(
                self.user, self._chat(chat), name, content, caption=caption, album=album
            )
            caption = ""

    async def sends_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        mime: str = "",
        chat: Group | None = None,
        topic: int | None = None,
    ) -> Message:
        stored = self.stage.crowd.send_file(
            self.user, self._chat(chat), name, content, mime=mime, caption=caption, topic=topic
        )
        return seen(self.stage.tg, stored)

    async def sends_photo(
        self, content: bytes, caption: str = "", *, chat: Group | None = None
    ) -> Message:
        stored = self.stage.crowd.send_file(
            self.user, self._chat(chat), "photo.jpg", content, caption=caption, photo=True
        )
        return seen(self.stage.tg, stored)

    async def edits(self, message: Message, text: str) -> None:
        self.stage.crowd.edit(self._stored(message), text)

    async def deletes(self, message: Message) -> None:
        """Deletes for everybody; bots are not told of this."""
        self.stage.tg.delete(self._stored(message))

    async def reacts(self, message: Message, *emoji: str) -> None:
        self.stage.tg.react(self._stored(message), self.id, list(emoji))

    async def presses(self, label: str, on: Message, within: float | None = 20.0) -> CallbackAnswer:
        """Presses the button whose text contains the label and waits for the bot's answer.

        The message is looked at as it is now, unless it was deleted. A link to the bot itself is
        followed. With `within=None` nothing is waited for.
        """
        button = self._button(label, (on.now or on).keyboard)
        if url := button.get("url"):
            payload = deep_link(url, self.stage.tg.state.bot.username)
            if payload is not None:
                await self.starts(payload)
            return CallbackAnswer(url=url)
        if "copy_text" in button:
            return CallbackAnswer(copied=button["copy_text"]["text"])
        if "callback_data" not in button:
            raise AssertionError(f"the button {button} can't be pressed here")
        return await self.presses_data(button["callback_data"], on, within)

    async def presses_data(
        self, data: str, on: Message, within: float | None = 20.0
    ) -> CallbackAnswer:
        """Sends this callback data, also when no such button is there (any more)."""
        query = self.stage.crowd.press(self.user, on.stored, data)
        if within is None:
            return CallbackAnswer()
        try:
            answer = await asyncio.wait_for(asyncio.shield(query.answer), within)
        except TimeoutError:
            raise AssertionError(
                f"{self.name} pressed {data!r}: no answer within {within} s"
            ) from None
        return CallbackAnswer(answer["text"], answer["show_alert"], answer["url"])

    @staticmethod
    def _button(label: str, keyboard: list[list[Json]]) -> Json:
        buttons = [button for row in keyboard for button in row]
        for exact in (True, False):
            for button in buttons:
                if button["text"] == label or (not exact and label in button["text"]):
                    return button
        raise AssertionError(f"no button {label!r} among {[button['text'] for button in buttons]}")

    def _stored(self, message: Message) -> Stored:
        stored = self.stage.tg.state.messages[message.chat_id].get(message.id)
        if stored is None:
            raise AssertionError(f"the message {message.text!r} was deleted")
        return stored

    def blocks_bot(self) -> None:
        self.stage.places.block(self.user)

    def unblocks_bot(self) -> None:
        self.stage.places.unblock(self.user)

    def is_deactivated(self) -> None:
        """The account is gone: sends to it are refused for good."""
        self.user.deactivated = True

    # Hearing

    async def hears(
        self,
        fragment: str,
        within: float = 20.0,
        chat: Group | None = None,
        *,
        new_only: bool = True,
    ) -> Message:
        """The oldest message or edit of the bot that contains the fragment.

        All chats this person is in are listened to, or only `chat`. What was heard once is not
        heard again, unless `new_only` is off.
        """
        ears = self.stage.ears
        chat_id = None if chat is None else chat.id

        def found() -> Message | None:
            for one in ears.unheard(self.id, chat_id, new_only=new_only):
                if fragment in one.message.text:
                    one.heard_by.add(self.id)
                    return one.message
            return None

        message = await ears.wait_until(found, within)
        if message is None:
            heard = [one.message for one in ears.unheard(self.id, chat_id, new_only=False)]
            lines = "\n".join(f"  {one.text[:300]!r} {one.buttons}" for one in heard[-8:])
            raise AssertionError(
                f"{self.name} did not hear {fragment!r} within {within} s, but:\n"
                f"{lines or '  nothing'}"
            )
        return message

    async def hears_nothing(self, within: float = 0.3, chat: Group | None = None) -> None:
        """Fails if the bot says or edits anything new in this time."""
        ears = self.stage.ears
        chat_id = None if chat is None else chat.id
        before = len(ears.unheard(self.id, chat_id, new_only=True))

        def more() -> list[Message]:
            return [one.message for one in ears.unheard(self.id, chat_id, new_only=True)[before:]]

        heard = await ears.wait_until(more, within)
        if heard:
            raise AssertionError(f"{self.name} heard {[one.text for one in heard]}")

    def forgets(self) -> None:
        """Whatever was said until now counts as heard."""
        for one in self.stage.ears.unheard(self.id, None, new_only=True):
            one.heard_by.add(self.id)

    def messages(self, chat: Group | None = None) -> list[Message]:
        """All messages of the bot in the chat as they stand now, oldest first."""
        tg = self.stage.tg
        return [
            seen(tg, stored)
            for stored in tg.state.messages[self._chat(chat).id].values()
            if stored.sender_id == tg.state.bot.id and stored.service is None
        ]
