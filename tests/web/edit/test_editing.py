"""/edit: the page's requests, conflicts, encodings, and how it is without pages."""

import os
import re

import aiohttp
import pytest


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def get(http, address):
    async with http.get(address) as answer:
        return answer.status, await answer.json()


async def post(http, address, **body):
    async with http.post(address, json=body) as answer:
        return answer.status, await answer.json()


async def test_a_file_is_changed_and_the_old_version_lies_in_the_trash(
    eve, folder, link, http, site
):
    (folder / "train.py").write_text("epochs = 1\n")
    os.chmod(folder / "train.py", 0o755)
    card = await eve.asks("/ls train.py")
    pressed = await eve.presses("Edit", on=card)
    assert "/mnt/train.py" in pressed
    address = await link("train.py")
    status, found = await get(http, f"{address}/text")
    assert (status, found["text"], found["encoding"]) == (200, "epochs = 1\n", "utf-8")
    status, saved = await post(
        http, f"{address}/save", text="epochs = 2\n", base=found["sha256"], over=False
    )
    assert (status, saved["kept"]) == (200, False)
    assert (folder / "train.py").read_text() == "epochs = 2\n"
    assert (folder / "train.py").stat().st_mode & 0o777 == 0o755
    saved_card = await eve.hears("Saved")
    assert saved_card.id == pressed.id or "Run it" in saved_card.buttons
    assert "Run it" in saved_card.buttons
    # The answer was lost, so the page saves again: it is there already.
    status, again = await post(
        http, f"{address}/save", text="epochs = 2\n", base=found["sha256"], over=False
    )
    assert (status, again) == (200, {"sha256": saved["sha256"], "kept": True})
    trash = await eve.asks("/trash")
    assert trash.text.count("/mnt/train.py") == 1
    await eve.presses("↩️ train.py", on=trash)
    assert sorted(p.read_text() for p in folder.glob("train.py*")) == [
        "epochs = 1\n",
        "epochs = 2\n",
    ]
    assert list((folder / ".pailot" / ".parts").iterdir()) == []


async def test_what_others_changed_meanwhile_is_never_lost(eve, folder, link, http):
    (folder / "a.txt").write_text("one")
    address = await link("a.txt")
    base = (await get(http, f"{address}/text"))[1]["sha256"]
    (folder / "a.txt").write_text("of a job")
    status, said = await post(http, f"{address}/save", text="mine", base=base)
    assert status == 409
    assert "nothing is lost" in said["message"]
    assert (folder / "a.txt").read_text() == "of a job"
    status, _ = await post(http, f"{address}/save", text="mine", base=base, over=True)
    assert status == 200
    assert (folder / "a.txt").read_text() == "mine"
    kept = [path.read_text() for path in (folder / ".pailot" / ".trash").iterdir()]
    assert kept == ["of a job"]


async def test_encodings_and_line_ends_stay(eve, folder, link, http):
    (folder / "gbk.txt").write_bytes("训练\r\n".encode("gb18030"))
    address = await link("gbk.txt")
    _, found = await get(http, f"{address}/text")
    assert (found["text"], found["encoding"], found["newline"]) == ("训练\n", "gb18030", "\r\n")
    await post(http, f"{address}/save", text="训练集\n第二行\n", base=found["sha256"])
    assert (folder / "gbk.txt").read_bytes() == "训练集\r\n第二行\r\n".encode("gb18030")


async def test_only_the_link_of_the_page_opens_it(eve, folder, link, http, site):
    (folder / "a.txt").write_text("x")
    address = await link("a.txt")
    async with http.get(address) as answer:
        page = await answer.text()
        assert answer.status == 200
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in page
    wrong = address[:-4] + "xxxx"
    for path in ("", "/text"):
        async with http.get(wrong + path) as answer:
            assert answer.status == 410
    # An upload link is no edit link, and the other way round.
    said = await eve.asks("/upload")
    upload = next(word for word in said.text.split() if "/u/" in word).rpartition("/")[2]
    async with http.get(f"http://127.0.0.1:{site.bot.web_port}/e/{upload}/text") as answer:
        assert answer.status == 410
    async with http.post(f"{address}/save", data={"text": "y", "base": ""}) as answer:
        assert answer.status == 415
    assert (await post(http, f"{address}/save", text=5, base="x"))[0] == 400
    site.clock.passes(days=2)
    assert (await get(http, f"{address}/text"))[0] == 410
    assert (folder / "a.txt").read_text() == "x"


async def test_what_can_not_be_edited_is_said_before_a_page_opens(eve, folder):
    (folder / "big.log").write_bytes(b"x" * 300_000)
    (folder / "model.pt").write_bytes(b"\0\1\2")
    (folder / "code").mkdir()
    (folder / "door").symlink_to("/etc/passwd")
    assert "256 KB" in await eve.asks("/edit big.log")
    assert "no plain text" in await eve.asks("/edit model.pt")
    assert "no file" in await eve.asks("/edit code")
    assert "no file" in await eve.asks("/edit door")
    assert "nothing at" in await eve.asks("/edit gone.py")
    assert "not in your personal folder" in await eve.asks("/edit /etc/passwd")
    assert "Edit" not in (await eve.asks("/ls big.log")).buttons
    assert "256 KB" in await eve.asks("/edit")


async def test_without_pages_the_file_goes_there_and_back_through_the_chat(eve, folder, site):
    await site.stop()
    del site.environ["PAILOT_WEB__PUBLIC_URL"]
    await site.start()
    (folder / "my code.py").write_text("old")
    said = await eve.asks("/edit my code.py")
    assert said.document.content == b"old"
    assert "my code.py" in said.text
    asked = await eve.sends_file("my code.py", b"new", "my code.py")
    question = await eve.presses("Save", on=asked)
    await eve.presses("Replace", on=question)
    assert (folder / "my code.py").read_text() == "new"
    assert "/mnt/my code.py" in await eve.asks("/trash")


async def test_below_a_path_of_a_proxy_the_page_asks_below_it_too(eve, folder, http, site):
    (folder / "a.txt").write_text("x")
    site.environ["PAILOT_WEB__PUBLIC_URL"] = "http://pailot.example.edu/lab"
    await site.restart()
    said = await eve.asks("/edit a.txt")
    path = re.search(r"http://pailot\.example\.edu/lab(/e/[\w-]+)", said.text)[1]
    async with http.get(f"http://127.0.0.1:{site.bot.web_port}{path}") as answer:
        page = await answer.text()
    assert 'href="/lab/e/static/edit.css"' in page
    assert 'src="/lab/e/static/edit.js"' in page
    assert "&quot;root&quot;: &quot;/lab&quot;" in page
