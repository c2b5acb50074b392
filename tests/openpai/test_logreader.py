"""What log servers may answer besides the usual: rotation, ignored ranges, strange addresses."""

import json

import pytest
from yarl import URL

from bot.domain.errors import NotFound, Unavailable
from bot.domain.jobs import JobRef
from bot.domain.people import Token
from bot.openpai.logs import LogReader, TaskAddress
from bot.openpai.transport import Base
from bot.openpai.wire.answers import Answer
from bot.openpai.wire.requests import Request

TASK = TaskAddress(JobRef("ann", "train"), "taskrole")
ANN = Token("openpai", "ann", "x")


class Script:
    """Stands where the Transport stands: files by name, answered as nginx answers ranges."""

    def __init__(
        self, files: dict[str, bytes], uri: str = "/log-manager/192.0.2.1:9103/{}"
    ) -> None:
        self.files = files
        self.uri = uri
        self.fetched: list[URL] = []
        self.ranges = True
        self.status = 0

    async def base(self) -> Base:
        portal = "https://pai.example.edu/sub"
        return Base(URL(f"{portal}/rest-server/api/v2"), portal)

    async def call(self, request: Request, as_: Token) -> Answer:
        tail = "?tail-mode=true" if request.query else ""
        locations = [{"name": name, "uri": self.uri.format(name) + tail} for name in self.files]
        return Answer(200, {}, json.dumps({"locations": locations}).encode())

    async def fetch(
        self, url: URL, headers: dict[str, str], *, timeout_seconds: float, max_bytes: int
    ) -> Answer:
        self.fetched.append(url)
        if self.status:
            return Answer(self.status)
        data = self.files[url.path.rpartition("/")[2]]
        size = len(data)
        if "tail-mode" in url.query:
            start, end = max(0, size - 16384), size
        elif self.ranges and "Range" in headers:
            first, _, last = headers["Range"].removeprefix("bytes=").partition("-")
            start, end = int(first), min(size, int(last) + 1)
            if start >= size:
                return Answer(416, {"content-range": f"bytes */{size}"})
        else:
            return Answer(200, {"content-length": str(size)}, data[:max_bytes])
        return Answer(206, {"content-range": f"bytes {start}-{end - 1}/{size}"}, data[start:end])


def reader(script: Script) -> LogReader:
    return LogReader(script)  # type: ignore[arg-type]


async def test_a_log_just_rotated_is_shown_with_the_end_of_the_old_one() -> None:
    script = Script({"all": b"new\n", "all.1": b"o" * 20000})
    text = await reader(script).tail(TASK, "all", ANN)
    assert text.data == b"o" * (16384 - 4) + b"new\n"
    assert (text.start, text.size) == (-(16384 - 4), 4)


async def test_following_goes_on_over_a_rotation_without_a_gap() -> None:
    script = Script({"all": b"0123456789"})
    logs = reader(script)
    first = await logs.piece(TASK, "all", ANN, 0, 1000)
    assert first.size == 10
    script.files = {"all": b"xyz", "all.1": b"0123456789abc"}
    more = await logs.piece(TASK, "all", ANN, 10, 1000)
    assert (more.data, more.start, more.size) == (b"abcxyz", -3, 3)
    nothing = await logs.piece(TASK, "all", ANN, 3, 1000)
    assert (nothing.data, nothing.start, nothing.size) == (b"", 3, 3)


async def test_a_server_that_ignores_ranges_is_read_all_the_same() -> None:
    script = Script({"all": b"0123456789"})
    script.ranges = False
    text = await reader(script).piece(TASK, "all", ANN, 4, 3)
    assert (text.data, text.start, text.size) == (b"456", 4, 10)


async def test_addresses_are_taken_below_the_portals_origin() -> None:
    script = Script({"all": b"x" * 16000})
    await reader(script).tail(TASK, "all", ANN)
    assert str(script.fetched[0]).startswith("https://pai.example.edu/log-manager/192.0.2.1:9103/")


async def test_an_absolute_address_is_opened_by_https_only_and_without_a_login() -> None:
    script = Script({"all": b"x" * 16000}, "https://logs.example.edu/{}")
    assert (await reader(script).tail(TASK, "all", ANN)).size == 16000
    for uri in (
        "http://logs.example.edu/{}",
        "https://a:b@logs.example.edu/{}",
        "ftp://logs.example.edu/{}",
        "//logs.example.edu/{}",
        "/\\logs.example.edu/{}",
        "logs/{}",
        "http://[x/{}",
    ):
        script = Script({"all": b"x"}, uri)
        with pytest.raises(Unavailable):
            await reader(script).tail(TASK, "all", ANN)
        assert script.fetched == []


@pytest.mark.parametrize(
    ("status", "error"), [(403, NotFound), (404, NotFound), (500, Unavailable), (302, Unavailable)]
)
async def test_a_refusal_is_asked_once_more_and_then_told(
    status: int, error: type[Exception]
) -> None:
    script = Script({"all": b"x"})
    script.status = status
    with pytest.raises(error):
        await reader(script).tail(TASK, "all", ANN)
    assert len(script.fetched) == (2 if status in {403, 404} else 1)
