"""The recorded answers of real registries, read by the client's own wire code."""

import json
from pathlib import Path

import pytest

from bot.domain.errors import Denied, NotFound, Refused
from bot.domain.images.manifest import DOCKER_MANIFEST, OCI_MANIFEST
from bot.registry.wire import manifests
from bot.registry.wire.answers import Answer, failure, problem
from bot.registry.wire.challenges import bearer, challenge

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/harbor"
pytestmark = pytest.mark.contracts


def exchange(name):
    if not RECORDED.exists():
        pytest.skip("the recorded exchanges are not here")
    (path,) = RECORDED.glob(f"{name}-*.json")
    return json.loads(path.read_text())


def answer(name):
    told = exchange(name)["response"]
    body = told["body"]
    words = json.dumps(body).encode() if isinstance(body, dict | list) else (body or "").encode()
    headers = {key.lower(): value for key, value in told["headers"]}
    challenges = tuple(v for k, v in told["headers"] if k.lower() == "www-authenticate")
    return Answer(told["status"], headers, words, challenges)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("01", Denied), ("02", Denied), ("06", NotFound), ("07", None), ("08", NotFound), ("09", NotFound),
     ("16", NotFound), ("17", NotFound), ("18", NotFound), ("19", NotFound), ("27", Refused), ("30", NotFound),
     ("31", NotFound), ("40", Denied), ("44", Denied), ("46", Denied), ("49", Refused), ("50", Denied), ("51", Denied)],
)  # fmt: skip
def test_every_recorded_refusal_is_told_as_what_it_is(name, kind):
    got = answer(name)
    assert got.ok is (kind is None)
    if kind:
        assert isinstance(failure(got, "lab/x"), kind)


def test_the_digest_is_in_the_head_and_is_the_same_as_in_the_body():
    seen = manifests.seen(answer("07"))
    assert seen.media_type == OCI_MANIFEST
    assert seen.digest == exchange("13")["request"]["url"].rpartition("/")[2]
    assert manifests.seen(answer("11")).media_type == DOCKER_MANIFEST
    assert manifests.seen(answer("10")).digest != manifests.seen(answer("11")).digest


def test_tags_and_pages_are_read():
    assert manifests.tags(answer("05")) == ("v1", "v1-docker")
    assert manifests.tags(answer("33")) == ()
    assert manifests.next_page(answer("26")).startswith("/v2/_catalog?")
    assert manifests.next_page(answer("25")) == ""


def test_a_configuration_is_read():
    config = manifests.config(answer("14"))
    assert dict(config.env)["CUDA_VERSION"] == "11.1"
    assert dict(config.labels)["framework"] == "pytorch"
    assert config.platform == "linux/amd64"
    assert config.history


def test_challenges_are_read_with_their_parameters():
    assert challenge(answer("01").challenges).scheme == "basic"
    asked = challenge(answer("40").challenges)
    assert (asked.scheme, asked.service) == ("bearer", "harbor-registry")
    assert asked.scope == "repository:library/ml/pytorch:pull"
    assert challenge(answer("44").challenges).error == "insufficient_scope"
    assert challenge(answer("50").challenges).error == "invalid_token"
    assert (
        challenge(('Basic realm="x"', 'Bearer realm="https://x/t",service="s"')).scheme == "bearer"
    )
    assert challenge(("Negotiate abc",)) is None


def test_the_token_is_read_from_its_own_field():
    made = bearer(answer("41"))
    assert made.value.startswith("eyJ")
    assert made.lives_seconds == 1800
    assert "eyJ" not in repr(made)


def test_errors_are_named():
    assert problem(answer("06"))[0] == "NAME_UNKNOWN"
    assert problem(answer("16"))[0] == "MANIFEST_UNKNOWN"
    assert problem(answer("46")) == ("", "")
