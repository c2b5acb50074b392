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
    way: str = "on"
    """`on`: by NFS, in lines of ours; `plugin`: OpenPAI's own storage; `off`: only where a person asks."""


@dataclass(frozen=True, slots=True)
class Brought:
    """How a job comes to the personal folder: lines before its command, and storages of OpenPAI (name, path)."""

    script: str = ""
    storages: tuple[tuple[str, str], ...] = ()


PLUGIN_POINT = "/pailot-storage"
"""Where OpenPAI mounts a storage that all share; the folder in it then appears at the mount point."""


def linking(export: Export, folder: str) -> str:
    """After OpenPAI mounted everybody's folders: lines that show one of them at the mount point."""
    point = shlex.quote(export.mount_point)
    source = shlex.quote(f"{PLUGIN_POINT}/{folder}")
    return "\n".join(
        (
            f"# the personal folder as {export.mount_point}",
            f"if [ ! -L {point} ]; then",
            f"  rmdir {point} 2>/dev/null || true",
            (
                f"  [ -d {source} ] && ln -sT {source} {point}"
                f" || {_end(NO_MOUNT, f'the personal folder could not be shown at {export.mount_point}')}"
            ),
            "fi",
            *_tried(export),
        )
    )


def mounting(export: Export, folder: str) -> str:
    """A bash script for the strict shell (`set -euo pipefail`) that OpenPAI puts in front."""
    source = shlex.quote(f"{export.server}:{export.root.rstrip('/')}/{folder}")
    point, options = shlex.quote(export.mount_point), shlex.quote(export.options)
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
            *_tried(export),
        )
    )


def _tried(export: Export) -> tuple[str, ...]:
    """New files get the site's rights, and one is written: a job that can't save should not begin."""
    probe = f"{shlex.quote(export.mount_point)}/.pailot-write-test-$$"
    return (
        f"umask {export.umask:04o}",
        (
            f"touch {probe} 2>/dev/null && rm -f {probe}"
            f" || {_end(READ_ONLY, f'{export.mount_point} is read-only: the server maps root to nobody')}"
        ),
    )


def _end(code: int, words: str) -> str:
    return f"{{ echo {shlex.quote('pailot: ' + words)} >&2; exit {code}; }}"
