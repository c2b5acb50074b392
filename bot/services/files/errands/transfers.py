"""Transfers: the storage server fetches something by itself, from an address that was judged."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import UserError
from bot.domain.files.entries import Kind
from bot.domain.files.errors import Exists, Missing
from bot.domain.files.paths import FilePath, Places
from bot.domain.files.sshkeys import fingerprint
from bot.domain.files.transfers import addresses, sources
from bot.domain.files.transfers.addresses import Address, Network
from bot.domain.files.transfers.fetching import Fetched, Fetcher, KeyPair, Order
from bot.domain.files.transfers.sources import Source
from bot.domain.messages import Button
from bot.domain.people import Person
from bot.domain.text import Text, text
from bot.services.files.errands.running import RESERVE_BYTES, Outcome, room
from bot.services.files.errands.telling import Told
from bot.services.files.folders import Folders
from bot.services.files.trash import Trash
from db import Database, Errand

POLL_SECONDS = 1.5
LONGEST_SECONDS = 24 * 3600
SAID = {
    6: "name", 7: "connect", 28: "stalled", 35: "tls", 51: "tls", 60: "tls", 18: "cut", 52: "cut", 56: "cut",
}  # fmt: skip
"""What curl's exit codes mean, as words of the catalogue."""

OwnKey = Callable[[Person], Awaitable[KeyPair]]


@dataclass(frozen=True, slots=True)
class Closed:
    """What transfers may not reach: the names of the site's own systems, and what is open all the same."""

    hosts: tuple[str, ...] = ()
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, for the person to agree to."""

    source: Source
    target: FilePath
    spec: dict[str, Any]
    exists: bool
    size_bytes: int | None = None
    hops: tuple[str, ...] = ()
    """The hosts that redirects lead through, if any."""
    fingerprint: str = ""
    public_key: str = ""


class Transfers:
    """Plans transfers, and carries them out; `Errands` says which and when."""

    def __init__(
        self, db: Database, folders: Folders, trash: Trash, closed: Closed, own_key: OwnKey
    ) -> None:
        self._db = db
        self._folders = folders
        self._trash = trash
        self._closed = closed
        self._own_key = own_key

    async def plan(self, person: Person, place: Places, words: str) -> Plan:
        """Looks who is there, and fetches nothing. Raises UserError."""
        source, where = sources.read(words)
        fetcher = await self._folders.store.fetcher()
        await self._able(fetcher, source)
        address = await self._judged(fetcher, source)
        target = await self._target(place, source, where)
        exists = await self._folders.store.look(place.folder, target) is not None
        spec: dict[str, Any] = {
            "source": source.to_json(),
            "target": list(target.parts),
            "shown": source.shown,
            "hop": 0,
        }
        if source.scheme == "ssh":
            shown = await fetcher.host_key(address, source.port)
            if not shown:
                raise UserError("transfer-no-answer", host=source.netloc)
            spec["host_key"] = shown
            key = await self._own_key(person)
            return Plan(source, target, spec, exists, None, (), fingerprint(shown), key.public)
        if source.way == "git":
            return Plan(source, target, spec, exists)
        size, hops = await self._look_ahead(fetcher, source, address)
        return Plan(source, target, spec, exists, size, hops)

    async def carry_out(self, errand: Errand, person: Person, place: Places, tell: Told) -> Outcome:
        fetcher = await self._folders.store.fetcher()
        spec, pace = errand.spec, Pace()
        while True:
            run = f"{errand.id}.{spec['hop']}"
            source = Source.from_json(spec["source"])
            target = FilePath(tuple(spec["target"]))
            try:
                state = await fetcher.state(place.folder, run)
            except Missing:
                await self._start(fetcher, run, source, spec, person, place)
                continue
            if state.alive:
                await tell(_progress(source, state, pace(state.bytes)))
                await asyncio.sleep(POLL_SECONDS)
            elif state.end == "redirect":
                spec = await self._next_hop(errand, spec, source, state)
                await fetcher.cancel(place.folder, run)
            elif state.end == "done":
                await tell.whole()
                return await self._bring(fetcher, errand, run, target, person, place)
            else:
                raise _failure(source, state)

    async def clean(self, errand: Errand, place: Places) -> None:
        fetcher = await self._folders.store.fetcher()
        for hop in range(sources.HOPS + 1):
            run = f"{errand.id}.{hop}"
            await fetcher.clear(place.folder, run)

    async def expire(self) -> None:
        """What lies about of transfers that nobody knows of any more goes; called by the clock."""
        if not self._folders.configured:
            return
        try:
            fetcher = await self._folders.store.fetcher()
        except UserError:
            return
        for _, folder in await self._db.read(lambda uow: uow.folders.all()):
            with suppress(UserError):
                runs = await fetcher.runs(folder)
                # Afterwards: what is begun meanwhile was not among them.
                opened = await self._db.read(lambda uow: uow.errands.open())
                known = {one.id for one in opened}
                for run in runs:
                    if run.can_be_named and run.name.partition(".")[0] not in known:
                        await fetcher.clear(folder, run.name)

    async def _start(
        self,
        fetcher: Fetcher,
        run: str,
        source: Source,
        spec: dict[str, Any],
        person: Person,
        place: Places,
    ) -> None:
        address = await self._judged(fetcher, source)
        limit = await room(self._folders, place)
        key = await self._own_key(person) if source.scheme == "ssh" else None
        order = Order(
            source, address, limit, RESERVE_BYTES, LONGEST_SECONDS, spec.get("host_key", ""), key
        )
        with suppress(Exists):  # begun before, by a process that did not live to note it
            await fetcher.start(place.folder, run, order)

    async def _next_hop(
        self, errand: Errand, spec: dict[str, Any], source: Source, state: Fetched
    ) -> dict[str, Any]:
        if spec["hop"] >= sources.HOPS or not state.location:
            raise UserError("transfer-bad-redirect", host=source.netloc)
        following = source.redirected(state.location)
        spec = {**spec, "source": following.to_json(), "hop": spec["hop"] + 1}
        await self._db.write(lambda uow: uow.errands.change(errand.id, spec))
        return spec

    async def _bring(
        self,
        fetcher: Fetcher,
        errand: Errand,
        run: str,
        target: FilePath,
        person: Person,
        place: Places,
    ) -> Outcome:
        """What is whole gets its name; what was there goes to the trash if that was agreed to."""
        store, folder = self._folders.store, place.folder
        found = await fetcher.whole(folder, run)
        if found is None:  # moved by a process that did not live to say so
            there = await store.look(folder, target)
            return _arrived(place, target, FilePath(), there.kind if there else Kind.FILE)
        if errand.spec.get("replace") and await store.look(folder, target) is not None:
            await self._trash.throw(person, place, target, errand.id)
        beside = target.parent / f"{target.name[:60]}-{errand.id[:6]}"
        try:
            await fetcher.bring(folder, run, target)
        except Exists:  # somebody was quicker
            await fetcher.bring(folder, run, beside)
            return _arrived(place, beside, target, found.kind)
        return _arrived(place, target, FilePath(), found.kind)

    # Before anything is fetched

    async def _able(self, fetcher: Fetcher, source: Source) -> None:
        tools = await fetcher.tools()
        needed = {source.way, "ssh"} if source.scheme == "ssh" else {source.way}
        for tool in sorted(needed - tools):
            raise UserError("transfer-no-tool", tool="curl" if tool == "url" else tool)

    async def _judged(self, fetcher: Fetcher, source: Source) -> Address:
        """The address that will be connected to. Every one the name has must be open."""
        found = await fetcher.resolve(source.host, *self._closed.hosts)
        there = found.names.get(source.host, ())
        if not there:
            raise UserError("transfer-unknown-host", host=source.host)
        own = {*found.own}
        for name in self._closed.hosts:
            own.update(found.names.get(name, ()))
        if not all(addresses.reachable(one, self._closed.allowed, own) for one in there):
            raise UserError("transfer-closed", host=source.host)
        return there[0]

    async def _look_ahead(
        self, fetcher: Fetcher, source: Source, address: Address
    ) -> tuple[int | None, tuple[str, ...]]:
        """How large it is, as far as a server tells; where redirects lead is judged already now."""
        hops: list[str] = []
        for _ in range(sources.HOPS + 1):
            answer = await fetcher.ask(source, address)
            if answer is None or answer.status in {403, 405, 501}:
                return None, tuple(hops)  # some servers only answer to being asked for the whole
            if answer.status in {301, 302, 303, 307, 308} and answer.location:
                source = source.redirected(answer.location)
                address = await self._judged(fetcher, source)
                if source.host not in hops:
                    hops.append(source.host)
                continue
            if answer.status >= 400:
                raise UserError("transfer-answered", status=str(answer.status))
            return answer.size_bytes, tuple(hops)
        raise UserError("transfer-bad-redirect", host=source.netloc)

    async def _target(self, place: Places, source: Source, where: str) -> FilePath:
        path = place.read(where) if where else FilePath()
        if path.is_own:
            raise UserError("files-own", path=str(path))
        name = source.name or source.host
        if not path.parts or where.endswith("/"):
            return path / name
        there = await self._folders.store.look(place.folder, path)
        return path / name if there is not None and there.kind is Kind.DIRECTORY else path


class Pace:
    """Bytes per second over the last looks."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=12)

    def __call__(self, count: int) -> int:
        now = asyncio.get_running_loop().time()
        self._seen.append((now, count))
        (then, before), passed = self._seen[0], now - self._seen[0][0]
        return max(0, round((count - before) / passed)) if passed > 1 and then < now else 0


def _progress(source: Source, state: Fetched, speed: int) -> Text:
    total = state.total_bytes or 0
    percent = state.percent if state.percent is not None and source.way == "git" else None
    if total > 0:
        percent = min(100, 100 * state.bytes // total)
    return text(
        "transfer-going",
        name=source.shown,
        bytes=state.bytes,
        total=total,
        percent=-1 if percent is None else percent,
        speed=speed,
        left=max(0, total - state.bytes) // speed if total and speed else 0,
    )


def _arrived(place: Places, target: FilePath, wanted: FilePath, kind: Kind) -> Outcome:
    inside = place.in_job(target)
    name = "files.open"
    opened = target if kind is Kind.DIRECTORY else target.parent
    button = Button(text("button-files"), name, {"path": str(opened), "page": 1})
    copy = Button(text("button-copy-path"), copy=inside)
    key = "transfer-arrived-beside" if wanted.parts else "transfer-arrived"
    args = {"path": inside, "wanted": place.in_job(wanted)} if wanted.parts else {"path": inside}
    return Outcome(Text(key, args), target, ((button, copy),))


def _failure(source: Source, state: Fetched) -> UserError:
    """Why it ended, in words; the program's own last lines where we know no better."""
    match state.end:
        case "large":
            return UserError("transfer-too-large")
        case "full":
            return UserError("transfer-disk-full")
        case "late":
            return UserError("transfer-too-long", seconds=LONGEST_SECONDS)
        case "empty" | "link":
            return UserError("transfer-nothing")
        case "":
            return UserError("transfer-died")
    if state.http_status:
        return UserError("transfer-answered", status=str(state.http_status))
    if source.way == "url" and state.exit_status == 63:
        return UserError("transfer-too-large")
    if source.way == "url" and state.exit_status in SAID:
        return UserError("transfer-broke", why=SAID[state.exit_status])
    said = state.said.replace(source.password, "…") if source.password else state.said
    if source.scheme == "ssh" and "Permission denied (" in said:
        return UserError("transfer-key-refused", host=source.netloc)
    if "No space left" in said or "quota exceeded" in said.lower():
        return UserError("transfer-disk-full")
    return UserError("transfer-failed", said=said or "?")
