"""Connections to the storage server: verified, kept open, shared by all who ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.domain.errors import Unavailable, UserError
from bot.domain.files.errors import HostKeyChanged, LoginRefused
from bot.domain.files.sshkeys import fingerprint
from bot.storage.swift import hasten
from bot.storage.wire import SYSTEM

if TYPE_CHECKING:
    import asyncssh

CONNECTIONS = 4
SESSIONS = 8
"""At once on one connection; sshd allows 10 unless told otherwise."""
LOGIN_SECONDS = 15.0
KEEPALIVE_SECONDS = 15
REFUSED_SECONDS = 2.0
"""So long nobody tries again after a failure: all who waited for it are told the same."""
CIPHERS = (
    # The default is half as fast on machines with AES instructions, which all servers are.
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes128-ctr",
)
KEY_TYPES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
"""A server has a key of each type and shows one; a fingerprint does not say which of them it is of."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to get in. `host_key` is a public key's two fields, or `SHA256:…`."""

    host: str
    port: int
    username: str
    host_key: str
    key_file: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    """A private key itself, in OpenSSH's form: a member's own."""

    def fits(self, key_line: str) -> bool:
        """Whether the server's key is the one that was agreed upon."""
        kind, blob = key_line.split()[:2]
        if not self.host_key.startswith("SHA256:"):
            return self.host_key.split() == [kind, blob]
        return self.host_key == fingerprint(key_line)

    @property
    def key_types(self) -> tuple[tuple[str, ...], ...]:
        kind = self.host_key.partition(" ")[0]
        known = [group for group in KEY_TYPES if kind in group]
        if kind == "ssh-rsa":
            known = [KEY_TYPES[2]]
        return tuple(known) or KEY_TYPES


@dataclass(slots=True)
class _Held:
    """One connection and what runs on it."""

    ssh: "asyncssh.SSHClientConnection"
    sessions: int = 0
    sftp: "asyncssh.SFTPClient | None" = None
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)


class Connections:
    """A few connections, made when first needed and again when they broke. Close it."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._held: list[_Held] = []
        self._free = asyncio.Semaphore(CONNECTIONS * SESSIONS)
        self._connecting = asyncio.Lock()
        self._failure: tuple[float, UserError] | None = None
        self.shown_key = ""
        """The fingerprint of a wrong key that the server showed last; empty while it shows the right one."""

    @asynccontextmanager
    async def session(self) -> AsyncIterator["asyncssh.SSHClientConnection"]:
        """A connection with room for one more session. Raises Unavailable, HostKeyChanged, LoginRefused."""
        async with self._free:
            held = await self._choose()
            try:
                yield held.ssh
            finally:
                held.sessions -= 1

    @asynccontextmanager
    async def sftp(self) -> AsyncIterator["asyncssh.SFTPClient"]:
        """An SFTP session, shared by all on its connection."""
        async with self._free:
            held = await self._choose()
            try:
                async with held.opening:
                    if held.sftp is None:
                        held.sftp = await held.ssh.start_sftp_client(
                            path_encoding="utf-8", path_errors="surrogateescape"
                        )
                yield held.sftp
            finally:
                held.sessions -= 1

    async def close(self) -> None:
        for held in self._held:
            held.ssh.close()
        for held in self._held:
            await held.ssh.wait_closed()
        self._held.clear()

    async def _choose(self) -> _Held:
        """The least busy connection; a new one when all that there are have enough to do."""
        async with self._connecting:
            self._held = [held for held in self._held if not held.ssh.is_closed()]
            best = min(self._held, key=lambda held: held.sessions, default=None)
            if best is None or (best.sessions >= SESSIONS and len(self._held) < CONNECTIONS):
                best = _Held(await self._connect_once())
                self._held.append(best)
            best.sessions += 1
            return best

    async def _connect_once(self) -> "asyncssh.SSHClientConnection":
        now = asyncio.get_running_loop().time()
        if self._failure is not None and now - self._failure[0] < REFUSED_SECONDS:
            raise self._failure[1]
        try:
            connection = await self._connect()
        except UserError as error:
            if isinstance(error, HostKeyChanged):
                for held in self._held:  # nothing more is said over old connections either
                    held.ssh.abort()
            self._failure = (asyncio.get_running_loop().time(), error)
            raise
        self._failure, self.shown_key = None, ""
        return connection

    async def _connect(self) -> "asyncssh.SSHClientConnection":
        import asyncssh

        login, changed = self._login, False
        lost: UserError = Unavailable(SYSTEM)
        shown = ""

        class Client(asyncssh.SSHClient):
            def validate_host_public_key(
                self, host: str, addr: str, port: int, key: asyncssh.SSHKey
            ) -> bool:
                nonlocal shown
                line = key.export_public_key("openssh").decode()
                shown = fingerprint(line)
                return login.fits(line)

        options: dict[str, Any] = {"client_keys": [login.key_file]} if login.key_file else {}
        if login.key:
            options["client_keys"] = [asyncssh.import_private_key(login.key)]
        if login.password:
            options["password"] = login.password
        for kinds in login.key_types:
            try:
                connection = await asyncssh.connect(
                    login.host,
                    login.port,
                    username=login.username,
                    known_hosts=([], [], []),  # nobody is trusted but by our own look
                    client_factory=Client,
                    server_host_key_algs=list(kinds),
                    encryption_algs=list(CIPHERS),
                    compression_algs=["none"],
                    keepalive_interval=KEEPALIVE_SECONDS,
                    connect_timeout=LOGIN_SECONDS,
                    login_timeout=LOGIN_SECONDS,
                    agent_path=None,
                    config=None,
                    **{"client_keys": None, **options},
                )
                hasten(connection)
                return connection
            except asyncssh.HostKeyNotVerifiable:
                changed = True
            except (
                asyncssh.KeyExchangeFailed,
                asyncssh.ConnectionLost,
                ConnectionResetError,
            ) as error:
                lost = explained(error)  # it has no key of this type, and may simply hang up
            except (asyncssh.Error, OSError, TimeoutError) as error:
                raise explained(error) from error
        if changed:
            self.shown_key = shown
            raise HostKeyChanged
        raise lost


def explained(error: Exception) -> UserError:
    """What went wrong with a connection, as an answer."""
    import asyncssh

    match error:
        case asyncssh.PermissionDenied():
            return LoginRefused()
        case TimeoutError():
            return Unavailable(SYSTEM, "timeout")
        case _:
            return Unavailable(SYSTEM)
