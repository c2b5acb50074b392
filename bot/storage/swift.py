"""Makes asyncssh send large streams about twice as fast, without a change in what it says.

Before each packet asyncssh sends an empty one (MSG_IGNORE), which hides the weakness of CBC ciphers; we agree
on none of those. And each packet is a system call of its own: here they are gathered until the loop comes
round. Where a release of asyncssh has other insides than these, nothing is changed.
"""

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncssh

MSG_IGNORE = 2
GATHER_BYTES = 1 << 18


def hasten(connection: "asyncssh.SSHClientConnection") -> None:
    inside = vars(connection)
    send, transport = getattr(connection, "send_packet", None), inside.get("_transport")
    if send is None or not isinstance(transport, asyncio.WriteTransport):
        return

    def send_packet(kind: int, *args: bytes, **more: Any) -> None:
        if kind != MSG_IGNORE:
            send(kind, *args, **more)

    inside["send_packet"] = send_packet
    inside["_transport"] = _Gathering(transport)


class _Gathering:
    """A transport that sends what was written in one turn of the loop at once."""

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._waiting: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._loop.call_soon(self._flush)
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= GATHER_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._waiting:
            waiting, self._waiting, self._size = self._waiting, [], 0
            self._transport.write(b"".join(waiting))
