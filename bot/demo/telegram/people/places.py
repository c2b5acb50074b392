"""People, groups, topics and channels: how they come to be, change and end."""

from bot.demo.telegram.state import TELEGRAM_SERVICE, Chat, Json, Message, Topic, User
from bot.demo.telegram.telegram import Event, Telegram
from bot.demo.telegram.wire.render import user_json

COLORS = ("#e17076", "#4a90d9", "#6fb35e", "#a77bd4", "#e39a3b", "#45a9b0", "#d9679b")


class Places:
    """Who is there and in which chats; each change is told to the bot as Telegram would."""

    def __init__(self, tg: Telegram) -> None:
        self._tg = tg

    def person(
        self,
        name: str,
        *,
        username: str = "",
        language: str = "",
        role: str = "",
        color: str = "",
        user_id: int | None = None,
    ) -> User:
        """A person, who gets a private chat; the same username (or id) again is the same person."""
        state = self._tg.state
        for known in state.users.values():
            if known.id == user_id or (username and known.username == username):
                return known
        state.last_user_id += 1
        first, _, last = name.partition(" ")
        user = User(
            id=user_id or state.last_user_id,
            first_name=first,
            last_name=last,
            username=username,
            language_code=language,
            role=role,
            color=color or COLORS[len(state.users) % len(COLORS)],
        )
        state.users[user.id] = user
        self._tg.add_chat(Chat(user.id, "private"))
        return user

    def group(
        self,
        title: str,
        members: dict[int, str],
        *,
        supergroup: bool,
        topics: list[str],
        by: User | None,
    ) -> Chat:
        """A group with the bot in it; the same title again is the same group."""
        for known in self._tg.state.chats.values():
            if known.title == title and known.migrated_to is None and not known.deleted:
                return known
        self._tg.state.last_group_id += 1
        number = self._tg.state.last_group_id
        chat = Chat(
            id=-1_000_000_000_000 - number if supergroup else -number,
            type="supergroup" if supergroup else "group",
            title=title,
            members=members,
            bot="left",
            is_forum=bool(topics),
        )
        self._tg.add_chat(chat)
        # Message 1 of a supergroup is its creation, so topic ids start later.
        chat.last_message_id = 1
        for name in topics:
            self.add_topic(chat, name)
        if by is not None:
            self._tg.set_bot_standing(chat, "member", by)
            self._service(chat, by.id, {"new_chat_members": [user_json(self._tg.state.bot)]})
        else:
            chat.bot = "member"
        return chat

    def add_topic(self, chat: Chat, name: str) -> Topic:
        chat.is_forum = True
        topic = Topic(self._tg.next_message_id(chat), name)
        chat.topics[topic.id] = topic
        self.open_topic(chat, topic)
        return topic

    def open_topic(self, chat: Chat, topic: Topic) -> None:
        """Puts the topic's first message, which has the topic's id, into the chat."""
        creator = next(iter(chat.members), TELEGRAM_SERVICE)
        service = {"forum_topic_created": {"name": topic.name, "icon_color": topic.icon_color}}
        self._tg.post(
            Message(
                id=topic.id,
                chat_id=chat.id,
                date=self._tg.now(),
                sender_id=creator,
                topic=topic.id,
                service=service,
            )
        )
        self._tg.tell(Event("chat", chat.id))

    def channel(self, title: str, *, bot: str = "administrator") -> Chat:
        self._tg.state.last_group_id += 1
        chat_id = -1_000_000_000_000 - self._tg.state.last_group_id
        return self._tg.add_chat(Chat(chat_id, "channel", title, bot=bot))

    def block(self, person: User) -> None:
        self._tg.set_bot_standing(self._tg.state.chats[person.id], "kicked", person)

    def unblock(self, person: User) -> None:
        self._tg.set_bot_standing(self._tg.state.chats[person.id], "member", person)

    def migrate(self, chat: Chat, by: User) -> Chat:
        """A basic group becomes a supergroup with a new id; the old one only points there."""
        if chat.type != "group":
            raise ValueError(f"{chat.title} is a {chat.type}, only a basic group migrates")
        self._tg.state.last_group_id += 1
        new = Chat(
            id=-1_000_000_000_000 - self._tg.state.last_group_id,
            type="supergroup",
            title=chat.title,
            members=dict(chat.members),
            bot=chat.bot,
        )
        self._tg.add_chat(new)
        self._service(chat, by.id, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self._service(new, by.id, {"migrate_from_chat_id": chat.id})
        return new

    def _service(self, chat: Chat, by: int, service: Json) -> Message:
        message = Message(
            id=self._tg.next_message_id(chat),
            chat_id=chat.id,
            date=self._tg.now(),
            sender_id=by,
            service=service,
        )
        return self._tg.post(message)

    def kick_bot(self, chat: Chat, by: User) -> None:
        self._service(chat, by.id, {"left_chat_member": user_json(self._tg.state.bot)})
        self._tg.set_bot_standing(chat, "kicked", by)

    def join(self, chat: Chat, person: User) -> None:
        self._tg.set_member(chat, person, "member", person)
        self._service(chat, person.id, {"new_chat_members": [user_json(person)]})

    def leave(self, chat: Chat, person: User) -> None:
        self._service(chat, person.id, {"left_chat_member": user_json(person)})
        self._tg.set_member(chat, person, "left", person)
