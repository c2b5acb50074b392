"""Registries that hang, lie, redirect, break off or answer with web pages."""

import asyncio
import hashlib
import json
import time

import pytest
from aiohttp import web
from yarl import URL

from bot.domain.errors import Busy, Denied, Refused, Unavailable
from bot.domain.images.errors import Blocked, Immutable, Referenced
from bot.domain.images.manifest import OCI_INDEX, OCI_MANIFEST
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from tests.registry.served import served

LOGIN = Token("registry:odd", "用户", "secret")
EMPTY = json.dumps(
    {"schemaVersion": 2, "config": {"digest": "sha256:" + "0" * 64, "size": 2}, "layers": []}
)
TYPED = {"Content-Type": OCI_MANIFEST}


@pytest.fixture
def asking(session):
    """A client of one odd registry, and a reference into it."""

    def make(url, **waits):
        place = Place("odd", URL(url))
        waits = {"call_seconds": 2.0, "silence_seconds": 2.0, **waits}
        return RegistryClient(session, [place], **waits), Reference(place.host, "lab/x", "v1")

    return make


def error(status, code="", message="", **headers):
    body = {"errors": [{"code": code, "message": message}]}
    return web.json_response(
        body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda: web.Response(status=200, text="<html>hi</html>", content_type="text/html"), Unavailable),
        (lambda: web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html"), Unavailable),
        (lambda: web.Response(status=200, body=b"\xff\xfe\x00", headers=TYPED), Unavailable),
        (lambda: web.Response(status=200, text="[" * 100_000, headers=TYPED), Unavailable),
        (lambda: web.Response(status=200, text='{"schemaVersion":1}', headers=TYPED), Unavailable),
        (lambda: error(412, "PROJECTPOLICYVIOLATION", "current image with 3 vulnerabilities"), Blocked),
        (lambda: error(412, "PRECONDITION", "the tag v1 configured as immutable"), Immutable),
        (lambda: error(412, "VIOLATE_FOREIGN_KEY_CONSTRAINT", "referenced by others"), Referenced),
        (lambda: error(403, "DENIED", "adding 510.7 MiB of storage resource"), Denied),
        (lambda: error(429, "TOOMANYREQUESTS", "pull rate limit", Retry_After="77"), Busy),
        (lambda: error(400, "UNSUPPORTED", "no"), Refused),
        (lambda: error(500, "UNKNOWN", "internal server error"), Unavailable),
    ],
)  # fmt: skip
async def test_what_goes_wrong_is_told_as_what_it_is(asking, answer, kind):
    async def handle(_request):
        return answer()

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(kind) as caught:
            await registries.manifest(image, ANONYMOUS)
        if kind is Busy:
            assert caught.value.retry_seconds == 77


@pytest.mark.parametrize("broken", ["http://[::1/x", "http://host:port/x", "http://h:99999999/x"])
async def test_an_address_that_is_none_is_the_registrys_fault_not_ours(asking, broken):
    """As the end of a redirect, as the token service's, and as where to upload."""

    async def handle(request):
        if request.path.endswith("/moved"):
            return web.Response(status=307, headers={"Location": broken})
        if request.path.endswith("/token"):
            return web.Response(
                status=401, headers={"WWW-Authenticate": f'Bearer realm="{broken}"'}
            )
        if request.method == "POST":
            return web.Response(status=202, headers={"Location": broken})
        if request.method == "GET":
            return web.Response(text=EMPTY, headers=TYPED)
        return web.Response(status=404)

    async with served(handle) as url, served(handle) as other:
        registries, image = asking(url)
        for tag in ("moved", "token"):
            with pytest.raises(Unavailable):
                await registries.look(image.at(tag=tag), ANONYMOUS)
        places = [Place("odd", URL(url)), Place("other", URL(other))]
        target = Reference(places[1].host, "lab/x", "v1")
        registries = RegistryClient(registries._transport._session, places)
        with pytest.raises(Unavailable):
            await registries.copy(image, target, source_as=ANONYMOUS, target_as=ANONYMOUS)


async def test_a_manifest_over_four_mebibytes_is_refused_without_reading_on(asking):
    async def handle(_request):
        return web.Response(body=b" " * (5 << 20), headers=TYPED)

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Unavailable, match="unavailable"):
            await registries.manifest(image, ANONYMOUS)


async def test_other_bytes_than_those_of_the_digest_are_refused(asking):
    async def handle(_request):
        return web.Response(text=EMPTY, headers=TYPED)

    async with served(handle) as url:
        registries, image = asking(url)
        assert (await registries.manifest(image, ANONYMOUS)).digest.startswith("sha256:")
        with pytest.raises(Unavailable):
            await registries.manifest(image.at(digest="sha256:" + "1" * 64), ANONYMOUS)


async def test_a_page_of_a_portal_is_no_image(asking):
    async def handle(_request):
        return web.Response(text="<html>", content_type="text/html")

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Unavailable):
            await registries.look(image, ANONYMOUS)


async def test_a_registry_that_hangs_is_given_up(asking):
    async def handle(_request):
        await asyncio.sleep(30)

    async with served(handle) as url:
        registries, image = asking(url, call_seconds=0.3)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await registries.look(image, ANONYMOUS)
        assert time.monotonic() - began < 15


async def test_all_four_types_are_accepted_and_no_cookie_comes_back(asking):
    met = []

    async def handle(request):
        met.append(request.headers)
        answer = web.Response(headers=TYPED)
        answer.set_cookie("sid", "session-of-somebody")
        return answer

    async with served(handle) as url:
        registries, image = asking(url)
        await registries.look(image, ANONYMOUS)
        await registries.look(image, ANONYMOUS)
    assert all("Cookie" not in headers for headers in met)
    assert all(len(headers["Accept"].split(",")) == 4 for headers in met)


async def test_a_chinese_user_name_is_sent_in_utf_8(asking):
    met = []

    async def handle(request):
        met.append(request.headers.get("Authorization", ""))
        if not met[-1]:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
        return web.Response(headers=TYPED)

    async with served(handle) as url:
        registries, image = asking(url)
        await registries.look(image, LOGIN)
        await registries.look(image, LOGIN)
    import base64

    assert base64.b64decode(met[1].removeprefix("Basic ")).decode() == "用户:secret"
    assert len(met) == 3  # how it wants to be asked is remembered


async def test_a_refused_login_is_not_tried_again(asking):
    met = []

    async def handle(request):
        met.append(request.headers.get("Authorization", ""))
        return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="harbor"'})

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Denied):
            await registries.look(image, LOGIN)
    assert len([one for one in met if one]) == 1


async def test_an_empty_challenge_says_nothing_of_how_to_ask(asking):
    """Harbor's answer for a project that is not there; images of other projects are looked at all the same."""

    async def handle(request):
        if "gone" in request.path:
            return web.Response(
                status=401, headers={"WWW-Authenticate": 'Bearer realm="",service="",scope=""'}
            )
        return web.Response(headers=TYPED)

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Denied):
            await registries.look(Reference(image.host, "gone/x", "v1"), LOGIN)
        assert (await registries.look(image, LOGIN)).media_type == OCI_MANIFEST


async def test_a_login_that_was_refused_is_never_tried_twice(asking):
    """Harbor's token service says nothing of a wrong password but locks the user, and `/v2` then asks for Basic."""
    met = []

    async def handle(request):
        met.append((request.path, request.headers.get("Authorization", "")))
        if request.path == "/service/token":
            return web.json_response({"token": "e30.e30.e30", "access_token": ""})
        realm = f'Bearer realm="http://{request.headers["Host"]}/service/token",service="harbor-registry"'
        told = 'Basic realm="harbor"' if met[-1][1] else realm
        return web.Response(status=401, headers={"WWW-Authenticate": told})

    async with served(handle) as url:
        registries, image = asking(url)
        for _ in range(2):
            with pytest.raises(Denied):
                await registries.look(image, LOGIN)
    assert len([path for path, login in met if path == "/service/token" and login]) <= 2
    assert len([login for _, login in met if login.startswith("Bearer")]) <= 3


@pytest.mark.parametrize(
    "realm", ["http://evil.example.edu/token", "ftp://127.0.0.1/", "/token", "not a url at all"]
)
async def test_a_login_goes_to_no_token_service_that_is_not_safe(asking, realm):
    async def handle(_request):
        return web.Response(
            status=401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="s"'}
        )

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Unavailable):
            await registries.look(image, LOGIN)


async def test_a_redirected_blob_is_fetched_without_the_login(asking):
    met, config = [], b'{"os": "linux", "architecture": "amd64"}'
    digest = f"sha256:{hashlib.sha256(config).hexdigest()}"
    made = {"schemaVersion": 2, "config": {"digest": digest, "size": len(config)}, "layers": []}

    async def elsewhere(request):
        met.append(dict(request.headers))
        return web.Response(body=config)

    async with served(elsewhere) as other:

        async def handle(request):
            if "Authorization" not in request.headers:
                return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
            if "/blobs/" in request.path:
                return web.Response(
                    status=307, headers={"Location": f"{other}/bucket/x?X-Amz-Signature=a%2Fb"}
                )
            return web.Response(text=json.dumps(made), headers=TYPED)

        async with served(handle) as url:
            registries, image = asking(url)
            manifest = await registries.manifest(image, LOGIN)
            config = await registries.config(image, manifest, LOGIN)
    assert config.platform == "linux/amd64"
    assert "Authorization" not in met[0]


async def test_an_index_that_contains_itself_ends(asking, open_registry, open_filler, session):
    """A cycle can't be made of real digests; an endless chain can be told by a liar."""

    def body(n):
        inner = hashlib.sha256(f"{n}".encode()).hexdigest()
        return json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": OCI_INDEX,
                "manifests": [{"digest": f"sha256:{inner}", "size": 1}],
            }
        )

    async def handle(request):
        return web.Response(text=body(1), headers={"Content-Type": OCI_INDEX})

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Unavailable):  # the child's bytes are not those of its digest
            await registries.copy(
                image, image.at(tag="v2"), source_as=ANONYMOUS, target_as=ANONYMOUS
            )


async def test_an_index_of_thousands_is_refused(asking):
    rows = [{"digest": f"sha256:{n:064x}", "size": 1} for n in range(5000)]
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": rows})

    async def handle(_request):
        return web.Response(text=index, headers={"Content-Type": OCI_INDEX})

    async with served(handle) as url:
        registries, image = asking(url)
        with pytest.raises(Refused):
            await registries.copy(
                image, image.at(tag="v2"), source_as=ANONYMOUS, target_as=ANONYMOUS
            )
