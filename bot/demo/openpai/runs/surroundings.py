"""Failures that come from around the program: image, mounts, shell, disk, network, platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.openpai.runs.failures import Trains, frames
from bot.demo.openpai.runs.outcome import Context, Outcome


@dataclass(frozen=True, slots=True)
class ImageNotFound(Outcome):
    """The runtime's image check refuses: the container never starts."""

    after: float | None = 1.0
    exit: int = 254


@dataclass(frozen=True, slots=True)
class SlowPull(Trains):
    """A huge image: GPUs are held for minutes before anything runs."""

    pull_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class GangTimeout(Outcome):
    """Not all tasks came up in time; the platform backs off and tries again."""

    after: float | None = 5.0
    exit: int = 251
    fails_first: int | None = 1


@dataclass(frozen=True, slots=True)
class NfsMountFailed(Outcome):
    """`why` is one of server, export, missing, denied: what stood in the way of the mount."""

    after: float | None = 3.0
    exit: int = 32
    why: str = "server"
    source: str = "192.0.2.10:/data/ann"

    def words(self, context: Context) -> Sequence[str]:
        match self.why:
            case "export":
                return (
                    (
                        f"mount.nfs: mounting {self.source} failed, reason given by server:"
                        " No such file or directory"
                    ),
                )
            case "missing":
                return (
                    (
                        f"mount: /mnt: bad option; for several filesystems (e.g. nfs, cifs) you might"
                        f" need a /sbin/mount.<type> helper program. ({self.source})"
                    ),
                )
            case "denied":
                return (f"mount.nfs: access denied by server while mounting {self.source}",)
            case _:
                return ("mount.nfs: Connection timed out",)


@dataclass(frozen=True, slots=True)
class ReadOnlyMount(Trains):
    """Saving to /mnt is refused: the server maps root to nobody."""

    after: float | None = 11.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "torch.save(model.state_dict(), '/mnt/out/model.pt')",
            "PermissionError: [Errno 13] Permission denied: '/mnt/out/model.pt'",
        )


@dataclass(frozen=True, slots=True)
class PermissionDenied(Outcome):
    after: float | None = 2.0
    exit: int = 126

    def words(self, context: Context) -> Sequence[str]:
        return ("bash: line 7: /mnt/run.sh: Permission denied",)


@dataclass(frozen=True, slots=True)
class CommandNotFound(Outcome):
    after: float | None = 2.0
    exit: int = 127
    command: str = "pyhton"

    def words(self, context: Context) -> Sequence[str]:
        return (f"bash: line 6: {self.command}: command not found",)


@dataclass(frozen=True, slots=True)
class UnboundVariable(Outcome):
    """The platform runs every script with `set -u`."""

    after: float | None = 1.0
    exit: int = 1
    name: str = "PS1"

    def words(self, context: Context) -> Sequence[str]:
        return (f"/opt/conda/bin/activate: line 8: {self.name}: unbound variable",)


@dataclass(frozen=True, slots=True)
class DiskFull(Trains):
    after: float | None = 14.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "shutil.copytree('/mnt/data', '/tmp/data')",
            "OSError: [Errno 28] No space left on device",
        )


@dataclass(frozen=True, slots=True)
class NetworkDown(Outcome):
    after: float | None = 6.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return (
            (
                "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None))"
                " after connection broken by 'NewConnectionError: Failed to establish a new connection:"
                " [Errno -3] Temporary failure in name resolution'"
            ),
            (
                "ERROR: Could not find a version that satisfies the requirement einops"
                " (from versions: none)"
            ),
            "ERROR: No matching distribution found for einops",
        )


@dataclass(frozen=True, slots=True)
class AptWithoutUpdate(Outcome):
    """`apt install` without `apt update` on an image whose lists were cleaned."""

    after: float | None = 3.0
    exit: int = 100

    def words(self, context: Context) -> Sequence[str]:
        return ("E: Unable to locate package nfs-common",)


@dataclass(frozen=True, slots=True)
class Evicted(Trains):
    """The node ran out of disk; the platform tries again."""

    after: float | None = 10.0
    exit: int = -1000
    fails_first: int | None = 1


@dataclass(frozen=True, slots=True)
class NodeLost(Trains):
    """The node's agent fell silent during the first try."""

    after: float | None = 10.0
    exit: int = -1001
    fails_first: int | None = 1


@dataclass(frozen=True, slots=True)
class Preempted(Trains):
    """A job of higher priority took the GPUs; the platform tries again."""

    after: float | None = 10.0
    exit: int = -101
    fails_first: int | None = 1
