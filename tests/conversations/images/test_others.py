"""Registries beside Harbor, and sites without one: browsed with what `/v2` has."""

import json

import pytest

from tests.registry import real


@pytest.fixture
def plain(tmp_path_factory):
    with real.registry(tmp_path_factory.mktemp("plain")) as url:
        yield url


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
