"""The smallest proxies that are ones: HTTP (CONNECT and absolute addresses) and SOCKS5, with a password."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Where it listens, what it was asked for, and what it wants to hear before it serves."""

    def __init__(self, login: str = "") -> None:
        self.port = 0
        self.login = login
        self.asked: list[str] = []
        self.refusing = False


@asynccontextmanager
async def _listening(
    proxy: Proxy, serve: Callable[[Proxy, Streams], Awaitable[Streams | None]]
) -> AsyncIterator[Proxy]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            far = await serve(proxy, (reader, writer))
            if far is not None:
                async with asyncio.TaskGroup() as group:
                    group.create_task(_pump(reader, far[1]))
                    group.create_task(_pump(far[0], writer))
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    with suppress(OSError):
        sink.close()


async def _http(proxy: Proxy, near: Streams) -> Streams | None:
    reader, writer = near
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    method, target, _ = head.split(" ", 2)
    proxy.asked.append(f"{method} {urlsplit(target).netloc or target}")
    wanted = "Basic " + base64.b64encode(proxy.login.encode()).decode()
    if proxy.login and f"proxy-authorization: {wanted}".lower() not in head.lower():
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        return None
    if proxy.refusing:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        return None
    host, port = (urlsplit(target).netloc or target).split(":")
    far = await asyncio.open_connection(host, int(port))
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        path = target.removeprefix(f"http://{host}:{port}")
        far[1].write(head.replace(target, path, 1).encode("latin-1"))
    return far


async def _socks5(proxy: Proxy, near: Streams) -> Streams | None:
    reader, writer = near
    _, count = await reader.readexactly(2)
    methods = await reader.readexactly(count)
    if proxy.login:
        if 2 not in methods:
            writer.write(b"\x05\xff")
            return None
        writer.write(b"\x05\x02")
        await reader.readexactly(1)
        user = await reader.readexactly((await reader.readexactly(1))[0])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        right = f"{user.decode()}:{password.decode()}" == proxy.login
        writer.write(b"\x01\x00" if right else b"\x01\x01")
        if not right:
            return None
    else:
        writer.write(b"\x05\x00")
    _, _, _, kind = await reader.readexactly(4)
    if kind == 3:
        host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
    else:
        host = ".".join(str(byte) for byte in await reader.readexactly(4))
    port = int.from_bytes(await reader.readexactly(2), "big")
    proxy.asked.append(f"{'name' if kind == 3 else 'address'} {host}:{port}")
    if proxy.refusing:
        writer.write(b"\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
        return None
    far = await asyncio.open_connection(host, port)
    writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    return far


def http_proxy(login: str = ""):
    return _listening(Proxy(login), _http)


def socks_proxy(login: str = ""):
    return _listening(Proxy(login), _socks5)
