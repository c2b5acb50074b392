"""The client against Debian's docker-registry: what is there, what it is, copies, tags, deletions."""

import hashlib
import json
import os

import pytest

from bot.domain.errors import Denied, NotFound, Refused, WrongLogin
from bot.domain.images.errors import Elsewhere
from bot.domain.images.manifest import OCI_INDEX
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.domain.people import Token


@pytest.fixture
def path(request):
    return f"lab/ml/{request.node.name[:40].strip('_[]')}".lower()


async def test_an_image_is_seen_by_head_with_its_digest(registries, lab, filler, login, path):
    digest = filler.image(path, "v1")
    seen = await registries.look(lab(path, "v1"), login)
    assert seen.digest == digest
    assert (await registries.look(lab(path, digest=digest), login)).digest == digest


async def test_docker_and_oci_images_and_indexes_are_all_seen(registries, lab, filler, login, path):
    docker = filler.image(path, "docker", docker=True)
    index = filler.index(path, "many", "linux/amd64", "linux/arm64")
    assert (await registries.look(lab(path, "docker"), login)).digest == docker
    found = await registries.look(lab(path, "many"), login)
    assert (found.digest, found.media_type) == (index, OCI_INDEX)


async def test_what_is_missing_is_missing_and_what_is_closed_is_closed(
    registries, lab, filler, login, path
):
    filler.image(path, "v1")
    with pytest.raises(NotFound):
        await registries.look(lab(path, "lastest"), login)
    with pytest.raises(NotFound):
        await registries.look(lab("lab/none", "v1"), login)
    with pytest.raises(Denied):
        await registries.look(lab(path, "v1"), ANONYMOUS)
    with pytest.raises(Denied):
        await registries.look(lab(path, "v1"), Token("registry:lab", "bot", "wrong"))


async def test_tags_are_listed_and_an_emptied_repository_has_none(
    registries, lab, filler, login, path
):
    digest = filler.image(path, "v1")
    filler.image(path, "v2", (b"other",))
    assert sorted(await registries.tags(lab(path), login)) == ["v1", "v2"]
    second = (await registries.look(lab(path, "v2"), login)).digest
    for one in (digest, second):
        await registries.delete(lab(path, digest=one), login)
    assert await registries.tags(lab(path), login) == ()
    with pytest.raises(NotFound):
        await registries.tags(lab("lab/never"), login)


async def test_the_configuration_tells_environment_labels_and_history(
    registries, lab, filler, login, path
):
    filler.image(path, "v1", env=("CUDA_VERSION=11.1", "A=b=c"), labels={"framework": "火炬"})
    manifest = await registries.manifest(lab(path, "v1"), login)
    config = await registries.config(lab(path, "v1"), manifest, login)
    assert dict(config.env) == {"CUDA_VERSION": "11.1", "A": "b=c"}
    assert dict(config.labels) == {"framework": "火炬"}
    assert config.created is not None
    assert config.created.year == 2021
    assert config.platform == "linux/amd64"
    assert "nfs-common" in config.history[0]


async def test_a_new_tag_keeps_the_digest_and_moves_from_where_it_was(
    registries, lab, filler, login, path
):
    first = filler.image(path, "v1")
    filler.image(path, "v2", (b"other",))
    assert await registries.tag(lab(path, "v1"), "v2", login) == first
    assert (await registries.look(lab(path, "v2"), login)).digest == first


async def test_deleting_takes_a_digest_only(registries, lab, filler, login, path):
    digest = filler.image(path, "v1")
    filler.put(path, "stable", json.loads((await registries.manifest(lab(path, "v1"), login)).body))
    with pytest.raises(Refused):
        await registries.delete(lab(path, "v1"), login)
    assert (await registries.look(lab(path, "v1"), login)).digest == digest
    await registries.delete(lab(path, digest=digest), login)
    for tag in ("v1", "stable"):
        with pytest.raises(NotFound):
            await registries.look(lab(path, tag), login)


async def test_a_login_is_checked_before_it_is_believed(registries, places, login):
    await registries.check(places[0].host, login)
    with pytest.raises(WrongLogin):
        await registries.check(places[0].host, Token("registry:lab", login.user, "wrong"))


async def test_other_hosts_are_never_asked(registries, login):
    with pytest.raises(Elsewhere):
        await registries.look(Reference("evil.example.edu", "a/b", "v1"), ANONYMOUS)
    with pytest.raises(ValueError, match="does not belong"):
        await registries.look(Reference(registries.hosts[1], "a/b", "v1"), login)


async def test_the_catalogue_is_read_page_by_page(
    registries, places, filler, login, path, monkeypatch
):
    for n in range(5):
        filler.image(f"{path}/{n}", "v1")
    monkeypatch.setattr("bot.registry.client.PAGE", 2)
    found = await registries.catalogue(places[0].host, login)
    assert {f"{path}/{n}" for n in range(5)} <= set(found)
    assert len(set(found)) == len(found)
    with pytest.raises(Denied):
        await registries.catalogue(places[0].host, ANONYMOUS)
    with pytest.raises(Elsewhere):
        await registries.catalogue("evil.example.edu", ANONYMOUS)


# Copies


async def test_a_copy_within_a_registry_mounts_its_blobs(registries, lab, filler, login, path):
    digest = filler.image(path, "v1")
    copied = await registries.copy(
        lab(path, "v1"), lab(f"{path}/copy", "mine"), source_as=login, target_as=login
    )
    assert (copied.digest, copied.sent_bytes) == (digest, 0)
    assert copied.reused_bytes > 0
    assert await registries.tags(lab(f"{path}/copy"), login) == ("mine",)


async def test_a_copy_between_registries_keeps_bytes_and_digest(
    registries, lab, public, filler, login, path, open_filler
):
    layer = os.urandom(3 << 20)
    digest = filler.image(path, "v1", (layer, b"small"))
    told = []
    copied = await registries.copy(
        lab(path, "v1"), public(path, "mine"), source_as=login, target_as=ANONYMOUS,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    assert copied.digest == digest
    assert (await registries.look(public(path, "mine"), ANONYMOUS)).digest == digest
    assert told[-1][0] == told[-1][1] == copied.sent_bytes
    status, _, body = open_filler.ask(
        "GET", f"/v2/{path}/blobs/sha256:{hashlib.sha256(layer).hexdigest()}"
    )
    assert (status, body) == (200, layer)
    again = await registries.copy(
        lab(path, "v1"), public(path, "second"), source_as=login, target_as=ANONYMOUS
    )
    assert again.sent_bytes == 0
    assert sorted(await registries.tags(public(path), ANONYMOUS)) == ["mine", "second"]


async def test_an_index_is_copied_with_all_its_images(registries, lab, public, filler, login, path):
    digest = filler.index(path, "many", "linux/amd64", "linux/arm64")
    copied = await registries.copy(
        lab(path, "many"), public(path, "many"), source_as=login, target_as=ANONYMOUS
    )
    assert copied.digest == digest
    manifest = await registries.manifest(public(path, "many"), ANONYMOUS)
    assert manifest.platforms == ("linux/amd64", "linux/arm64")
    for child in manifest.children:
        assert (
            await registries.look(public(path, digest=child.digest), ANONYMOUS)
        ).digest == child.digest
    assert await registries.tags(public(path), ANONYMOUS) == ("many",)


async def test_a_copy_without_a_right_to_write_is_refused(
    registries, lab, public, open_filler, path
):
    open_filler.image(path, "v1")
    with pytest.raises(Denied):
        await registries.copy(
            public(path, "v1"), lab(path, "v1"), source_as=ANONYMOUS, target_as=ANONYMOUS
        )
