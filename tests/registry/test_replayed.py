"""The recorded exchanges again: our requests must be the recorded ones, and every answer must be readable."""

import hashlib
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from yarl import URL

from bot.domain.errors import Denied, NotFound, UserError
from bot.domain.images.manifest import MANIFEST_TYPES, OCI_MANIFEST, Manifest
from bot.domain.images.reference import Reference
from bot.domain.people import Token
from bot.harbor import wire
from bot.harbor.answers import Answer as HubAnswer
from bot.registry.client import RegistryClient
from bot.registry.places import Place
from bot.registry.wire import manifests
from bot.registry.wire.answers import Answer, failure, problem
from bot.registry.wire.challenges import bearer, challenge
from tests.registry.served import served

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/harbor"
pytestmark = pytest.mark.contracts
FILES = sorted(RECORDED.glob("*.json")) or [Path("none.json")]
BOT = Token("registry:lab", "bot", "S3cretPw1")


def load(path):
    if not path.exists():
        pytest.skip("the recorded exchanges are not here")
    return json.loads(path.read_text("utf-8"))


def named(number):
    found = sorted(RECORDED.glob(f"{number}*.json"))
    return load(found[0] if found else Path("none.json"))


def body_of(told):
    body = told["body"]
    if isinstance(body, dict | list):
        return json.dumps(body).encode()
    return (body or "").encode()


READERS = (
    manifests.seen, manifests.manifest, manifests.config, manifests.tags, manifests.repositories,
    manifests.next_page, bearer, problem, lambda one: failure(one, "lab/x"), lambda one: challenge(one.challenges),
)  # fmt: skip
HUB_READERS = (
    lambda one: wire.info(one, legacy=False), wire.account, wire.robot, wire.quota, wire.rights, wire.history,
    wire.pusher, wire.rows, wire.table, lambda one: wire.total(one, 3), lambda one: wire.failure(one, "image", "x"),
    lambda one: wire.project(wire.plain(one)), lambda one: wire.artifact(wire.plain(one), "lab", "x"),
    lambda one: [wire.project(row) for row in wire.rows(one)],
    lambda one: [wire.artifact(row, "lab") for row in wire.rows(one)],
    lambda one: [wire.repository(row) for row in wire.rows(one)],
    lambda one: [wire.gc_run(row) for row in wire.rows(one)],
)  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_recorded_answer_breaks_any_reader(path):
    """Whatever a reader was made for: it reads the answer, or says in the domain's words that it can't."""
    told = load(path)["response"]
    headers = {key.lower(): value for key, value in told["headers"]}
    challenges = tuple(v for k, v in told["headers"] if k.lower() == "www-authenticate")
    for read in READERS:
        try:
            read(Answer(told["status"], headers, body_of(told), challenges))
        except UserError:
            continue
    for hub_read in HUB_READERS:
        try:
            hub_read(HubAnswer(told["status"], headers, body_of(told)))
        except UserError:
            continue


def test_fillers_of_a_mock_server_are_read_as_what_they_are():
    projects = named(71)["response"]
    answer = HubAnswer(200, {"x-total-count": "0", "link": "string"}, body_of(projects))
    assert wire.total(answer, len(wire.rows(answer))) == 1
    (one,) = (wire.project(row) for row in wire.rows(answer))
    assert (one.name, one.public, one.proxy) == ("string", False, False)
    system = named(70)["response"]
    assert wire.info(HubAnswer(200, {}, body_of(system)), legacy=False).registry == ""


@pytest.mark.parametrize(
    ("told", "host"),
    [("harbor.example.edu", "harbor.example.edu"), ("Harbor.example.edu:8443", "harbor.example.edu:8443"),
     ("https://harbor.example.edu/", "harbor.example.edu"), ("192.0.2.4", "192.0.2.4"), ("[2001:db8::1]:80", "[2001:db8::1]:80"),
     ("localhost", "localhost"), ("core", ""), ("a b.example.edu", ""), ("x/y.z", ""), (None, ""), ("u:p@h.example.edu", "")],
)  # fmt: skip
def test_the_name_a_harbor_gives_itself_is_taken_only_if_references_can_have_it(told, host):
    body = json.dumps({"harbor_version": "v2", "registry_url": told}).encode()
    assert wire.info(HubAnswer(200, {}, body), legacy=False).registry == host


# Our requests


class Replay:
    """Answers as recorded, by method and path; keeps what was asked."""

    def __init__(self, *numbers):
        self.exchanges = [named(number) for number in numbers]
        self.met = []

    async def handle(self, request):
        self.met.append(request)
        asked = (request.method, request.rel_url.raw_path)
        for one in self.exchanges:
            parts = urlsplit(one["request"]["url"])
            if (one["request"]["method"], parts.path) != asked:
                continue
            told = one["response"]
            if told["status"] == 401 or "Authorization" in request.headers:
                headers = {
                    k: v
                    for k, v in told["headers"]
                    if k.lower() not in {"content-length", "date", "docker-content-digest"}
                    or (k.lower() == "docker-content-digest" and request.method == "HEAD")
                }
                return web.Response(status=told["status"], headers=headers, body=body_of(told))
        if "Authorization" not in request.headers:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="lab"'})
        return web.Response(status=404)

    def asked(self, method):
        return [one for one in self.met if one.method == method]


@pytest.fixture
def talking(session):
    def make(url):
        place = Place("lab", URL(url))
        client = RegistryClient(session, [place], call_seconds=3, silence_seconds=3)
        return client, Reference(place.host, "library/ml/pytorch", "v1")

    return make


def same_question(request, number):
    """Method, path and (in any order) the query's words are the recorded ones."""
    recorded = named(number)["request"]
    parts = urlsplit(recorded["url"])
    assert request.method == recorded["method"]
    assert request.rel_url.raw_path == parts.path
    assert parse_qs(request.rel_url.raw_query_string) == parse_qs(parts.query)


async def test_a_look_is_the_recorded_head_with_all_four_types(talking):
    replay = Replay("01", "07")
    async with served(replay.handle) as url:
        registries, image = talking(url)
        seen = await registries.look(image, BOT)
    assert seen.media_type == OCI_MANIFEST
    same_question(replay.met[-1], "07")
    recorded = named("07")["request"]["headers"]
    assert replay.met[-1].headers["Authorization"] == recorded["Authorization"]
    wanted = {word.strip() for word in recorded["Accept"].split(",")}
    assert {w.strip() for w in replay.met[-1].headers["Accept"].split(",")} == wanted
    assert wanted == set(MANIFEST_TYPES)


@pytest.mark.parametrize("number", ["17", "30"])
async def test_a_tag_that_is_not_there_is_asked_for_as_recorded_and_missing(talking, number):
    replay = Replay(number)
    async with served(replay.handle) as url:
        registries, image = talking(url)
        tag = named(number)["request"]["url"].rpartition("/")[2]
        with pytest.raises(NotFound):
            await registries.look(image.at(tag=tag), BOT)
    same_question(replay.met[-1], number)


async def test_tags_catalogues_and_their_pages_are_read_as_recorded(talking):
    replay = Replay("33", "34")
    async with served(replay.handle) as url:
        registries, image = talking(url)
        assert await registries.tags(image, BOT) == ()
        assert await registries.catalogue(image.host, BOT) == ("library/copy", "library/ml/pytorch")
    assert replay.met[-1].rel_url.raw_path == "/v2/_catalog"
    pages = Replay("26")
    async with served(pages.handle) as url:
        registries, image = talking(url)
        assert await registries.catalogue(image.host, BOT) == ("library/copy",)
    assert pages.met[-1].rel_url.raw_query_string == "last=library%2Fcopy&n=1"


async def test_mounts_manifests_and_deletions_are_sent_as_recorded(session, talking):
    """A retag is a PUT, a copy mounts its blobs from its neighbour, a deletion names the digest."""
    body = json.dumps(named("12")["response"]["body"]).encode()
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    met = []

    async def handle(request):
        met.append(request)
        match request.method:
            case "GET":
                return web.Response(body=body, headers={"Content-Type": OCI_MANIFEST})
            case "HEAD":
                return web.Response(status=404)
            case "DELETE":
                return web.Response(status=202)
        return web.Response(status=201, headers={"Docker-Content-Digest": digest})

    async with served(handle) as url:
        registries, image = talking(url)
        await registries.tag(image, "stable", BOT)
        same_question(met[-1], "21")
        assert met[-1].headers["Content-Type"] == named("21")["request"]["headers"]["Content-Type"]
        copied = await registries.copy(
            image, Reference(image.host, "library/copy", "v1"), source_as=BOT, target_as=BOT
        )
        posts = [one for one in met if one.method == "POST"]
        for post, number in zip(posts, ("22-mount-0", "22-mount-1"), strict=False):
            same_question(post, number)
        same_question(met[-1], "23")
        gone = named("28")["request"]["url"].rpartition("/")[2]
        await registries.delete(image.at(digest=gone), BOT)
        same_question(met[-1], "28")
    assert copied.digest == digest


async def test_the_token_is_asked_for_as_recorded(session):
    exchange = named("41")
    lives = exchange["response"]["body"]["expires_in"]
    met = []

    async def handle(request):
        met.append(request)
        if request.path == "/service/token":
            return web.json_response(exchange["response"]["body"])
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            told = own_realm(named("40"), request.headers["Host"])
            return web.Response(status=401, headers={"WWW-Authenticate": told})
        return web.Response(headers={"Content-Type": OCI_MANIFEST})

    async with served(handle) as url:
        place = Place("lab", URL(url))
        registries = RegistryClient(session, [place])
        await registries.look(Reference(place.host, "library/ml/pytorch", "v1"), BOT)
    (asked,) = [one for one in met if one.path == "/service/token"]
    recorded = parse_qs(urlsplit(exchange["request"]["url"]).query)
    assert parse_qs(asked.rel_url.raw_query_string) == {**recorded, "account": ["bot"]}
    assert asked.method == "GET"
    assert lives == 1800


async def test_a_token_that_only_pulls_is_refused_without_asking_again(session):
    met, token, asked, refused = [], named("41"), named("40"), named("44")

    async def handle(request):
        met.append(request)
        await request.read()  # what is left unread would cut the connection for the next
        if request.path == "/service/token":
            return web.json_response(token["response"]["body"])
        bearing = "Authorization" in request.headers
        told = own_realm(refused if bearing else asked, request.headers["Host"])
        return web.Response(status=401, headers={"WWW-Authenticate": told})

    async with served(handle) as url:
        place = Place("lab", URL(url))
        registries = RegistryClient(session, [place])
        manifest = Manifest("sha256:" + "0" * 64, OCI_MANIFEST, b"{}")
        image = Reference(place.host, "library/ml/pytorch", "x")
        with pytest.raises(Denied):
            await registries._copying.put(place, image, manifest, BOT)
    assert len([one for one in met if one.path == "/service/token"]) == 1
    assert len([one for one in met if "Authorization" in one.headers]) == 2


def own_realm(exchange, host):
    """The recorded challenge, with its token service where the test's server is."""
    (told,) = [v for k, v in exchange["response"]["headers"] if k.lower() == "www-authenticate"]
    realm = urlsplit(told.partition('realm="')[2].partition('"')[0])
    return told.replace(f"{realm.scheme}://{realm.netloc}", f"http://{host}")
