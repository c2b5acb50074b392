"""No password, token or secret is in clear in any file or log line, at any moment.

Conversations are held while the files are searched byte by byte, in every form a secret may take there.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import pytest

from tests.lab import BOT_TOKEN, IMAGE, Lab, Somebody

PASSWORD = "stan's pass/wörd 密码 & more"
WRONG = "quite-wrong-p4ssword"
IN_GROUP = "gr0up-p4ssword-oops"
LATE = "l4te-p4ssword-oops"
ENV = "env-v4lue-nobody-sees"
YAML_SECRET = "yaml-s3cret-nobody-sees"
PROTOCOL = f"""\
protocolVersion: 2
name: with_secrets
type: job
prerequisites:
  - {{name: img, type: dockerimage, uri: "{IMAGE}"}}
secrets:
  key: {YAML_SECRET}
taskRoles:
  worker:
    instances: 1
    dockerImage: img
    resourcePerInstance: {{gpu: 1, cpu: 4, memoryMB: 8192}}
    commands: [echo <% $secrets.key %>]
defaults: {{virtualCluster: default}}
"""


def forms(secret: str) -> set[bytes]:
    """As it is, and as JSON, addresses, base64 (at any offset), hexadecimals and UTF-16 write it."""
    raw = secret.encode()
    found = {
        raw,
        json.dumps(secret)[1:-1].encode(),
        quote(secret, safe="").encode(),
        raw.hex().encode(),
    }
    found |= {secret.encode("utf-16-le"), raw[::-1]}
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw + b"\0" * 3)
        found.add(whole[4:-8] if shift else whole[:-8])
    return {form for form in found if len(form) > 8}


class Search:
    """Looks for secrets in all files of the lab and in everything logged."""

    def __init__(self, lab: Lab, *secrets: str) -> None:
        self._lab = lab
        self._forms = {secret: forms(secret) for secret in secrets}
        self.looked = 0

    def add(self, secret: str) -> None:
        self._forms[secret] = forms(secret)

    def found(self) -> list[str]:
        self.looked += 1
        places = {
            path.name: path.read_bytes() for path in self._lab.folder.iterdir() if path.is_file()
        }
        places["log"] = self._lab.log.getvalue().encode()
        return [
            f"{secret!r} in {name}"
            for secret, shapes in self._forms.items()
            for name, content in places.items()
            if any(shape in content for shape in shapes)
        ]

    @asynccontextmanager
    async def all_the_time(self) -> AsyncIterator[None]:
        """While the conversation goes on, and once more after it."""

        async def look() -> None:
            while True:
                assert self.found() == []
                await asyncio.sleep(0.01)

        async with asyncio.TaskGroup() as group:
            looking = group.create_task(look())
            yield
            looking.cancel()
        assert self.found() == []
        assert self.looked > 3


@pytest.fixture
def search(lab: Lab) -> Search:
    return Search(
        lab, PASSWORD, WRONG, IN_GROUP, LATE, ENV, YAML_SECRET, BOT_TOKEN.partition(":")[2]
    )


async def test_the_search_finds_what_is_there(lab, search):
    for shape in forms(WRONG):
        (lab.folder / "leak").write_bytes(b"\x00..." + shape + b"...")
        assert search.found() == [f"{WRONG!r} in leak"]
    (lab.folder / "leak").unlink()
    lab.log.write('{"level": "info", "event": "' + IN_GROUP + '"}\n')
    assert search.found() == [f"{IN_GROUP!r} in log"]


async def test_no_login_leaves_its_secret_behind(lab: Lab, stranger: Somebody, group, search):
    lab.pai.user("stan", PASSWORD)
    group.adds(stranger.tg)
    async with search.all_the_time():
        await stranger.asks("/login")
        await stranger.asks("stan")
        await stranger.asks(WRONG)
        await stranger.asks(PASSWORD)
        for token in lab.pai.tokens("stan"):
            search.add(token)
        await stranger.asks(f"/login openpai stan {WRONG}")
        await stranger.asks(f"/login openpai stan {PASSWORD}")
        await stranger.says(f"/login stan {IN_GROUP}", group)
        await stranger.hears("in a group")
        await stranger.presses("revoke", await stranger.asks("/logout"))
        await stranger.asks(WRONG)
        await stranger.asks(f"/logout {PASSWORD}")
        pasted = lab.pai.token("stan")
        search.add(pasted)
        await stranger.asks(f"/login {pasted}")
        search.add(lab.pai.token("stan", application=False))


async def test_a_login_under_way_shows_nothing_even_when_the_bot_dies_in_it(lab, stranger, search):
    lab.pai.user("stan", PASSWORD)
    await stranger.asks("/login")
    await stranger.asks("stan")
    async with search.all_the_time():
        with lab.pai.faults.slow(0.3, path="login"):
            await stranger.says(PASSWORD)
            await lab.restart()
            await stranger.hears("You are stan")


async def test_passwords_that_wait_for_the_bot_are_encrypted(lab, stranger, search):
    await stranger.asks("/login")
    await stranger.asks("stan")
    await lab.stop()
    await stranger.says(LATE)
    await stranger.says(f"/login stan {WRONG}")
    lab.clock.passes(minutes=20)
    async with search.all_the_time():
        await lab.start()
        await stranger.hears("not right")


async def test_secrets_and_environment_of_jobs_are_encrypted_and_then_gone(lab, bob, search):
    async with search.all_the_time():
        preview = await bob.sends_file("job.yaml", PROTOCOL.encode())
        await bob.presses("YAML", preview)
        await bob.presses("Submit", preview)
        preview = await bob.asks(f"/run image={IMAGE} env.KEY={ENV} python x")
        assert ENV not in preview
        await bob.presses("Edit", preview)
        changed = await bob.asks("gpu=2")
        await bob.presses("Cancel", changed)
        await bob.presses("Edit", await bob.asks(f"/run image={IMAGE} env.KEY={ENV} python y"))
        await lab.restart()
    assert YAML_SECRET in str(lab.pai.job("bob", "with_secrets").text)


async def test_trouble_is_logged_without_secrets(lab, stranger, bob, search):
    """What fails at every step of the way must not quote what it failed with."""
    lab.pai.user("stan", PASSWORD)
    lab.forgiven |= {"handler failed", "Telegram"}
    async with search.all_the_time():
        for trouble in ("no_code", "html", "unauthorized"):
            await stranger.asks("/login")
            await stranger.asks("stan")
            with getattr(lab.pai.faults, trouble)():
                await stranger.asks(PASSWORD)
            cancel = await stranger.asks("/login")
            await stranger.presses("Cancel", cancel)
        lab.tg.faults.answer("deleteMessage", 500, times=3)
        await stranger.asks(f"/login stan {WRONG}")
        with lab.pai.faults.cut(method="POST", path=r"/jobs$"):
            preview = await bob.sends_file("job.yaml", PROTOCOL.encode())
            await bob.presses("Submit", preview)
