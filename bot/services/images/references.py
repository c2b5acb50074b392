"""From words to a reference: cleaned first, then read by docker's own grammar."""

from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.images.reference import DOCKER_HUB, Reference, clean


@dataclass(frozen=True, slots=True)
class Parsed:
    reference: Reference
    faults: tuple[str, ...] = ()
    """What was wrong with the words as written: see `Cleaned`; `both` for tag and digest together."""


def parse(words: str) -> Parsed:
    """Raises UserError when no reference can be made of it.

    Hosts are known by their dot, their port, or the name `localhost`, as docker does.
    """
    from docker_image import reference as grammar  # with its regular expressions 2 MiB: when needed

    cleaned = clean(words)
    text = cleaned.words
    if text.startswith("sha256:"):
        raise UserError("image-only-digest")
    try:
        named = grammar.Reference.parse_normalized_named(text)
    except (grammar.InvalidReference, ValueError, TypeError, AttributeError):
        raise UserError("image-unreadable", words=text) from None
    host, path = named.split_hostname()
    tag, digest = named["tag"] or "", named["digest"] or ""
    if not path or len(path) > 255:
        raise UserError("image-unreadable", words=text)
    faults = (*cleaned.faults, "both") if tag and digest else cleaned.faults
    return Parsed(Reference(host or DOCKER_HUB, path, tag, digest), faults)


def parse_reference(words: str) -> Reference:
    return parse(words).reference
