"""Job protocol v2: a job as values and as text, and the checking of what others wrote."""

from bot.domain.names import make_name, stem_of, valid_name
from bot.domain.protocol.checking import PRIORITIES, Problem, Summary, summary, validate
from bot.domain.protocol.reading import image_of, images_of, sku_of
from bot.domain.protocol.spec import (
    SIZE_LIMIT_BYTES,
    JobSpec,
    RegistryAuth,
    document,
    entries,
    exports,
    write,
)

__all__ = [
    "PRIORITIES",
    "SIZE_LIMIT_BYTES",
    "JobSpec",
    "Problem",
    "RegistryAuth",
    "Summary",
    "document",
    "entries",
    "exports",
    "image_of",
    "images_of",
    "make_name",
    "sku_of",
    "stem_of",
    "summary",
    "valid_name",
    "validate",
    "write",
]
