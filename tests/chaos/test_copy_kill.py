"""A copy between registries whose bot is killed in the middle: it goes on, and nothing is half there."""

import json
import os
from collections.abc import Iterator

import pytest

from bot.demo.harbor import MAINTAINER, HarborEmulator
from tests.chaos.process import until
from tests.chaos.world import World
from tests.registry import real


@pytest.fixture
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real.registry(tmp_path_factory.mktemp("source")) as url:
        yield url


@pytest.mark.slow
async def test_a_copy_survives_the_kill_of_its_bot(world: World, source: str) -> None:
    layers = (os.urandom(3 << 20), os.urandom(1 << 20))
    digest = real.Filler(source).image("team/tools", "v3", layers)
    harbor = HarborEmulator()
    harbor.user("ann", "ann-Password1")
    harbor.project("lab", ann=MAINTAINER)
    await harbor.start()
    try:
        (ann,) = await world.members("Ann")
        bot = world.bot(
            PAILOT_HARBOR__URL=harbor.url,
            PAILOT_HARBOR__PROJECT="lab",
            PAILOT_REGISTRIES=json.dumps([{"name": "far", "url": source}]),
        )
        await bot.start()
        await bot.is_ready()
        await ann.sends("/login harbor ann ann-Password1")
        await ann.hears("Linked")
        harbor.faults.kind, harbor.faults.method = "silent", "PUT"
        host = source.removeprefix("http://")
        await ann.sends(f"/copyimage {host}/team/tools:v3")
        await ann.hears("Copying")
        await until(lambda: any(map(len, harbor.uploads.values())), what="some bytes")
        await bot.kill()
        assert harbor.artifact("lab/tools", "v3") is None
        harbor.faults.kind = ""
        await bot.start()
        said = await ann.hears("is there", within=40)
        assert digest in said.text
        copied = harbor.artifact("lab/tools", "v3")
        assert copied is not None
        assert copied.digest == digest
        assert {part["digest"] for part in copied.made["layers"]} <= set(harbor.store.blobs)
    finally:
        await harbor.stop()
