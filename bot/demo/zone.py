"""The time zone of the computer the demo runs on: Pailot's times are then those on its visitor's wall."""

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import available_timezones

LOCAL_TIME = Path("/etc/localtime")
UNKNOWN = "UTC"


def zone_here(environ: Mapping[str, str] = os.environ, local_time: Path = LOCAL_TIME) -> str:
    """Its IANA name: what `TZ` says, else where the system's link leads to."""
    named = environ.get("TZ", "").removeprefix(":")
    linked = str(local_time.resolve()).partition("zoneinfo/")[2]
    return next((name for name in (named, linked) if name in available_timezones()), UNKNOWN)
