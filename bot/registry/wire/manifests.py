"""Manifests, indexes, configurations and lists of tags, read leniently: registries hold what people pushed."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.errors import Unavailable
from bot.domain.images.manifest import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    MANIFEST_TYPES,
    OCI_INDEX,
    OCI_MANIFEST,
    Blob,
    Child,
    ImageConfig,
    Manifest,
    Seen,
)
from bot.registry.wire.answers import SYSTEM, Answer, plain

LARGEST_MANIFEST_BYTES = 4 << 20
_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})")
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1"


def seen(answer: Answer) -> Seen:
    """A portal answers any path with a page and 200: only a manifest's type counts."""
    if answer.media_type not in MANIFEST_TYPES and not answer.media_type.startswith(_SCHEMA_1):
        raise Unavailable(SYSTEM, "there is no registry at that address")
    return Seen(_digest(answer.headers.get("docker-content-digest")), answer.media_type)


def manifest(answer: Answer, asked: str = "") -> Manifest:
    """`asked` is the digest asked for, if one was; other bytes are refused, whoever sent them."""
    if len(answer.body) > LARGEST_MANIFEST_BYTES:
        raise Unavailable(SYSTEM, "a manifest of more than 4 MiB")
    digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    told = answer.headers.get("docker-content-digest", "")
    if asked.startswith("sha512:"):
        digest = f"sha512:{hashlib.sha512(answer.body).hexdigest()}"
    if (asked and digest != asked) or (told.startswith("sha256:") and not asked and told != digest):
        raise Unavailable(SYSTEM, "the manifest's bytes are not those of its digest")
    made = _table(plain(answer.body))
    named = made.get("mediaType")
    media_type = named if isinstance(named, str) else answer.media_type
    if "manifests" in made:
        kind = media_type if media_type in {OCI_INDEX, DOCKER_LIST} else OCI_INDEX
        children = tuple(child for row in _rows(made["manifests"]) if (child := _child(row)))
        return Manifest(digest, kind, answer.body, None, (), children)
    if not isinstance(made.get("config"), dict):
        raise Unavailable(SYSTEM, "a manifest of a kind nobody runs any more")
    kind = media_type if media_type in {OCI_MANIFEST, DOCKER_MANIFEST} else answer.media_type
    layers = tuple(blob for row in _rows(made.get("layers")) if (blob := _blob(row)))
    return Manifest(digest, kind or OCI_MANIFEST, answer.body, _blob(made["config"]), layers)


def config(answer: Answer, asked: str = "") -> ImageConfig:
    """`asked` is its digest: a store that registries send us to may be anybody's."""
    if asked and not _is(answer.body, asked):
        raise Unavailable(SYSTEM, "the configuration's bytes are not those of its digest")
    made = _table(plain(answer.body))
    inner = _table(made.get("config"))
    env = (row.partition("=") for row in _rows(inner.get("Env")) if isinstance(row, str))
    history = (_table(row).get("created_by") for row in _rows(made.get("history")))
    platform = "/".join(
        word for name in ("os", "architecture", "variant") if (word := _word(made.get(name)))
    )
    return ImageConfig(
        moment(made.get("created")),
        platform,
        tuple((name, value) for name, _, value in env),
        tuple((str(k), v) for k, v in _table(inner.get("Labels")).items() if isinstance(v, str)),
        tuple(row for row in history if isinstance(row, str)),
    )


def tags(answer: Answer) -> tuple[str, ...]:
    """An emptied repository says `null`."""
    if not isinstance(made := plain(answer.body), dict):
        raise Unavailable(SYSTEM, "its list of tags could not be read")
    return tuple(tag for tag in _rows(made.get("tags")) if isinstance(tag, str))


def repositories(answer: Answer) -> tuple[str, ...]:
    if not isinstance(made := plain(answer.body), dict):
        raise Unavailable(SYSTEM, "its list of repositories could not be read")
    return tuple(name for name in _rows(made.get("repositories")) if isinstance(name, str))


def next_page(answer: Answer) -> str:
    """The path and query of the next page, from `Link`; empty at the end."""
    found = re.search(r"<([^>]*)>\s*;\s*rel=\"?next\"?", answer.headers.get("link", ""))
    return re.sub(r"^[a-z]+://[^/]*", "", found[1]) if found else ""


def moment(value: object) -> datetime | None:
    """RFC 3339 with any number of digits behind the second; year 1 is Go's way to say never."""
    if not isinstance(value, str):
        return None
    cut = re.sub(r"(\.\d{6})\d+", r"\1", value)
    try:
        read = datetime.fromisoformat(cut)
        read = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return read if read.year > 1 else None


def _is(body: bytes, digest: str) -> bool:
    kind, _, told = digest.partition(":")
    return kind in {"sha256", "sha512"} and hashlib.new(kind, body).hexdigest() == told


def _child(row: object) -> Child | None:
    made = _table(row)
    digest = _digest(made.get("digest"))
    if not digest:
        return None
    platform = _table(made.get("platform"))
    words = (_word(platform.get(name)) for name in ("os", "architecture", "variant"))
    shown = "/".join(word for word in words if word)
    return Child(
        digest, _size(made.get("size")), shown or "linux/amd64", _word(made.get("mediaType"))
    )


def _blob(row: object) -> Blob | None:
    made = _table(row)
    digest = _digest(made.get("digest"))
    if not digest:
        return None
    return Blob(
        digest, _size(made.get("size")), _word(made.get("mediaType")), bool(_rows(made.get("urls")))
    )


def _digest(value: object) -> str:
    return value if isinstance(value, str) and _DIGEST.fullmatch(value) else ""


def _size(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
