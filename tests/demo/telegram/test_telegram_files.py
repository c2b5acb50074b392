"""Files go both ways, with Telegram's limits."""

import io
import json
import zlib
from struct import pack

import pytest
from aiohttp import FormData


def png(width, height):
    """The smallest picture of this size."""

    def chunk(kind, data):
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    head = pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
async def started(ann):
    await ann.starts()


async def upload(api, method, files, **fields):
    form = FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, str(value))
    for name, (file_name, content) in files.items():
        form.add_field(name, io.BytesIO(content), filename=file_name)
    async with api.session.post(f"/bot{api.token}/{method}", data=form) as answer:
        return answer.status, await answer.json()


async def test_a_document_keeps_its_name_and_bytes(ann, api):
    content = "中文\n".encode()
    status, body = await upload(
        api,
        "sendDocument",
        {"document": ("日志 1.log", content)},
        chat_id=ann.id,
        caption="<b>log</b>",
        parse_mode="HTML",
    )
    assert status == 200, body
    assert body["result"]["document"]["file_name"] == "日志 1.log"
    assert body["result"]["document"]["mime_type"] == "text/plain"
    assert body["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    message = await ann.hears("log")
    assert await message.download() == content


async def test_a_sent_file_is_downloaded_by_its_path(tg, ann, api):
    await ann.sends_document("job.yaml", b"type: job", caption="run this")
    message = (await api.updates())[-1]["message"]
    assert message["caption"] == "run this"
    assert message["document"]["mime_type"] == "application/x-yaml"
    file = (await api("getFile", file_id=message["document"]["file_id"])).result
    async with api.session.get(f"/file/bot{tg.token}/{file['file_path']}") as answer:
        assert (answer.status, await answer.read()) == (200, b"type: job")
    async with api.session.get(f"/file/bot{tg.token}/documents/none") as answer:
        assert answer.status == 404
    async with api.session.get(f"/file/bot7000001:wrong/{file['file_path']}") as answer:
        assert answer.status == 401


async def test_a_file_over_twenty_megabytes_cannot_be_fetched(ann, api):
    for size, status in ((20_971_520, 200), (20_971_521, 400)):
        await ann.sends_document("data.bin", bytes(size))
        file_id = (await api.updates(offset=-1))[-1]["message"]["document"]["file_id"]
        answer = await api("getFile", file_id=file_id)
        assert answer.status == status
    assert answer.refusal == "Bad Request: file is too big"


async def test_an_upload_over_fifty_megabytes_is_too_large(ann, api):
    status, body = await upload(
        api, "sendDocument", {"document": ("data.bin", bytes(50 * 1024 * 1024 + 1))}, chat_id=ann.id
    )
    assert (status, body["description"]) == (413, "Request Entity Too Large")


async def test_a_photo_has_a_size_and_must_be_a_picture(ann, api):
    status, body = await upload(
        api, "sendPhoto", {"photo": ("gpu.png", png(64, 32))}, chat_id=ann.id
    )
    assert status == 200
    assert (body["result"]["photo"][0]["width"], body["result"]["photo"][0]["height"]) == (64, 32)
    _, body = await upload(api, "sendPhoto", {"photo": ("gpu.png", b"no picture")}, chat_id=ann.id)
    assert body["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    _, body = await upload(api, "sendPhoto", {"photo": ("gpu.png", png(210, 10))}, chat_id=ann.id)
    assert body["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"


async def test_a_caption_is_shorter_than_a_text(ann, api):
    files = {"document": ("a.txt", b"a")}
    status, body = await upload(api, "sendDocument", files, chat_id=ann.id, caption="x" * 1025)
    assert (status, body["description"]) == (400, "Bad Request: message caption is too long")
    assert (await upload(api, "sendDocument", files, chat_id=ann.id, caption="x" * 1024))[0] == 200


async def test_an_album_is_attached_by_name_and_not_mixed(ann, api):
    def album(*kinds):
        return json.dumps(
            [
                {"type": kind, "media": f"attach://f{n}", "caption": f"c{n}"}
                for n, kind in enumerate(kinds)
            ]
        )

    files = {"f0": ("0.png", png(8, 8)), "f1": ("1.png", png(8, 8))}
    status, body = await upload(
        api, "sendMediaGroup", files, chat_id=ann.id, media=album("photo", "photo")
    )
    assert status == 200, body
    first, second = body["result"]
    assert first["media_group_id"] == second["media_group_id"]
    assert [one.text for one in ann.messages()] == ["c0", "c1"]
    for kinds, refusal in (
        (("photo",), "too few messages to send as an album"),
        (("photo", "document"), "document can't be mixed with other media types"),
        (("photo", "photo", "photo"), 'can\'t parse media: attached file "f2" not found'),
    ):
        _, body = await upload(api, "sendMediaGroup", files, chat_id=ann.id, media=album(*kinds))
        assert body["description"] == f"Bad Request: {refusal}"


async def test_a_picture_is_replaced_in_place(ann, api):
    _, body = await upload(
        api, "sendPhoto", {"photo": ("a.png", png(8, 8))}, chat_id=ann.id, caption="free: 1"
    )
    media = json.dumps({"type": "photo", "media": "attach://new", "caption": "free: 2"})
    status, body = await upload(
        api,
        "editMessageMedia",
        {"new": ("b.png", png(16, 8))},
        chat_id=ann.id,
        message_id=body["result"]["message_id"],
        media=media,
    )
    assert status == 200, body
    assert body["result"]["photo"][0]["width"] == 16
    assert (await ann.hears("free: 2")).edits == 1


async def test_a_file_is_sent_again_by_its_id_but_never_fetched_from_the_net(ann, api):
    await ann.sends_document("a.txt", b"abc")
    file_id = (await api.updates())[-1]["message"]["document"]["file_id"]
    assert (await api("sendDocument", chat_id=ann.id, document=file_id)).result["document"][
        "file_id"
    ] == file_id
    answer = await api("sendDocument", chat_id=ann.id, document="https://example.edu/a.txt")
    assert answer.refusal == "Bad Request: failed to get HTTP URL content"
