"""A group's feed whose bot is killed in the middle of what it is told: nothing is lost or told twice."""

import asyncio
import json
import time
from contextlib import suppress

import aiohttp
import pytest

from tests.chaos.world import World
from tests.servers import free_port

PUSHES = 12


def pushed(n: int) -> str:
    resource = {"digest": f"sha256:{n:064x}", "tag": f"v{n}", "resource_url": "h/lab/x"}
    repository = {"name": "x", "namespace": "lab", "repo_full_name": "lab/x"}
    return json.dumps(
        {
            "type": "PUSH_ARTIFACT", "occur_at": n, "operator": "li_si",
            "event_data": {"resources": [resource], "repository": repository},
        }
    )  # fmt: skip


async def deliver(url: str, n: int) -> None:
    """As Harbor does: again and again until somebody answers."""
    deadline = time.monotonic() + 60
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            with suppress(aiohttp.ClientError):
                async with session.post(
                    url, data=pushed(n), headers={"Authorization": "hook-secret"}
                ) as answer:
                    assert answer.status == 200
                    return
            await asyncio.sleep(0.05)
    raise AssertionError("nobody took the push")


@pytest.mark.slow
async def test_a_feed_survives_the_kill_of_its_bot(world: World) -> None:
    (ann,) = await world.members("Ann")
    group = await world.allowed_group("Lab", [ann])
    await world.in_database(
        lambda db: db.write(lambda uow: uow.feeds.put(group.id, None, ["image_pushed"]))
    )
    port = free_port()
    bot = world.bot(
        PAILOT_HARBOR__URL="http://127.0.0.1:9",
        PAILOT_HARBOR__WEBHOOK_SECRET="hook-secret",
        PAILOT_WEB__PORT=str(port),
    )
    await bot.start()
    await bot.is_ready()
    url = f"http://127.0.0.1:{port}/hooks/harbor"
    for n in range(PUSHES // 3):
        await deliver(url, n)
    async with asyncio.TaskGroup() as harbor:
        for n in range(PUSHES // 3, PUSHES):
            harbor.create_task(deliver(url, n))
        await asyncio.sleep(0.01)
        await bot.kill()
        await bot.start()
    said = await ann.hears("lab/x", within=90, chat=group)
    assert sorted(said.text.splitlines()) == sorted(
        f"📦 lab/x:v{n} was pushed by li_si" for n in range(PUSHES)
    )
    assert len([words for words in world.heard(group.id) if "lab/x" in words]) == 1
