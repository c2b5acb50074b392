"""The jail: which paths there are in a person's folder, however somebody writes them.

Only what can be decided by looking at the words is decided here. That no symbolic link leads out of the
folder is for the storage server to say, at the moment of use (bot.storage).
"""

from dataclasses import dataclass

from bot.domain.errors import UserError

NAME_BYTES = 255
"""Of one name, in UTF-8: what Linux file systems take."""
PATH_BYTES = 3000
"""Of a whole path below the folder: Linux takes 4096 with the root in front."""
OWN = ".pailot"
"""Pailot's own directory in each folder: trash, parts of uploads, logs of failed jobs."""


def name_problem(name: str) -> str:
    """Why no file can have this name: `empty`, `dots`, `slash`, `nul`, `long`, `bytes`; empty if it can."""
    if not name:
        return "empty"
    if name in {".", ".."}:
        return "dots"
    if "/" in name:
        return "slash"
    if "\0" in name:
        return "nul"
    try:
        length = len(name.encode())
    except UnicodeEncodeError:  # a lone surrogate: what stands for bytes that are not UTF-8
        return "bytes"
    return "long" if length > NAME_BYTES else ""


@dataclass(frozen=True, slots=True)
class FilePath:
    """A place in a person's folder: the names that lead to it, none for the folder itself.

    There is no FilePath that leads out of the folder: making one raises ValueError.
    """

    parts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.parts:
            if problem := name_problem(name):
                raise ValueError(f"no file is called {name[:80]!r}: {problem}")
        if sum(len(name.encode()) + 1 for name in self.parts) > PATH_BYTES:
            raise ValueError("the path is too long")

    def __str__(self) -> str:
        return "/".join(self.parts)

    def __truediv__(self, name: str) -> "FilePath":
        return FilePath((*self.parts, name))

    @classmethod
    def of(cls, words: str) -> "FilePath":
        """What `str` of a path gave; raises ValueError for anything else."""
        return cls(tuple(words.split("/"))) if words else cls()

    @property
    def name(self) -> str:
        """Empty for the folder itself."""
        return self.parts[-1] if self.parts else ""

    @property
    def parent(self) -> "FilePath":
        """The folder itself is its own parent."""
        return FilePath(self.parts[:-1])

    @property
    def is_own(self) -> bool:
        """Whether it is Pailot's: `.pailot` itself, or hidden directly below it (trash, parts).

        The logs that lie beside them belong to the person.
        """
        if self.parts[:1] != (OWN,):
            return False
        return len(self.parts) == 1 or self.parts[1].startswith(".")

    def within(self, other: "FilePath") -> bool:
        """Whether this is `other` or lies below it."""
        return self.parts[: len(other.parts)] == other.parts


@dataclass(frozen=True, slots=True)
class Places:
    """Where one person's folder is: on the storage server, and inside a job."""

    root: str
    """As settings say it: `/data`."""
    folder: str
    mount_point: str

    def on_server(self, path: FilePath) -> str:
        return "/".join((self.root.rstrip("/"), self.folder, *path.parts))

    def in_job(self, path: FilePath) -> str:
        """The folder's own name is not part of it."""
        return "/".join((self.mount_point.rstrip("/"), *path.parts)) or "/"

    def read(self, words: str, start: FilePath | None = None) -> FilePath:
        """What somebody means by `words`: below `start`, or as a job or the server sees it.

        `a/b`, `~/a/b`, `/mnt/a/b` and `/data/ann/a/b` are all the same place. Raises UserError for what
        leads elsewhere or can't be a name; nothing is ever resolved or cut.
        """
        names = words.split("/")
        parts = [name for name in names if name not in {"", "."}]
        if ".." in parts:
            raise UserError("files-dots", path=shown(words))
        if words.startswith("/"):
            parts = self._below(parts, words)
        elif parts[:1] == ["~"]:
            parts = parts[1:]
        elif names[0].startswith("~") and len(names) > 1:
            raise UserError("files-outside", path=shown(words), root=self.on_server(FilePath()))
        elif start is not None:
            parts = [*start.parts, *parts]
        for name in parts:
            if problem := name_problem(name):
                raise UserError("files-bad-name", name=shown(name), problem=problem)
        try:
            return FilePath(tuple(parts))
        except ValueError:
            raise UserError("files-bad-name", name=shown(words), problem="long") from None

    def _below(self, parts: list[str], words: str) -> list[str]:
        for base in (f"{self.root}/{self.folder}", self.mount_point):
            names = [name for name in base.split("/") if name]
            if parts[: len(names)] == names:
                return parts[len(names) :]
        if not parts:
            return []
        raise UserError("files-outside", path=shown(words), root=self.on_server(FilePath()))


def shown(words: str) -> str:
    """As much of it as fits a sentence; what is no character is shown as such."""
    clean = words.encode("utf-8", "replace").decode()
    clean = "".join(c if c.isprintable() else "\ufffd" for c in clean)
    return clean if len(clean) <= 120 else f"{clean[:119]}…"
