"""A proxy on the way to the page: it can be slow, and it can cut every connection."""

import asyncio
from contextlib import asynccontextmanager, suppress


class Proxy:
    def __init__(self, target):
        self.target = target
        self.bytes_per_second = None
        self.passed = 0
        """Bytes that went up."""
        self.down = False
        self.loses = None
        """Once this is true the next answer is lost, and every connection is cut."""
        self._writers = set()
        self._server = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self):
        """Everything there is, without a word."""
        for writer in list(self._writers):
            writer.transport.abort()

    @asynccontextmanager
    async def running(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        try:
            yield self
        finally:
            self._server.close()
            self.cut()

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            if self.down:
                return
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers.add(back)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._up(reader, back))
                    group.create_task(self._back(there, writer))
            finally:
                self._writers.discard(back)
                back.transport.abort()
        except (OSError, ExceptionGroup):
            return
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _up(self, reader, writer):
        while chunk := await reader.read(1 << 16):
            writer.write(chunk)
            await writer.drain()
            self.passed += len(chunk)
            if self.bytes_per_second:
                await asyncio.sleep(len(chunk) / self.bytes_per_second)
        with suppress(OSError):
            writer.write_eof()

    async def _back(self, reader, writer):
        while chunk := await reader.read(1 << 16):
            if self.loses is not None and self.loses():
                self.loses = None
                self.cut()
                break
            writer.write(chunk)
            await writer.drain()
        raise ConnectionAbortedError
