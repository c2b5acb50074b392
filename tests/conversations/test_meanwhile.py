"""What happens to files while something else is happening to them: by hand, by the clock, or by the same tap again."""

import shutil

import pytest

from bot.domain.errors import UserError


async def test_emptying_the_trash_takes_only_what_was_asked_about(eve, folder, shelved):
    for name in ("a", "b", "c"):
        (folder / name).write_text(name)
    await eve.asks("/rm a")
    await eve.asks("/rm b")
    sure = await eve.asks("/trash empty")
    shelved.clock.passes(seconds=1)
    await eve.asks("/rm c")
    assert "2 things" in await eve.presses("Remove for good", on=sure)
    assert "/mnt/c" in await eve.asks("/trash")


async def test_what_is_restored_while_its_week_ends_comes_back_whole_or_not_at_all(
    eve, folder, shelved, monkeypatch
):
    """Removing a large tree takes a while; whoever restores it then must not get what is left of it."""
    (folder / "data").mkdir()
    (folder / "data" / "a").write_text("a")
    await eve.asks("/rm data")
    storage = shelved.bot.services.storage
    person = await shelved.bot.db.read(lambda uow: uow.people.get(eve.id))
    [thing], store = await storage.trash.contents(person), storage.folders.store
    place, removed = storage.folders.places("evewong"), []

    class Slow:
        def __getattr__(self, name):
            return getattr(store, name)

        async def remove(self, *where):
            with pytest.raises(UserError) as told:
                await storage.trash.restore(person, place, thing.id)
            removed.append(told.value.text.key)
            await store.remove(*where)

    monkeypatch.setattr(storage.folders, "_store", Slow())
    shelved.clock.passes(days=7, minutes=1)
    await storage.trash.expire()
    assert removed == ["trash-gone"]
    assert {path.name for path in folder.iterdir()} == {".pailot"}
    assert list((folder / ".pailot" / ".trash").iterdir()) == []
    assert await storage.trash.contents(person) == ()


async def test_a_folder_that_was_taken_away_by_hand_is_made_again(eve, folder):
    for words, found in (
        ("/mkdir data", "/mnt/data"),
        ("/du", "/mnt: 0 B"),
        ("/mkdir /mnt/x", "/mnt/x"),
    ):
        shutil.rmtree(folder, ignore_errors=True)
        assert found in await eve.asks(words)
    offered = await eve.sends_file("train.py", b"print(1)")
    shutil.rmtree(folder)
    assert "Saved" in await eve.presses("Save", on=offered)
    assert (folder / "train.py").read_bytes() == b"print(1)"
    assert folder.stat().st_mode & 0o7777 == 0o2777


async def test_the_same_file_saved_again_is_saved(eve, folder):
    """As after a death between the saving and its answer: nothing is asked, and nothing gets into the trash."""
    for _ in range(2):
        offered = await eve.sends_file("train.py", b"print(1)")
        assert "Saved" in await eve.presses("Save", on=offered)
    other = await eve.presses("Save", on=await eve.sends_file("train.py", b"print(2)"))
    (folder / "train.py").write_bytes(b"print(2)")
    assert "Saved" in await eve.presses("Replace", on=other)
    assert "empty" in await eve.asks("/trash")
