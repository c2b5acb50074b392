"""`/metrics` for Prometheus, made from the same look as `/healthz` at the moment of asking."""

from collections.abc import Iterator
from datetime import UTC, datetime

from aiohttp import web
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

import bot
from bot.web.health import Look


class HealthCollector(Collector):
    def __init__(self, look: Look) -> None:
        self._look = look

    def collect(self) -> Iterator[Metric]:
        health = self._look()
        yield GaugeMetricFamily("pailot_ready", "1 when Telegram answers.", float(health.ready))
        version = GaugeMetricFamily("pailot_build_info", "The version.", labels=["version"])
        version.add_metric([bot.__version__], 1)
        yield version
        alive = GaugeMetricFamily("pailot_loop_alive", "1 for a running loop.", labels=["loop"])
        restarts = CounterMetricFamily(
            "pailot_loop_restarts", "How often a loop was started again.", labels=["loop"]
        )
        for loop in health.loops:
            alive.add_metric([loop.name], float(loop.alive))
            restarts.add_metric([loop.name], loop.restarts)
        yield alive
        yield restarts
        age = health.poll_age_seconds(datetime.now(UTC))
        if age is not None:
            yield GaugeMetricFamily(
                "pailot_last_good_poll_age_seconds", "Time since Telegram last answered.", age
            )
        waiting = GaugeMetricFamily("pailot_waiting", "Length of a queue.", labels=["queue"])
        for name, length in health.waiting.items():
            waiting.add_metric([name], length)
        yield waiting


def routes(look: Look) -> list[web.RouteDef]:
    # Not the global registry: two applications in one process (tests, the demo) must not mix.
    registry = CollectorRegistry()
    registry.register(HealthCollector(look))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    return [web.get("/metrics", metrics)]
