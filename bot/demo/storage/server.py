"""An SFTP server for one account, which sees a folder of this machine as the whole disk."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.storage.shelf import SKELETON, fill, put

if TYPE_CHECKING:
    import asyncssh

ACCOUNT = "pailot"
HOST = "127.0.0.1"
BLOCK_BYTES = 4096


class StorageEmulator:
    """`disk` is what the account sees as `/`; its data root is `/data`. Start it, and stop it.

    `host_key` is a private key in OpenSSH's form; without one the server makes one. With `skeleton` a new
    folder has something in it, as /etc/skel gives it to new homes.
    """

    def __init__(
        self, disk: Path, password: str, *, host_key: str = "", skeleton: bool = False
    ) -> None:
        self._disk = disk
        self._given_key = host_key
        self._skeleton = skeleton
        self.password = password
        self.username = ACCOUNT
        self.host = HOST
        self.port = 0
        self.room_bytes = (7_300_000_000_000, 2_100_000_000_000)
        """How large its disk is said to be, and how much of it is free."""
        self.host_key = ""
        """The public half, as settings want it."""
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._admitted: set[tuple[str, str]] = set()
        self.accounts_seen: set[str] = set()
        """Whoever was let in so far."""
        self._guests: set[asyncssh.SSHServerConnection] = set()

    @property
    def data(self) -> Path:
        return self._disk / "data"

    @staticmethod
    def make_host_key() -> str:
        import asyncssh

        return asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()

    async def start(self, port: int = 0) -> None:
        import asyncssh

        if not self.data.exists():
            self.data.mkdir(parents=True)
            fill(self.data)
        self._given_key = self._given_key or self.make_host_key()
        key = asyncssh.import_private_key(self._given_key)
        self.host_key = " ".join(key.export_public_key("openssh").decode().split()[:2])
        disk, password = str(self._disk), self.password

        guests = self._guests

        emulator = self

        class Gate(asyncssh.SSHServer):
            def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
                self.guest = conn
                guests.add(conn)

            def connection_lost(self, exc: Exception | None) -> None:
                guests.discard(self.guest)

            def auth_completed(self) -> None:
                emulator.accounts_seen.add(str(self.guest.get_extra_info("username")))

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                return (username, password) == (ACCOUNT, known)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                line = " ".join(key.export_public_key("openssh").decode().split()[:2])
                return (username, line) in emulator._admitted

        known = password

        class Files(asyncssh.SFTPServer):
            def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
                super().mkdir(path, attrs)
                place = Path(os.fsdecode(self.map_path(path)))
                if emulator._skeleton and place.parent == emulator.data:
                    put(place, SKELETON)

            def statvfs(self, path: bytes) -> asyncssh.SFTPVFSAttrs:
                total, free = (size // BLOCK_BYTES for size in emulator.room_bytes)
                return asyncssh.SFTPVFSAttrs(
                    bsize=BLOCK_BYTES, frsize=BLOCK_BYTES, blocks=total, bfree=free, bavail=free,
                    files=1 << 30, ffree=1 << 29, favail=1 << 29, fsid=1, flags=0, namemax=255,
                )  # fmt: skip

        def sftp(channel: "asyncssh.SSHServerChannel[bytes]") -> asyncssh.SFTPServer:
            return Files(channel, chroot=disk.encode())

        self._acceptor = await asyncssh.listen(
            HOST,
            port,
            server_factory=Gate,
            server_host_keys=[key],
            sftp_factory=sftp,
            allow_scp=False,
            agent_forwarding=False,
        )
        self.port = self._acceptor.get_port()

    def admit(self, account: str, public_key: str) -> None:
        """What an admin does by a line in `authorized_keys`."""
        self._admitted.add((account, " ".join(public_key.split()[:2])))

    def turn_away(self) -> None:
        """Every key that was admitted is out again."""
        self._admitted.clear()

    async def stop(self) -> None:
        """The listener, and every connection there is."""
        if self._acceptor is not None:
            acceptor, self._acceptor = self._acceptor, None
            acceptor.close()
            for guest in list(self._guests):
                guest.abort()
            await acceptor.wait_closed()

    def settings_environ(self) -> dict[str, str]:
        """Settings, as environment variables, with which a bot finds this server."""
        return {
            "PAILOT_STORAGE__HOST": self.host,
            "PAILOT_STORAGE__PORT": str(self.port),
            "PAILOT_STORAGE__USERNAME": self.username,
            "PAILOT_STORAGE__PASSWORD": self.password,
            "PAILOT_STORAGE__HOST_KEY": self.host_key,
        }
