"""Archives on the storage server, read through Pailot and written out again below a directory of ours."""

from bot.services.files.unpacking.unpacking import Plan, Unpacking

__all__ = ["Plan", "Unpacking"]
