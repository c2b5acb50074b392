"""The body of a call in any of the encodings Telegram takes: query, form, JSON, multipart."""

import json
from typing import Any

from aiohttp import BodyPartReader, web

from bot.demo.telegram.errors import ApiError, bad_request
from bot.demo.telegram.wire.validation import Upload

UPLOAD_LIMIT_BYTES = 50 * 1024 * 1024
FIELD_LIMIT_BYTES = 1024 * 1024


async def read_body(request: web.Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """Named values and uploaded files; values of the body win over those of the address."""
    given: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method != "POST" or not request.can_read_body:
        return given, uploads
    try:
        match request.content_type:
            case "application/json":
                given |= _json_fields(await request.read())
            case "multipart/form-data":
                fields, uploads = await read_multipart(request)
                given |= fields
            case _:
                given |= {
                    name: value
                    for name, value in (await request.post()).items()
                    if isinstance(value, str)
                }
    except UnicodeDecodeError:
        raise bad_request("Strings must be encoded in UTF-8") from None
    except web.HTTPRequestEntityTooLarge:
        raise too_large() from None
    return given, uploads


def _json_fields(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        fields = json.loads(body)
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise bad_request("Can't parse JSON object") from None
    if not isinstance(fields, dict):
        raise bad_request("Expected a JSON object")
    return fields


async def read_multipart(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Fields and files of a multipart body, 50 MB of files in all (413 above)."""
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    total = 0
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            limit = FIELD_LIMIT_BYTES if part.filename is None else UPLOAD_LIMIT_BYTES - total
            content = bytearray()
            while chunk := await part.read_chunk(1 << 16):
                content += chunk
                if len(content) > limit:
                    raise too_large()
            if part.filename is None:
                fields[part.name] = content.decode("utf-8")
            else:
                total += len(content)
                mime = part.headers.get("Content-Type", "application/octet-stream")
                name = part.filename.replace("\\", "/").rsplit("/", 1)[-1] or part.name
                key = part.name if part.name not in uploads else f"{part.name}:{len(uploads)}"
                uploads[key] = Upload(name, bytes(content), mime.partition(";")[0])
    except UnicodeDecodeError:
        raise
    except ValueError:
        raise bad_request("Can't parse multipart body") from None
    return fields, uploads


def too_large() -> ApiError:
    return ApiError(413, "Request Entity Too Large")
