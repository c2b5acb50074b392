"""Registries beside Harbor, and sites without one: browsed with what `/v2` has."""

import json

import pytest

from tests.registry import real


@pytest.fixture
def plain(tmp_path_factory):
    with real.registry(tmp_path_factory.mktemp("plain")) as url:
        yield url


@pytest.fixture
def guarded(tmp_path_factory):
    """A registry with one account for everybody, whose name is Chinese."""
    folder = tmp_path_factory.mktemp("guarded")
    auth = f"  htpasswd: {{realm: lab, path: {real.htpasswd(folder)}}}\n"
    with real.registry(folder, auth) as url:
        yield url


async def test_an_image_goes_to_a_registry_of_the_site_and_replaces_nothing_there(
    closed_lab, plain, guarded, admin
):
    source, target = real.Filler(plain), real.Filler(guarded, real.USER, real.PASSWORD)
    digest = source.image("team/ml/tools", "v1", (b"x" * 200_000,))
    closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps(
        [
            {"name": "far", "url": plain},
            {"name": "acr", "url": guarded, "username": real.USER, "password": real.PASSWORD},
        ]
    )
    await closed_lab.start()
    closed_lab.pai.user("ada", "ada-password", admin=True)
    await admin.is_linked_to("ada")
    eve = await closed_lab.member("eve", "Eve Wong", "en")
    there, here = (url.removeprefix("http://") for url in (plain, guarded))
    await eve.says(f"/copyimage {there}/team/ml/tools:v1 {here}/lab/ml/tools:v1")
    assert digest in await eve.hears("is there (", within=20)
    assert "sha256" in await eve.asks(f"/image {here}/lab/ml/tools:v1")
    other = source.image("team/ml/tools", "v2", (b"y",))
    said = await eve.asks(f"/copyimage {there}/team/ml/tools:v2 {here}/lab/ml/tools:v1")
    assert "only admins" in said
    asked = await admin.asks(f"/copyimage {there}/team/ml/tools:v2 {here}/lab/ml/tools:v1")
    await admin.presses("Replace", on=asked)
    await admin.hears("is there (", within=20)
    status, headers, _ = target.ask(
        "HEAD", "/v2/lab/ml/tools/manifests/v1", Accept="application/vnd.oci.image.manifest.v1+json"
    )
    assert (status, headers["Docker-Content-Digest"]) == (200, other)
    assert "now also has" in await eve.asks(f"/tagimage\u00a0{here}/lab/ml/tools:v1\n stable")
    preview = await eve.asks(f"/run image={here}/lab/ml/tools:v1 gpu=1 python x.py")
    assert "not public" in preview
    assert "/login harbor" not in preview
    preview = await eve.asks(f"/run image={here}/lab/ml/tools:v7 gpu=1 python x.py")
    assert "has no image" in preview
    assert "Similar tags: v1" in preview
    card = await eve.asks(f"/image {here}/lab/ml/tools:v1")
    assert {"Copy", "Test"} <= set(card.buttons)


async def test_a_site_account_that_stopped_working_leaves_what_everybody_may_see(
    closed_lab, harbor, admin
):
    closed_lab.environ |= {"PAILOT_HARBOR__USERNAME": "mia", "PAILOT_HARBOR__PASSWORD": "old"}
    await closed_lab.start()
    eve = await closed_lab.member("eve", "Eve Wong", "en")
    listed = await eve.asks("/images")
    assert "public/ml/torch" in listed
    assert "private" not in listed
    began = len([one for one in harbor.requests if one.user == "mia"])
    await eve.asks("/image torch:1.13")
    assert len([one for one in harbor.requests if one.user == "mia"]) - began <= 1


async def test_a_plain_registry_is_browsed_down_to_a_card(closed_lab, plain, admin):
    filler = real.Filler(plain)
    digest = filler.image("team/ml/tools", "v1")
    for n in range(12):
        filler.image(f"team/x{n:02}", "v1")
    host = plain.removeprefix("http://")
    closed_lab.environ["PAILOT_REGISTRIES"] = json.dumps([{"name": "far", "url": plain}])
    await closed_lab.start()
    eve = await closed_lab.member("eve", "Eve Wong", "en")
    which = await eve.asks("/images")
    listed = await eve.presses(host, on=which)
    assert "(13), page 1 of 2" in listed
    assert "team/x11" in " ".join((await eve.presses("Next", on=listed)).buttons)
    found = await eve.asks("/images far tools")
    tags = await eve.presses("team/ml/tools", on=found)
    card = await eve.presses("v1", on=tags)
    assert digest in card
    assert f"{host}/team/ml/tools:v1" in card
    wrong = await eve.asks(f"/image {host}/team/ml/toolz:v1")
    assert "team/ml/tools" in " ".join(wrong.buttons)
