"""Puts together what works on people's folders, as the settings say."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from urllib.parse import urlsplit

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.domain.files.mounting import Export
from bot.domain.files.sshkeys import OwnKey
from bot.domain.files.transfers.fetching import KeyPair
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.domain.text import Text
from bot.parts.configured import keys
from bot.schedule import Tick
from bot.services.alerts import Alerts
from bot.services.files import (
    Albums,
    Browsing,
    Closed,
    Crates,
    Editing,
    Errands,
    FileChecks,
    Folders,
    Keeping,
    Measuring,
    OwnKeys,
    Storage,
    StorageSite,
    Transfers,
    Trash,
    Trust,
    Unpacking,
    Uploads,
    Visits,
)
from bot.services.files.ownkeys import own_key_of
from bot.services.tokens import Tokens
from bot.settings import Settings
from bot.settings.sections import Storage as StorageSettings
from bot.storage import Login, PersonalStores, StorageServer, keypairs, read_own_key
from bot.web import edit, upload
from db import Database, UnitOfWork

EXPIRE_SECONDS = 3600.0
KEEP_SECONDS = 10.0
TRUST_SECONDS = 15.0
MEASURE_SECONDS = 600.0
TRANSFER_KEY = "transfer-key"


class Ways(TypedDict):
    """How things are made on the storage server, whoever makes them."""

    root: str
    umask: int
    folder_mode: int


@dataclass(slots=True)
class Filing:
    """`services` is there in any case; without a storage server it says so to whoever asks."""

    services: Storage
    server: StorageServer | None
    """Reached with the site's own account."""
    personal: PersonalStores | None

    @classmethod
    def of(
        cls,
        settings: Settings,
        db: Database,
        cluster: Cluster,
        tokens: Tokens,
        alerts: Alerts,
        clock: Callable[[], datetime],
        spawn: Callable[[str, Coroutine[Any, Any, None]], object],
    ) -> "Filing":
        server = _server(settings)
        personal = _personal(settings, db, server)
        folders = Folders(db, personal, _site(settings), clock)
        trash = Trash(db, folders, clock)
        browsing = Browsing(folders)
        transfers = Transfers(db, folders, trash, _closed(settings), TransferKeys(db, clock).of)
        unpacking = Unpacking(db, folders, trash)
        seal = Sealed(keys(settings))
        uploads = Uploads(db, folders, trash, seal, clock, spawn)
        services = Storage(
            folders,
            browsing,
            trash,
            FileChecks(folders),
            uploads,
            Crates(folders, trash, uploads, seal),
            Visits(db, folders, clock),
            Keeping(db, cluster, tokens, folders, clock),
            Measuring(db, folders, browsing, alerts, clock),
            Errands(db, folders, {"transfer": transfers, "unpack": unpacking}, clock),
            transfers,
            OwnKeys(db, personal, folders.site.root, clock),
            Trust(db, server, settings.storage.host_key if settings.storage else "", clock),
            Albums(db, clock),
            unpacking,
            Editing(db, folders, trash, clock),
        )
        return cls(services, server, personal)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Connections are made when first needed, and closed at the end."""
        try:
            yield
        finally:
            for store in (self.personal, self.server):
                if store is not None:
                    await store.close()

    def ticks(self) -> list[Tick]:
        if self.server is None:
            return []
        services = self.services
        return [
            Tick("empty the trash", EXPIRE_SECONDS, services.trash.expire),
            Tick("clear parts of uploads", EXPIRE_SECONDS, services.uploads.expire),
            Tick("keep logs", KEEP_SECONDS, services.keeping.tick),
            Tick("host key", TRUST_SECONDS, services.trust.tick),
            Tick("measure folders", MEASURE_SECONDS, services.measuring.tick),
            Tick("clear kept logs", EXPIRE_SECONDS, services.keeping.expire),
            Tick("clear parts of transfers", EXPIRE_SECONDS, services.transfers.expire),
            Tick("clear parts of archives", EXPIRE_SECONDS, services.unpacking.expire),
            Tick("clear errands", EXPIRE_SECONDS, services.errands.sweep),
        ]

    def routes(self, label: Callable[[Text, str], str]) -> list[web.AbstractRouteDef]:
        """The pages on which files are uploaded and edited."""
        return [*upload.routes(self.services, label), *edit.routes(self.services, label)]


class TransferKeys:
    """Each person's own key, with which the storage server logs in to other hosts; made when first needed."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock

    async def of(self, person: Person) -> KeyPair:
        comment, now = f"pailot-transfers-{person.id}", self._clock()
        fresh = await asyncio.to_thread(keypairs.make, comment)

        def keep(uow: UnitOfWork) -> str:
            """The first one made stays."""
            kept = uow.credentials.get(person.id, TRANSFER_KEY)
            if kept is None:
                uow.credentials.put(person.id, Token(TRANSFER_KEY, "", fresh.private), now)
            return fresh.private if kept is None else kept.secret

        return keypairs.read(await self._db.write(keep), comment)


class Sealed:
    """Values that only we can make, as words that fit an address; with the site's keys, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def close(self, values: dict[str, Any]) -> str:
        if self._keys is None:
            raise ValueError("there are no keys to seal with")
        return self._keys.encrypt(json.dumps(values).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any] | None:
        """None for what was not sealed here."""
        if self._keys is None:
            return None
        try:
            values = json.loads(self._keys.decrypt(sealed))
        except (InvalidToken, ValueError):
            return None
        return values if isinstance(values, dict) else None


def _export(section: StorageSettings) -> Export:
    return Export(
        str(section.nfs_server),
        str(section.root),
        section.nfs_options,
        str(section.mount_point),
        section.umask,
        section.mount,
    )


def _login(section: StorageSettings) -> Login:
    return Login(
        str(section.host),
        section.port,
        section.username,
        section.host_key,
        str(section.key_file) if section.key_file else "",
        section.password.get_secret_value() if section.password else "",
    )


def _server(settings: Settings) -> StorageServer | None:
    section = settings.storage
    return None if section is None else StorageServer(_login(section), **_ways(section))


def _personal(
    settings: Settings, db: Database, server: StorageServer | None
) -> PersonalStores | None:
    section = settings.storage
    if section is None or server is None:
        return None

    async def own_key(folder: str) -> OwnKey | None:
        token = await db.read(lambda uow: own_key_of(uow, folder))
        return None if token is None else read_own_key(token.user, folder, token.secret)

    return PersonalStores(server, _login(section), own_key, **_ways(section))


def _ways(section: StorageSettings) -> Ways:
    return {
        "root": str(section.root),
        "umask": section.umask,
        "folder_mode": section.folder_mode,
    }


def _closed(settings: Settings) -> Closed:
    """The site's own systems, which transfers may not reach even where their addresses are public."""
    section = settings.storage
    if section is None:
        return Closed()
    urls = [str(settings.openpai.url or ""), str(settings.harbor.url) if settings.harbor else ""]
    urls += [str(one.url) for one in settings.registries if not one.mirror_of]
    names = [urlsplit(url).hostname or "" for url in urls]
    hosts = [name for name in (*names, str(section.host), str(section.nfs_server)) if name]
    return Closed(tuple(dict.fromkeys(hosts)), section.transfer_networks)


def _site(settings: Settings) -> StorageSite:
    section = settings.storage
    if section is None:
        return StorageSite()
    return StorageSite(
        root=str(section.root),
        mount_point=str(section.mount_point),
        host=str(section.host),
        port=section.port,
        username=section.username,
        quota_bytes=int(section.quota or 0),
        warn_at=section.warn_at,
        pages_url=str(settings.web.public_url).rstrip("/"),
        export=_export(section),
        mounts=section.mount != "off",
    )
