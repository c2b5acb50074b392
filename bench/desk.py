"""A Pailot with an SSH server behind it and a member at an upload page, for the benches of files."""

import asyncio
import contextlib
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench import bots
from bench.double import Double
from bot.domain.files import FilePath
from bot.domain.people import Person
from bot.services.files import Folders, StorageSite, Visits
from db import Database, UnitOfWork
from tests import servers
from tests.storage import sshd as ssh

MEMBER, FOLDER = 5001, "bench"
PIECE = 64 << 20
"""What the page sends in one request."""


@dataclass
class Page:
    """An upload page that is open in a browser; it speaks by plain sockets, so that it costs next to nothing."""

    port: int
    path: str
    cookie: str

    def connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def ask(
        self, line: socket.socket, method: str, path: str, headers: Sequence[str], body: bytes
    ) -> tuple[int, bytes, bytes]:
        """(status, head, body) of one request."""
        line.sendall(self.head(method, path, headers, len(body)) + body)
        return answer(line)

    def head(self, method: str, path: str, headers: Sequence[str], length: int) -> bytes:
        lines = [
            f"{method} {self.path}{path} HTTP/1.1", "Host: x", f"Cookie: pailot={self.cookie}",
            "Tus-Resumable: 1.0.0", f"Content-Length: {length}", *headers,
        ]  # fmt: skip
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def upload(self, source: Path, name: str, sha256: str, bytes_per_second: float = 0) -> None:
        """As the page does it: create, pieces, finish."""
        size = source.stat().st_size
        with contextlib.closing(self.connect()) as line, source.open("rb") as file:
            metadata = f"Upload-Metadata: path {b64encode(name.encode()).decode()}"
            status, head, _ = self.ask(
                line, "POST", "/files", (f"Upload-Length: {size}", metadata), b""
            )
            assert status == 201, head
            at = "/" + header(head, "Location")
            for start in range(0, size, PIECE):
                count = min(PIECE, size - start)
                kind = "Content-Type: application/offset+octet-stream"
                line.sendall(self.head("PATCH", at, (f"Upload-Offset: {start}", kind), count))
                with contextlib.suppress(BrokenPipeError):  # refused: the answer says why
                    pour(line, file.fileno(), start, count, bytes_per_second)
                status, head, body = answer(line)
                assert status == 204, (head, body)
            told = json.dumps({"sha256": sha256}).encode()
            status = 202
            while status == 202:
                status, _, said = self.ask(line, "POST", f"{at}/finish", (), told)
            assert status == 200, said

    def crate(self, batches: Sequence[bytes], lanes: int = 2) -> None:
        """Many small files as the page sends them."""
        with contextlib.closing(self.connect()) as line:
            size = json.dumps({"bytes": sum(map(len, batches))}).encode()
            _, _, said = self.ask(line, "POST", "/crates", (), size)
            at, left = f"/crates/{json.loads(said)['id']}", list(batches)

            def lane() -> None:
                with contextlib.closing(self.connect()) as own:
                    while left:
                        body = left.pop(0)
                        sha256 = f"X-Sha256: {hashlib.sha256(body).hexdigest()}"
                        status, _, said = self.ask(own, "POST", at, (sha256,), body)
                        assert status == 204, said

            threads = [threading.Thread(target=lane) for _ in range(lanes)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            status, _, said = self.ask(line, "POST", f"{at}/close", (), b"{}")
            assert (status, said) == (200, b'{"left": []}'), said


@dataclass
class Desk(Page):
    """The page with what stands behind it; `sshd` is the storage server."""

    sshd: ssh.Sshd
    environ: dict[str, str]
    home: Path
    process: "subprocess.Popen[bytes]" = field(init=False)

    async def starts(self) -> None:
        """Pailot, in a process of its own."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PAILOT_")}
        log = self.home / "log"
        with log.open("ab") as said:
            line = [sys.executable, "-m", "bot", "run"]
            self.process = subprocess.Popen(line, env=kept | self.environ, stdout=said, stderr=said)
        await _until_listening(self.process, self.port, log)

    async def dies_and_comes_back(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.wait)
        await self.starts()

    @property
    def folder(self) -> Path:
        return self.sshd.data / FOLDER


@contextlib.asynccontextmanager
async def open_desk(double: Double) -> AsyncIterator[Desk]:
    """Everything running, with an empty folder and an upload link that this process has claimed."""
    with contextlib.ExitStack() as stack:
        sshd = stack.enter_context(ssh.running())
        bots.HOME.mkdir(exist_ok=True)
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=bots.HOME))).resolve()
        (sshd.data / FOLDER).mkdir()
        os.chown(sshd.data / FOLDER, ssh.PLAIN_UID, ssh.GROUP_ID)
        port = servers.free_port()
        environ = bots.environment(double.url, home) | {
            "PAILOT_STORAGE__HOST": "127.0.0.1",
            "PAILOT_STORAGE__PORT": str(sshd.port),
            "PAILOT_STORAGE__USERNAME": ssh.PLAIN,
            "PAILOT_STORAGE__KEY_FILE": sshd.key_file,
            "PAILOT_STORAGE__HOST_KEY": sshd.host_key(),
            "PAILOT_STORAGE__ROOT": str(sshd.data),
            "PAILOT_WEB__PORT": str(port),
            "PAILOT_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        token, cookie = await _linked(environ)
        desk = Desk(port, f"/u/{token}", cookie, sshd, environ, home)
        await desk.starts()
        try:
            yield desk
        finally:
            desk.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                desk.process.wait(10)
            desk.process.kill()
            desk.process.wait()


async def _linked(environ: dict[str, str]) -> tuple[str, str]:
    """A member with a folder, written into the database before the bot starts; link and cookie."""
    now = datetime.now(UTC)
    database = Database(environ["PAILOT_DATABASE__URL"], [environ["PAILOT_SECRETS__KEYS"]])
    await database.migrate()
    await database.open()

    def link(uow: UnitOfWork) -> Person | None:
        uow.people.meet(MEMBER, "Ann", "ann", "en", now, started=True)
        uow.people.link(MEMBER, "ann", now)
        uow.folders.take(MEMBER, FOLDER, now)
        return uow.people.get(MEMBER)

    person = await database.write(link)
    assert person is not None
    visits = Visits(
        database, Folders(database, None, StorageSite(), lambda: now), lambda: datetime.now(UTC)
    )
    token = (await visits.invite(person, FilePath())).token
    cookie = await visits.claim(token)
    await database.close()
    assert cookie is not None
    return token, cookie


async def _until_listening(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(log.read_text()) from None
            await asyncio.sleep(0.05)


def pour(line: socket.socket, file: int, start: int, count: int, rate: float) -> None:
    began, end = time.monotonic(), start + count
    begin = start
    while start < end:
        start += os.sendfile(line.fileno(), file, start, min(end - start, 1 << 17 if rate else end))
        if rate:
            time.sleep(max(0.0, began + (start - begin) / rate - time.monotonic()))


def answer(line: socket.socket) -> tuple[int, bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = line.recv(1 << 16)
        if not chunk:
            raise ConnectionError(data)
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(header(head, "Content-Length") or 0)
    while len(body) < length:
        body += line.recv(1 << 16)
    return int(head.split()[1]), head, body


def header(head: bytes, name: str) -> str:
    for line in head.decode().split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return ""
