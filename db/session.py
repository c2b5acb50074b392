"""The database as the rest sees it: `write` and `read` run a plain function in a transaction."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, make_url

from db.backends import migrating, sqlite
from db.backends.work import Crew, DatabaseRefused, NestedTransaction, refuse_nesting
from db.queries.chats import Chats
from db.queries.credentials import Credentials
from db.queries.drafts import Drafts
from db.queries.files import Folders, Trash
from db.queries.images import Images
from db.queries.imaging.robots import Robots
from db.queries.imaging.trials import Trials
from db.queries.jobs import Jobs
from db.queries.keptlogs import KeptLogs
from db.queries.messages.buttons import Buttons
from db.queries.messages.cards import Cards
from db.queries.messages.dialogs import Dialogs, HeldBack
from db.queries.messages.feeds import Feeds
from db.queries.messages.inbox import Inbox, Lanes
from db.queries.messages.outbox import Outbox
from db.queries.people import People
from db.queries.preferences import Choices
from db.queries.records import Audit, Leases, Meta
from db.queries.sizes import FolderSizes
from db.queries.storage.errands import Errands
from db.secrets import lend
from db.statements import Prepared, Statement, Transaction

__all__ = ["Database", "DatabaseRefused", "NestedTransaction", "UnitOfWork"]

T = TypeVar("T")


class UnitOfWork:
    """Everything that can be asked of the database, in one open transaction. Don't keep it."""

    def __init__(
        self, transaction: Transaction, language: str = "zh", admins: Collection[int] = ()
    ) -> None:
        self.transaction = transaction
        self.people = People(transaction, language, admins)
        self.preferences = Choices(transaction)
        self.chats = Chats(transaction)
        self.inbox = Inbox(transaction)
        self.lanes = Lanes(transaction)
        self.outbox = Outbox(transaction)
        self.cards = Cards(transaction)
        self.buttons = Buttons(transaction)
        self.dialogs = Dialogs(transaction)
        self.held = HeldBack(transaction)
        self.feeds = Feeds(transaction)
        self.credentials = Credentials(transaction)
        self.images = Images(transaction)
        self.trials = Trials(transaction)
        self.robots = Robots(transaction)
        self.jobs = Jobs(transaction)
        self.drafts = Drafts(transaction)
        self.folders = Folders(transaction)
        self.trash = Trash(transaction)
        self.errands = Errands(transaction)
        self.kept_logs = KeptLogs(transaction)
        self.folder_sizes = FolderSizes(transaction)
        self.leases = Leases(transaction)
        self.meta = Meta(transaction)
        self.audit = Audit(transaction)

    def sweep(self, settled_before: datetime, now: datetime, audit_before: datetime) -> None:
        """Forget what has served: what was settled before, what expired by now, old audit rows."""
        self.inbox.sweep(settled_before)
        self.outbox.sweep(settled_before)
        self.cards.sweep(settled_before)
        self.drafts.sweep(now)
        self.buttons.sweep(now)
        self.dialogs.sweep(now)
        self.audit.sweep(audit_before)


class Database:
    """One database, for one event loop.

    A transaction is a plain function, so nothing can be awaited inside. On PostgreSQL it may run more than
    once before it succeeds: it must change nothing but the database. The result comes back after the commit.
    """

    def __init__(
        self,
        url: str,
        keys: Sequence[str] = (),
        *,
        language: str = "zh",
        admins: Collection[int] = (),
        readers: int = 3,
        connections: int = 8,
        group: int = 64,
    ) -> None:
        """`keys` open the encrypted columns, newest first. `language` is the site's, `admins` those of its
        settings: they decide what a Person reads and may. `readers` and `group` (how many writes may share
        a commit) are SQLite's, `connections` PostgreSQL's.
        """
        self._url = make_url(url)
        self.keys = tuple(keys)
        self._language = language
        self._admins = frozenset(admins)
        self._readers = readers
        self._connections = connections
        self._group = group
        self._known: dict[Statement, Prepared] = {}
        self._engines: list[Engine] = []
        self._writing: Crew | None = None
        self._reading: Crew | None = None

    async def migrate(self) -> None:
        """Bring the tables to this version, before or after `open`; a second instance waits its turn."""
        await asyncio.to_thread(migrating.upgrade, self._url)

    async def open(self) -> None:
        """Connect, and find out whether that works. Raises DatabaseRefused."""
        if self._url.get_backend_name() == "sqlite":
            await asyncio.to_thread(sqlite.prepare_file, self._url)
            self._open_sqlite()
        else:
            self._open_postgresql()
        try:
            await self.read(lambda uow: uow.transaction.core.exec_driver_sql("SELECT 1").scalar())
        except BaseException:
            await self.close()
            raise

    def _open_sqlite(self) -> None:
        writer = self._engine(sqlite.make_engine(self._url))
        pragmas = (*sqlite.PRAGMAS, "query_only = ON")
        reader = self._engine(sqlite.make_engine(self._url, pragmas=pragmas))
        make = self._unit_of_work
        self._writing = Crew(
            "db-writer", lambda: sqlite.Writer(writer, make), threads=1, most=self._group
        )
        self._reading = Crew(
            "db-reader", lambda: sqlite.Reader(reader, make), threads=self._readers, most=8
        )

    def _open_postgresql(self) -> None:
        # Imported late: psycopg takes its time, and most sites never need it.
        from db.backends import postgresql

        writer = self._engine(postgresql.make_engine(self._url))
        reader = self._engine(
            postgresql.make_engine(self._url, isolation="REPEATABLE READ", read_only=True)
        )
        make = self._unit_of_work
        self._writing = Crew(
            "db-writer",
            lambda: postgresql.Connected(writer, make),
            threads=self._connections,
            most=1,
        )
        self._reading = Crew(
            "db-reader",
            lambda: postgresql.Connected(reader, make),
            threads=self._readers,
            most=1,
        )

    async def close(self) -> None:
        """Finish what was asked before, refuse what is asked later."""
        for crew in (self._writing, self._reading):
            if crew is not None:
                await crew.close()
        for engine in self._engines:
            engine.dispose()
        self._engines.clear()

    def write(
        self, work: Callable[[UnitOfWork], T], *, hurry: bool = True
    ) -> Coroutine[Any, Any, T]:
        """Run `work` in a transaction; what it raises is raised here, and then nothing of it is kept.

        Without `hurry` it may wait some milliseconds for others, to share their commit.
        A cancelled caller does not know: its transaction is left out if its turn has not come, else committed.
        Raises DatabaseRefused when the database can't (full, locked, unreachable): nothing was kept.
        """
        refuse_nesting()
        return self._crew(self._writing).call(work, hurry=hurry)

    def read(self, work: Callable[[UnitOfWork], T]) -> Coroutine[Any, Any, T]:
        """Run `work` on one consistent snapshot; it sees every write that was awaited before."""
        refuse_nesting()
        return self._crew(self._reading).call(work)

    @staticmethod
    def _crew(crew: Crew | None) -> Crew:
        if crew is None:
            raise DatabaseRefused("the database is not open")
        return crew

    def _engine(self, engine: Engine) -> Engine:
        lend(engine.dialect, self.keys)
        self._engines.append(engine)
        return engine

    def _unit_of_work(self, connection: Connection) -> UnitOfWork:
        return UnitOfWork(Transaction(connection, self._known), self._language, self._admins)
