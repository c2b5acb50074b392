"""Several files sent at once: one question, all saved; what is there already is asked about once."""

import shlex

import pytest

from tests import polling

FILES = {"a.jpg": b"a", "b c.jpg": b"b", "job.yaml": b"c"}


@pytest.fixture
def sends(eve):
    async def sends(files, caption=""):
        eve.tg.forgets()
        await eve.tg.sends_documents(files, caption)
        question = await eve.hears("Save")
        await polling.until(lambda: f"these {len(files)} files" in question.now.text)
        return question.now

    return sends


async def test_one_question_saves_them_all(eve, folder, sends):
    question = await sends(FILES, "pictures/")
    assert "/mnt/pictures" in question
    assert len([words for words in eve.said() if words.startswith("Save")]) == 1
    said = await eve.presses("Save", on=question)
    assert "3 files were saved" in said
    assert {p.name: p.read_bytes() for p in (folder / "pictures").iterdir()} == FILES


async def test_what_is_there_is_replaced_only_after_asking(eve, folder, sends):
    (folder / "b c.jpg").write_bytes(b"old")
    said = await eve.presses("Save", on=await sends(FILES))
    assert "2 files were saved" in said
    assert "There already: b c.jpg. Replace it?" in said
    assert (folder / "b c.jpg").read_bytes() == b"old"
    said = await eve.presses("Replace", on=said)
    assert "One file was saved" in said
    assert (folder / "b c.jpg").read_bytes() == b"b"
    assert "/mnt/b c.jpg" in await eve.asks("/trash")
    assert "/mnt/a.jpg" not in (await eve.asks("/trash")).text


async def test_the_lines_to_copy_are_what_a_shell_reads(eve, folder, storage):
    name = 'it\'s a "file" $(id)'
    (folder / name).mkdir()
    said = await eve.asks(f"/get {name}")
    account = f"pailot@127.0.0.1:/data/evewong/{name}"
    lines = said.text.splitlines()
    scp = next(line for line in lines if line.startswith("scp"))
    assert shlex.split(scp) == ["scp", "-P", str(storage.port), "-r", account, "."]
    rsync = next(line for line in lines if line.startswith("rsync"))
    assert shlex.split(rsync)[2:] == ["-e", f"ssh -p {storage.port}", account, "."]
    up = await eve.asks("/put")
    for words in ("sftp -P", "WinSCP", "Xftp", "port", "id_ed25519.pub", "user pailot"):
        assert words in up.text
