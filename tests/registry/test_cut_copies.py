"""Copies whose connections break, and what they hold in memory meanwhile."""

import hashlib
import os
import tracemalloc

import pytest
from aiohttp import web
from yarl import URL

from bot.domain.errors import NotFound, Refused, Unavailable
from bot.domain.images.manifest import OCI_MANIFEST
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.registry.served import Wire, served


@pytest.mark.parametrize("uploads", [True, False])
async def test_a_copy_goes_on_after_the_connection_broke(
    session, filler, open_registry, open_filler, password_registry, login, uploads
):
    path = f"lab/cut-{uploads}".lower()
    layer = os.urandom(6 << 20)
    digest = filler.image(path, "v1", (layer,))
    broken = open_registry if uploads else password_registry
    async with Wire(URL(broken).port, cuts=2, after=3 << 20, uploads=uploads).open() as wire:
        near, far = (password_registry, wire.url) if uploads else (wire.url, open_registry)
        places = [Place("lab", URL(near), login), Place("open", URL(far))]
        registries = RegistryClient(session, places, call_seconds=5, silence_seconds=5)
        registries._copying._pause_seconds = 0.02
        copied = await registries.copy(
            Reference(places[0].host, path, "v1"),
            Reference(places[1].host, path, "v1"),
            source_as=login,
            target_as=ANONYMOUS,
        )
        assert wire.cuts == 0
    assert copied.digest == digest
    _, _, body = open_filler.ask(
        "GET", f"/v2/{path}/blobs/sha256:{hashlib.sha256(layer).hexdigest()}"
    )
    assert body == layer


async def test_a_source_that_breaks_off_is_asked_for_the_rest_only(
    session, open_registry, open_filler
):
    """The target sees one upload: a real registry forgets one that was cut in the middle of a request."""
    layer, ranges, told = os.urandom(5 << 20), [], []
    config = b"{}"
    blobs = {f"sha256:{hashlib.sha256(data).hexdigest()}": data for data in (layer, config)}
    rows = [{"digest": digest, "size": len(data)} for digest, data in blobs.items()]
    made = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": rows[1], "layers": rows[:1]}

    async def handle(request):
        data = blobs.get(request.path.rpartition("/")[2])
        if data is None:
            return web.json_response(made, content_type=OCI_MANIFEST)
        wanted = request.headers.get("Range", "")
        if data is config:
            return web.Response(body=data)
        ranges.append(wanted)
        begin = int(wanted.removeprefix("bytes=").removesuffix("-") or 0)
        answer = web.StreamResponse(status=206 if wanted else 200)
        answer.content_length = len(data) - begin
        await answer.prepare(request)
        await answer.write(data[begin : begin + (2 << 20)])
        if begin + (2 << 20) < len(data):
            request.transport.close()
        return answer

    async with served(handle) as url:
        places = [Place("far", URL(url)), Place("open", URL(open_registry))]
        registries = RegistryClient(session, places, call_seconds=5, silence_seconds=5)
        registries._copying._pause_seconds = 0.01
        await registries.copy(
            Reference(places[0].host, "lab/broken", "v1"),
            Reference(places[1].host, "lab/broken", "v1"),
            source_as=ANONYMOUS,
            target_as=ANONYMOUS,
            progress=lambda done, total: told.append((done, total)),
        )
    assert ranges[0] == ""
    assert len(ranges) >= 3
    assert [int(one[6:-1]) for one in ranges[1:]] == sorted({int(one[6:-1]) for one in ranges[1:]})
    assert len({done for done, _ in told}) > 5  # progress within the layer, too
    assert told[-1][0] == told[-1][1]
    digest = next(iter(blobs))
    assert open_filler.ask("GET", f"/v2/lab/broken/blobs/{digest}")[2] == layer


async def test_a_copy_is_stopped_in_the_middle_of_a_layer(registries, lab, public, filler, login):
    filler.image("lab/stopped", "v1", (os.urandom(4 << 20),))

    def progress(done, _total):
        if done > 1 << 20:
            raise Refused("registry", "stopped")

    with pytest.raises(Refused):
        await registries.copy(
            lab("lab/stopped", "v1"), public("lab/stopped", "v1"),
            source_as=login, target_as=ANONYMOUS, progress=progress,
        )  # fmt: skip
    with pytest.raises(NotFound):
        await registries.look(public("lab/stopped", "v1"), ANONYMOUS)


async def test_a_connection_that_never_holds_is_given_up(
    session, filler, open_registry, password_registry, login
):
    filler.image("lab/hopeless", "v1", (os.urandom(2 << 20),))
    async with Wire(URL(open_registry).port, cuts=1000, after=1 << 20, uploads=True).open() as wire:
        places = [Place("lab", URL(password_registry), login), Place("open", URL(wire.url))]
        registries = RegistryClient(session, places, call_seconds=5, silence_seconds=5)
        registries._copying._pause_seconds = 0.01
        with pytest.raises(Unavailable):
            await registries.copy(
                Reference(places[0].host, "lab/hopeless", "v1"),
                Reference(places[1].host, "lab/hopeless", "v1"),
                source_as=login,
                target_as=ANONYMOUS,
            )


async def test_a_copy_holds_no_layer_in_memory(registries, lab, public, filler, login):
    size = 24 << 20
    filler.image("lab/medium", "v1", (os.urandom(1 << 20) * 24,))
    tracemalloc.start()
    try:
        copied = await registries.copy(
            lab("lab/medium", "v1"),
            public("lab/medium", "v1"),
            source_as=login,
            target_as=ANONYMOUS,
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert copied.sent_bytes > size
    assert peak < size / 4


@pytest.mark.slow
async def test_a_large_copy_takes_little_memory(registries, lab, public, filler, login):
    filler.image("lab/large", "v1", (os.urandom(1 << 20) * 256,))
    tracemalloc.start()
    try:
        copied = await registries.copy(
            lab("lab/large", "v1"), public("lab/large", "v1"), source_as=login, target_as=ANONYMOUS
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert copied.sent_bytes > 256 << 20
    assert peak < 32 << 20
