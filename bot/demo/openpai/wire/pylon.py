"""The portal's proxy: it knows the services behind it, and answers everything else with a page."""

import random
from typing import Any
from urllib.parse import parse_qsl, unquote

from bot.demo.openpai.lab.cluster import Cluster
from bot.demo.openpai.wire.answers import Answer, encode
from bot.demo.openpai.wire.logserver import read
from bot.demo.openpai.wire.server import Received

PORTAL = (
    b"<!DOCTYPE html>\n<html>\n<head><title>Platform for AI</title></head>\n"
    b"<body><div id='content-wrapper'></div></body>\n</html>\n"
)


def beside_rest(cluster: Cluster, received: Received) -> Answer:
    """Whatever is not the rest-server's."""
    path = unquote(received.path)
    if path.startswith("/log-manager/"):
        return read(cluster, path, received.query, received.headers)
    if path.startswith("/prometheus/"):
        return _prometheus(cluster, path.removeprefix("/prometheus"), received)
    if path == "/healthz":
        return Answer(200, b"ok", "text/plain")
    return Answer(200, PORTAL, "text/html")


def _prometheus(cluster: Cluster, path: str, received: Received) -> Answer:
    """The lab's own Prometheus, if one was connected; else a number for each running job."""
    text = received.body.decode(errors="replace") if received.method == "POST" else received.query
    asked = dict(parse_qsl(text))
    if cluster.prometheus is not None:
        status, told = cluster.prometheus(path, asked)
        return Answer(status, encode(told), "application/json")
    if path != "/api/v1/query":
        return Answer(404, b"404 page not found\n", "text/plain; charset=utf-8")
    vector = {"resultType": "vector", "result": _running(cluster, asked.get("query", ""))}
    return Answer(200, encode({"status": "success", "data": vector}), "application/json")


def _running(cluster: Cluster, query: str) -> list[dict[str, Any]]:
    """A job named in the query, or all that run now; the value is the outcome's GPU use."""
    found: list[dict[str, Any]] = []
    running = [job for job in cluster.world.order if job.state == "RUNNING" and job.gpus]
    named = [job for job in running if f'"{job.full_name}"' in query]
    for job in named if "job_name=" in query else running:
        first = job.attempts[-1].tasks[0]
        noise = random.Random(f"{job.id}{int(cluster.now / 30)}").uniform(-4, 4)
        value = min(100.0, max(0.0, job.outcome.gpu_percent + noise))
        metric = {
            "job_name": job.full_name,
            "username": job.user,
            "pod_name": f"{job.id}-{first.role.name}-0",
            "instance": f"{first.pod.address}:9102",
        }
        found.append({"metric": metric, "value": [round(cluster.now, 3), f"{value:.2f}"]})
    return found
