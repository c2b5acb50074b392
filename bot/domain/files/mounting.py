"""The lines that bring a person's folder into a job, each ending it with one clear sentence when it can't."""

import shlex
from dataclasses import dataclass

NO_NFS = 91
NO_MOUNT = 92
READ_ONLY = 93
"""Exit codes of ours: a program's own are rarely so high, and the platform's are above 128."""


@dataclass(frozen=True, slots=True)
class Export:
    """What jobs mount, and how: the settings of the storage server."""

    server: str
    root: str
    options: str
    mount_point: str
    umask: int


def mounting(export: Export, folder: str) -> str:
    """A bash script for the strict shell (`set -euo pipefail`) that OpenPAI puts in front."""
    source = shlex.quote(f"{export.server}:{export.root.rstrip('/')}/{folder}")
    point, options = shlex.quote(export.mount_point), shlex.quote(export.options)
    probe = f"{point}/.pailot-write-test-$$"
    return "\n".join(
        (
            f"# the personal folder as {export.mount_point}",
            f"if ! mountpoint -q {point}; then",
            (
                "  command -v mount.nfs >/dev/null || (apt-get update -qq"
                " && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nfs-common) >/dev/null"
                f" || {_end(NO_NFS, 'nfs-common is not in the image and could not be installed')}"
            ),
            f"  mkdir -p {point}",
            (
                f"  mount -t nfs -o {options} {source} {point}"
                f" || {_end(NO_MOUNT, f'the personal folder could not be mounted at {export.mount_point}')}"
            ),
            "fi",
            f"umask {export.umask:04o}",
            (
                f"touch {probe} 2>/dev/null && rm -f {probe}"
                f" || {_end(READ_ONLY, f'{export.mount_point} is read-only: the server maps root to nobody')}"
            ),
        )
    )


def _end(code: int, words: str) -> str:
    return f"{{ echo {shlex.quote('pailot: ' + words)} >&2; exit {code}; }}"
