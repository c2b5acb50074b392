"""Which files a job's command speaks of, as far as its words tell; and the command that runs a file."""

import re
import shlex
from dataclasses import dataclass
from pathlib import PurePosixPath

SCRIPTS = (".py", ".sh", ".ipynb", ".R", ".jl", ".m", ".lua", ".pl")
PROGRAMS = {".py": "python", ".sh": "bash"}
_UNKNOWN = re.compile(r"[$*?`{}\[\]~]")
"""What a shell puts something else in place of."""
_OUTPUT = re.compile(
    r"--?(o|out|output|save|log|ckpt|checkpoint|result|export|work|tensorboard)[a-z_-]*",
    re.IGNORECASE,
)
_MAKERS = frozenset(
    {"mkdir", "touch", "tee", "git", "wget", "curl", "tar", "unzip", "cp", "mv", "rsync"}
)
_DOUBTERS = frozenset({"[", "[[", "test", "rm", "rmdir"})
"""Who asks whether something is there, or wants it gone, can do without it."""
_BEFORE = frozenset(
    {
        "if",
        "elif",
        "then",
        "else",
        "while",
        "until",
        "do",
        "!",
        "{",
        "time",
        "exec",
        "sudo",
        "nohup",
    }
)
"""What stands in front of a program's name."""
_SHELLS = frozenset({"sh", "bash"})
_JOINTS = frozenset({"|", "||", "&&", ";", "&", "(", ")"})
_INTO = frozenset({">", ">>", "2>", "&>", "-o", "-O", "-C", "-d"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A path in a command. `use` is `script`, `enter` (of `cd`) or `data`."""

    path: str
    use: str


def mentions(command: str, bases: tuple[str, ...]) -> tuple[Mention, ...]:
    """Paths below one of `bases` that must be there before the command starts, each once, in order.

    Left out is whatever the command makes itself, or seems to: outputs, downloads, copies.
    """
    found: dict[str, Mention] = {}
    made: list[str] = []
    here = ""
    for line in command.replace("\\\n", " ").splitlines():
        before, first = "", ""
        for word in _words(line):
            if word in _JOINTS:
                before, first = "", ""
                continue
            option, equals, value = word.partition("=")
            path = value if equals and option.startswith("-") else word
            output = before in _INTO or bool(_OUTPUT.fullmatch(option if equals else before))
            if not first and "=" not in word and word not in _BEFORE:
                first = word.rpartition("/")[2]
            if before == "cd":
                here = path if path.startswith("/") else f"{here}/{path}" if here else ""
            elif path.endswith(SCRIPTS) and here and not path.startswith(("/", "-")):
                path = f"{here}/{path.removeprefix('./')}"
            if _UNKNOWN.search(path):
                if before == "cd":
                    here = ""
            elif _below(path, bases):
                if output or (first in (_MAKERS | _DOUBTERS) and before != "cd"):
                    made.append(path)
                elif not any(_below(path, (one,)) for one in made):
                    use = "enter" if before == "cd" else _use(path)
                    found.setdefault(path, Mention(path, use))
            before = word
    return tuple(found.values())


_PLAIN = re.compile(r"[\w./@%+:,-]+")
"""Words that read the same in and out of quotes."""


def replaced(command: str, old: str, new: str) -> str:
    """The command with one path in place of another; empty where it does not stand there in so many letters."""
    if not (_PLAIN.fullmatch(old) and _PLAIN.fullmatch(new)):
        return ""
    changed, count = re.subn(rf"(?<![\w./-]){re.escape(old)}(?![\w.-])", lambda _: new, command)
    return changed if count else ""


def _words(line: str) -> list[str]:
    """Those of a whole line that is given to a shell (`bash -c '…'`), too."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # a quote that is never closed: another check's matter
        return line.split()
    found: list[str] = []
    for word in words:
        shell = len(found) > 1 and found[-2].rpartition("/")[2] in _SHELLS
        if shell and found[-1] in {"-c", "-lc"}:
            found += ["&&", *_words(word)]
        else:
            found.append(word)
    return found


def _below(path: str, bases: tuple[str, ...]) -> bool:
    return any(path == base or path.startswith(base.rstrip("/") + "/") for base in bases)


def _use(path: str) -> str:
    return "script" if path.endswith(SCRIPTS) else "data"


def running(path: str) -> str:
    """The command that runs the file with this path inside the job; empty when nothing is known to."""
    program = PROGRAMS.get(PurePosixPath(path).suffix)
    return f"{program} {shlex.quote(path)}" if program else ""
