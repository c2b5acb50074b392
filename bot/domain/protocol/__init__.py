"""Job protocol v2: a job as values and as text, and the checking of what others wrote."""

from bot.domain.names import make_name, stem_of, valid_name
from bot.domain.protocol.spec import (
    SIZE_LIMIT_BYTES,
    JobSpec,
    RegistryAuth,
    document,
    entries,
    exports,
    write,
)
from bot.domain.protocolcheck import PRIORITIES, Problem, Summary, summary, validate

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
    "make_name",
    "stem_of",
    "summary",
    "valid_name",
    "validate",
    "write",
]
