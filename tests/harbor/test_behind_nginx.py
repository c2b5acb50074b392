"""Everything the bot asks of Harbor, through Debian's nginx set up as Harbor sets up its own."""

import asyncio

import aiohttp
import pytest
from yarl import URL

from bot.domain.errors import NotFound
from bot.domain.images.reference import Reference
from bot.harbor.client import Harbor
from bot.registry.client import RegistryClient
from bot.registry.places import Place, authority
from tests.harbor.conftest import login
from tests.harbor.nginx import nginx


@pytest.fixture
async def front(tmp_path, emulator, monkeypatch):
    """nginx's address; what the emulator does in nginx's stead is switched off meanwhile."""
    monkeypatch.setattr("bot.demo.harbor.server._through_nginx", lambda raw: raw)
    emulator.image("lab/team/ml/torch", "v1", "v2")
    running = nginx(tmp_path, emulator.url)
    url = await asyncio.to_thread(running.__enter__)
    yield url
    await asyncio.to_thread(running.__exit__, None, None, None)


@pytest.mark.parametrize(
    ("escaped", "status"),
    [("team/ml/torch", 404), ("team%2Fml%2Ftorch", 404), ("team%252Fml%252Ftorch", 200)],
)
async def test_nginx_breaks_what_is_escaped_once(front, session, escaped, status):
    url = f"{front}/api/v2.0/projects/lab/repositories/{escaped}/artifacts"
    root = {"Authorization": aiohttp.encode_basic_auth("root", "Root-password1")}
    async with session.get(URL(url, encoded=True), headers=root) as answer:
        assert answer.status == status
        if status == 404:
            assert "was not found" in await answer.text()


async def test_repositories_of_three_parts_are_listed_read_and_changed(
    front, session, emulator, mia
):
    harbor = Harbor(session, front, call_seconds=5)
    name = "team/ml/torch"
    found = await harbor.artifacts("lab", name, mia)
    assert found.items[0].names in {("v1", "v2"), ("v2", "v1")}
    artifact = await harbor.artifact("lab", name, "v1", mia)
    assert (await harbor.artifact("lab", name, artifact.digest, mia)).digest == artifact.digest
    assert await harbor.history(artifact, mia) == ()
    await harbor.delete_tag(artifact, "v2", mia)
    assert (await harbor.artifact("lab", name, "v1", mia)).names == ("v1",)
    seen = [one async for one in harbor.everything("lab", mia)]
    assert f"lab/{name}" in {one.path for one in seen}
    assert "team/ml/torch" in {
        one.name for one in await harbor.repositories(mia, project="lab", word="ml/tor")
    }
    await harbor.delete_artifact(artifact, mia)
    with pytest.raises(NotFound):
        await harbor.artifact("lab", name, "v1", mia)
    assert all("%2F" not in one.path for one in emulator.requests)


async def test_images_are_looked_at_tagged_and_copied(front, session, emulator, ann):
    registries = RegistryClient(session, [Place("harbor", URL(front))])
    host = authority(URL(front))
    image = Reference(host, "lab/team/ml/torch", "v1")
    digest = (await registries.look(image, ann)).digest
    assert await registries.tag(image, "v3", ann) == digest
    assert sorted(await registries.tags(image, ann)) == ["v1", "v2", "v3"]
    copied = await registries.copy(
        image, Reference(host, "lab/team/copy/torch", "mine"), source_as=ann, target_as=ann
    )
    assert copied.digest == digest
    await registries.check(host, login("ann"))
