"""What the bot can do: commands, buttons, dialog steps, and where each may be asked."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.chat import arguments
from bot.chat.incoming import File
from bot.chat.reply import Reply
from bot.domain.people import Person, Place, Role
from bot.domain.text import text
from bot.services import Services

Args = TypeVar("Args")

AGAIN = "again"
"""The button that runs a command line as if it had just been written."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The arguments of a command that takes none."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever else was said, where it does not matter: a group is only led away from such a command."""

    words: arguments.Rest = arguments.Rest("")


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a question was asked."""

    id: int
    place: Place
    topic: int | None = None
    title: str = ""
    allowed: bool = True
    """An admin allowed this group; always true in private."""


@dataclass(frozen=True, slots=True)
class Ask(Generic[Args]):
    """A question, complete: a handler needs nothing else."""

    person: Person
    args: Args
    services: Services
    key: str
    """`<bot id>:<update_id>:<n>`: the same question asked twice carries the same key."""
    chat: Chat
    now: datetime
    message: int | None = None
    file: File | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    """What the dialog remembers."""
    late: bool = False
    """Asked over 15 minutes ago: whatever changes something shows itself first."""
    router: "Router | None" = None
    """For `/help`, which is made from what is registered."""
    awaited: str = ""
    """The step that waits for words in this private chat, whatever was pressed or written now."""


Handler = Callable[[Ask[Any]], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    run: Handler
    place: Place
    role: Role
    takes: type
    needs: str = ""
    """Name of the optional system without which the command does not exist: `harbor`, `storage`, `web`."""
    changes: bool = False
    """Its words change something at once: older than 15 minutes, it is shown with a button."""
    secret: bool = False
    """Its words may hold a password: the question is deleted, and in a group never used."""
    hidden: bool = False
    """Works, but is not in menus."""
    how: str = ""
    """Key of a text with examples, shown with the help; its usage is then said there."""
    about: str = ""
    """Key of its one-line help, where `help-<name>` is that of the same command in another place."""

    @property
    def help(self) -> str:
        """The key of its one-line help."""
        return self.about or f"help-{self.name}"


@dataclass(frozen=True, slots=True)
class Route:
    """A button, a dialog step, or what to do with a document or with words nobody expected."""

    name: str
    run: Handler
    role: Role
    takes: type
    place: Place = Place.ANY
    """PRIVATE: wherever it was pressed, the answer goes to the private chat."""
    secret: bool = False
    """The message holds a password: it is deleted before anything else happens."""


def explanation(command: Command) -> Reply:
    """What `/command help` and `/help command` answer."""
    title = text("help-line", name=command.name, help=text(command.help))
    if command.how:
        return Reply.of(title, text(command.how))
    return Reply.of(title, *arguments.usage(command.takes, command.name))


class Router:
    """The commands, buttons and steps of one module, or of several merged together."""

    def __init__(self, *others: "Router") -> None:
        self._commands: dict[tuple[str, Place], Command] = {}
        self._buttons: dict[str, Route] = {}
        self._steps: dict[str, Route] = {}
        self._rest: dict[str, Route] = {}
        for other in others:
            for command in other:
                self._add(command)
            for route in other._buttons.values():
                self._put(self._buttons, route)
            for route in other._steps.values():
                self._put(self._steps, route)
            for route in other._rest.values():
                self._put(self._rest, route)

    def __iter__(self) -> Iterator[Command]:
        """Every command once per place, in the order they were registered."""
        return iter(self._commands.values())

    def command(
        self,
        name: str,
        *,
        place: Place = Place.ANY,
        role: Role = Role.MEMBER,
        takes: type = Nothing,
        needs: str = "",
        changes: bool = False,
        secret: bool = False,
        hidden: bool = False,
        how: str = "",
        about: str = "",
    ) -> Callable[[Handler], Handler]:
        """Register a command for one place, or for both with `Place.ANY`.

        One registered for PRIVATE only may be asked in a group too: its answer goes to the private chat.
        """

        def register(run: Handler) -> Handler:
            self._add(
                Command(name, run, place, role, takes, needs, changes, secret, hidden, how, about)
            )
            return run

        return register

    def button(
        self,
        name: str,
        *,
        takes: type = Nothing,
        role: Role = Role.MEMBER,
        place: Place = Place.ANY,
    ) -> Callable[[Handler], Handler]:
        def register(run: Handler) -> Handler:
            self._put(self._buttons, Route(name, run, role, takes, place))
            return run

        return register

    def step(
        self, name: str, *, role: Role = Role.MEMBER, secret: bool = False
    ) -> Callable[[Handler], Handler]:
        """A dialog step: `ask.args` is the person's message as written, `ask.data` what is remembered."""

        def register(run: Handler) -> Handler:
            self._put(self._steps, Route(name, run, role, str, secret=secret))
            return run

        return register

    def document(self, *, role: Role = Role.MEMBER) -> Callable[[Handler], Handler]:
        """What to do with a file sent in private; `ask.file` says which, `ask.args` is its caption."""

        def register(run: Handler) -> Handler:
            self._put(self._rest, Route("document", run, role, str))
            return run

        return register

    def otherwise(self) -> Callable[[Handler], Handler]:
        """What to answer in private to words that are neither command nor dialog; `ask.args` are the words."""

        def register(run: Handler) -> Handler:
            self._put(self._rest, Route("otherwise", run, Role.STRANGER, str))
            return run

        return register

    def find(self, name: str, place: Place) -> Command | None:
        """The command as asked in `place`; in a group the private one when the group has none of its own."""
        return (
            self._commands.get((name, place))
            or self._commands.get((name, Place.ANY))
            or self._commands.get((name, Place.PRIVATE))
        )

    def find_button(self, name: str) -> Route | None:
        return self._buttons.get(name)

    def find_step(self, name: str) -> Route | None:
        return self._steps.get(name)

    @property
    def for_document(self) -> Route | None:
        return self._rest.get("document")

    @property
    def for_anything_else(self) -> Route | None:
        return self._rest.get("otherwise")

    @property
    def names(self) -> tuple[str, ...]:
        """Every command's name, once."""
        return tuple(dict.fromkeys(c.name for c in self))

    @property
    def buttons(self) -> tuple[Route, ...]:
        return tuple(self._buttons.values())

    @property
    def steps(self) -> tuple[Route, ...]:
        return tuple(self._steps.values())

    def without(self, missing: frozenset[str]) -> "Router":
        """The same router less the commands whose system is not configured."""
        rest = Router()
        rest._commands = {k: c for k, c in self._commands.items() if c.needs not in missing}
        rest._buttons, rest._steps, rest._rest = self._buttons, self._steps, self._rest
        return rest

    def _add(self, command: Command) -> None:
        places = {command.place} if command.place is not Place.ANY else set(Place)
        for place in places | {command.place, Place.ANY}:
            if (command.name, place) in self._commands:
                raise ValueError(f"/{command.name} is registered twice for {command.place.value}")
        self._commands[command.name, command.place] = command

    @staticmethod
    def _put(routes: dict[str, Route], route: Route) -> None:
        if route.name in routes:
            raise ValueError(f"{route.name} is registered twice")
        routes[route.name] = route
