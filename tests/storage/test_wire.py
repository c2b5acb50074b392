"""What goes to the storage server's shell and what comes back: any words, any bytes, nothing lost or run."""

import asyncio
import subprocess

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.files import FilePath, Kind, Places
from bot.storage import scripts, wire

NAMES = st.binary(min_size=1, max_size=40).filter(lambda name: not {0, 47} & set(name))
SHELLISH = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["-rf", "$(touch pwned)", "`id`", "a\nb", "'", '"', "\\", "*", "; exit", "~", "", "\t", "!!"]),
)  # fmt: skip
ANN = Places("/data", "ann", "/mnt")
NAUGHTY = [
    "..",
    ".",
    "",
    "~",
    "bob",
    "secret",
    "/data/bob",
    "//",
    "door",
    "leaf",
    "\n",
    "ann",
    "-",
    "x" * 250,
]


@given(st.lists(NAMES, max_size=8))
def test_a_listing_brings_every_name_as_it_is(names):
    record = b"f 12 1700000000.5 1000 644 1 "
    found = wire.entries(b"".join(record + name + b"\0" for name in names) + record + b"cut o")
    assert [one.name.encode("utf-8", "surrogateescape") for one in found] == names
    assert all((one.kind, one.size_bytes, one.mode) == (Kind.FILE, 12, 0o644) for one in found)


@given(st.integers() | st.none(), st.binary(max_size=200))
def test_any_end_of_a_script_is_an_answer(status, said):
    assert isinstance(wire.refusal(status, said, "a/b"), UserError)


@settings(max_examples=60)
@given(st.lists(SHELLISH, max_size=12))
def test_no_word_is_ever_read_by_a_shell(words):
    line = scripts.command('printf "%s\\0" "$@"', *words)
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=True, cwd="/")
    assert done.stdout.decode().split("\0")[:-1] == (words or [""])
    assert done.stderr == b""


async def test_hundreds_of_hostile_paths_find_nothing_of_anybody_else(store, data):
    """The folder is empty but for two doors; whatever is found by other words than theirs is a hole."""
    bob = data / "bob"
    bob.mkdir()
    (bob / "secret").write_text("bob's")
    bob.chmod(0o777)
    (data / "ann" / "door").symlink_to("../bob")
    (data / "ann" / "leaf").symlink_to("../bob/secret")
    words = {f"{before}{a}/{b}/{c}" for before in ("", "/mnt/", "/data/ann/", "/data/ann/../") for a in NAUGHTY for b in NAUGHTY for c in ("secret", "")}  # fmt: skip
    paths = set()
    for one in words:
        try:
            paths.add(ANN.read(one))
        except UserError:
            continue
    gate, found = asyncio.Semaphore(16), []

    async def look(path):
        async with gate:
            try:
                entry = await store.look("ann", path)
            except UserError:
                return
            if entry is not None and path.parts and entry.kind is not Kind.LINK:
                found.append((path, entry))

    assert len(paths) > 100
    async with asyncio.TaskGroup() as group:
        for path in paths - {FilePath()}:
            group.create_task(look(path))
    assert found == []
