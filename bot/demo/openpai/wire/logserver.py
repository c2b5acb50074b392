"""The log server of the machines, reached through the portal's proxy."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.lab.containers import log_of
from bot.demo.openpai.lab.job import Job, Pod
from bot.demo.openpai.people.tokens import verified
from bot.demo.openpai.wire.answers import Answer

TAIL_BYTES = 16 * 1024
PLAIN = "text/plain"

_PATH = re.compile(r"/log-manager/([^/:]+):9103/api/v1/logs/([^/]+)")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def read(cluster: Cluster, path: str, query: str, headers: Mapping[str, str]) -> Answer:
    """A log, or its last 16 KiB; the token in the address opens any log of its machine."""
    where = _PATH.fullmatch(path)
    asked = {name: found[0] for name, found in parse_qs(query).items()}
    node = _machine(cluster, where.group(1)) if where else None
    if where is None or node is None:
        return Answer(404, b"404 page not found\n", PLAIN)
    payload = verified(asked.get("token", ""), cluster.tokens.secret, cluster.now)
    if payload is None or payload.get("sub") != f"log-manager-{node}":
        return _answer(403, b"")
    if cluster.faults.logs_away or node in cluster.world.life.occupancy.down:
        return gateway(502)
    content = _content(cluster, where.group(2), asked)
    if content is None:
        return _answer(404, b"")
    name = where.group(2)
    attached = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{name}.log"',
    }
    if asked.get("tail-mode") == "true":
        first = max(0, len(content) - TAIL_BYTES)
        return _part(content, first, len(content) - 1, attached)
    return _ranged(content, headers.get("range"), attached)


def _machine(cluster: Cluster, address: str) -> str | None:
    for node in cluster.hardware.nodes.values():
        if node.address == address:
            return node.name
    return None


def _content(cluster: Cluster, name: str, asked: Mapping[str, str]) -> bytes | None:
    job = cluster.world.find(asked.get("framework-name", ""))
    pod = None if job is None else _pod(job, asked.get("pod-uid", ""))
    if job is None or pod is None:
        return None
    if name in {"init.pai.log", "runtime.pai.log"}:
        return f"[INFO] {name.partition('.')[0]} of {job.name} begins\n".encode()
    found = re.fullmatch(r"user-(all|stdout|stderr)(\.1)?", name)
    if found is None:
        return None
    whole = log_of(pod, cluster.now, found.group(1)).encode()
    rotated = len(whole) // cluster.rotate_bytes * cluster.rotate_bytes
    if found.group(2) is None:
        return whole[rotated:]
    return whole[max(0, rotated - cluster.rotate_bytes) : rotated] if rotated else None


def _pod(job: Job, uid: str) -> Pod | None:
    for attempt in job.attempts:
        for task in attempt.tasks:
            for pod in task.pods:
                if pod.uid == uid:
                    return pod
    return None


def _ranged(content: bytes, wanted: str | None, attached: Mapping[str, str]) -> Answer:
    found = _RANGE.fullmatch(wanted or "")
    if found is None or found.groups() == ("", ""):
        return _answer(200, content, attached)
    start, end = found.groups()
    if not start:
        return _part(content, max(0, len(content) - int(end)), len(content) - 1, attached)
    first, last = int(start), min(int(end or len(content)), len(content) - 1)
    if first > last:
        told = {**attached, "Content-Range": f"bytes */{len(content)}"}
        return _answer(416, b"", told)
    return _part(content, first, last, attached)


def _part(content: bytes, first: int, last: int, attached: Mapping[str, str]) -> Answer:
    told = {**attached, "Content-Range": f"bytes {first}-{max(last, 0)}/{len(content)}"}
    return _answer(206, content[first : last + 1], told)


def _answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    allowed: dict[str, Any] = {"Access-Control-Allow-Origin": "*", **(headers or {})}
    return Answer(status, body, PLAIN, allowed)


def gateway(status: int) -> Answer:
    """The proxy's own page when what stands behind it does not answer."""
    told = {502: "502 Bad Gateway", 504: "504 Gateway Time-out"}.get(status, str(status))
    page = (
        f"<html>\r\n<head><title>{told}</title></head>\r\n<body>\r\n"
        f"<center><h1>{told}</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, page.encode(), "text/html")
