"""The client against the real registry in token mode, filled by skopeo."""

import json
import subprocess

import pytest
from yarl import URL

from bot.domain.errors import Denied, WrongLogin
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.registry import real
from tests.registry.served import served
from tests.registry.tokens import TokenService

ANN = Token("registry:tokens", "ann", "ann-password")
BOB = Token("registry:tokens", "bob", "bob-password")


@pytest.fixture
def service(tmp_path):
    return TokenService(
        tmp_path,
        {"ann": "ann-password", "bob": "bob-password"},
        {"ann": ("pull", "push", "delete"), "bob": ("pull",)},
    )


@pytest.fixture
async def guarded(tmp_path, service, session):
    """A registry that only believes the service's tokens; its client and its host."""
    async with served(service.handle) as realm:
        with real.registry(tmp_path, service.auth(realm)) as url:
            place = Place("tokens", URL(url))
            yield RegistryClient(session, [place]), place.host


def fill_by_skopeo(host, tmp_path, path="lab/ml/torch", tag="v1"):
    real.needed("skopeo", "umoci")
    policy = tmp_path / "policy.json"
    policy.write_text(json.dumps({"default": [{"type": "insecureAcceptAnything"}]}))
    layout = tmp_path / "oci"
    for words in (
        ["umoci", "init", "--layout", str(layout)],
        ["umoci", "new", "--image", f"{layout}:v1"],
        ["umoci", "config", "--image", f"{layout}:v1", "--config.label", "framework=pytorch"],
        [
            *("skopeo", "--policy", str(policy), "copy", "--dest-tls-verify=false"),
            *("--dest-creds", "ann:ann-password", f"oci:{layout}:v1", f"docker://{host}/{path}:{tag}"),
        ],
    ):  # fmt: skip
        subprocess.run(words, check=True, capture_output=True, timeout=30)
    return Reference(host, path, tag)


async def test_tokens_are_fetched_used_and_kept(guarded, service, tmp_path):
    registries, host = guarded
    image = await in_thread(fill_by_skopeo, host, tmp_path)
    service.asked.clear()
    seen = await registries.look(image, ANN)
    manifest = await registries.manifest(image, ANN)
    config = await registries.config(image, manifest, ANN)
    assert seen.digest == manifest.digest
    assert dict(config.labels) == {"framework": "pytorch"}
    assert service.asked == [("ann", "repository:lab/ml/torch:pull")]
    assert set(service.methods) == {"GET"}


async def in_thread(work, *args):
    import asyncio

    return await asyncio.to_thread(work, *args)


async def test_who_may_only_pull_can_neither_tag_nor_delete(guarded, service, tmp_path):
    registries, host = guarded
    image = await in_thread(fill_by_skopeo, host, tmp_path)
    digest = (await registries.look(image, BOB)).digest
    with pytest.raises(Denied):
        await registries.tag(image, "mine", BOB)
    with pytest.raises(Denied):
        await registries.delete(image.at(digest=digest), BOB)
    assert await registries.tag(image, "mine", ANN) == digest
    assert sorted(await registries.tags(image, BOB)) == ["mine", "v1"]


async def test_a_wrong_password_degrades_to_anonymous_and_is_denied(guarded, service, tmp_path):
    registries, host = guarded
    image = await in_thread(fill_by_skopeo, host, tmp_path)
    wrong = Token("registry:tokens", "ann", "wrong")
    with pytest.raises(Denied):
        await registries.look(image, wrong)
    with pytest.raises(Denied):
        await registries.look(image, ANONYMOUS)
    with pytest.raises(WrongLogin):
        await registries.check(host, wrong)
    await registries.check(host, ANN)


async def test_a_copy_within_asks_for_both_repositories_and_mounts(guarded, service, tmp_path):
    registries, host = guarded
    image = await in_thread(fill_by_skopeo, host, tmp_path)
    copied = await registries.copy(
        image, Reference(host, "lab/copy", "v9"), source_as=ANN, target_as=ANN
    )
    assert copied.sent_bytes == 0
    assert await registries.tags(Reference(host, "lab/copy"), ANN) == ("v9",)


async def test_a_token_that_ended_is_fetched_anew(guarded, service, tmp_path):
    registries, host = guarded
    image = await in_thread(fill_by_skopeo, host, tmp_path)
    await registries.look(image, ANN)
    for key in registries._transport._tokens:  # as if the registry had forgotten it
        made, until = registries._transport._tokens[key]
        registries._transport._tokens[key] = (type(made)("e30.e30.e30", 60), until)
    service.asked.clear()
    assert (await registries.look(image, ANN)).digest
    assert len(service.asked) == 1
