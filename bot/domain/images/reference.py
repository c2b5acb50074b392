"""The name of an image, and how it is made out of what people paste."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from bot.domain.errors import UserError

DOCKER_HUB = "docker.io"
LATEST = "latest"
_HUB_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"})


@dataclass(frozen=True, slots=True)
class Reference:
    """`host/path:tag@digest`, complete: `docker.io` and `library/` are filled in.

    `tag` is empty when none was written; registries then mean `latest`.
    """

    host: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def version(self) -> str:
        """What is asked of the registry: the digest if there is one, it says more than a tag."""
        return self.digest or self.tag or LATEST

    @property
    def project(self) -> str:
        """The first part of the path: Harbor's project, Docker Hub's user."""
        return self.path.partition("/")[0]

    @property
    def repository(self) -> str:
        """The path below the project; empty where there is none."""
        return self.path.partition("/")[2]

    @property
    def name(self) -> str:
        """Without tag and digest, as short as docker takes it."""
        if self.host != DOCKER_HUB:
            return f"{self.host}/{self.path}"
        return self.path.removeprefix("library/")

    def at(self, *, tag: str = "", digest: str = "") -> "Reference":
        return Reference(self.host, self.path, tag, digest)

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}{f'@{self.digest}' if self.digest else ''}"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`words` is what is left; `faults` says what had to be taken away, in the order it was met.

    `command`: a docker line around it. `scheme`: `http://`. `brackets`: `【】` or quotes. `width`: full-width
    letters or signs. `upper`: upper case in the name. `spaces`: blanks in it.
    """

    words: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """The address of one of Harbor's own pages: a project by its number, and mostly a repository of it."""

    host: str
    project: int
    path: str = ""
    """Below the project; in Harbor 1.x with the project in front."""
    digest: str = ""


_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BRACKETS = "【】[]()<>《》「」『』\"'`“”‘’{}"
_ENDING = "。，,;；、!！?？"
_SHELL = re.compile(
    r"^(?:[^\n]{0,80}?[$#>%]\s+|[$#>]\s*)?(?:sudo\s+(?:-\S+\s+)*)?(?:nvidia-docker2?|docker|podman|nerdctl)"
    r"\s+(?:(?:image|container)\s+)?([a-z]+)(?:\s+|$)",
    re.IGNORECASE,
)
"""With a prompt in front, as copied from a terminal."""
_FROM = re.compile(r"^from\s+(?:--platform=\S+\s+)?(\S+)(?:\s+as\s+\S+)?$", re.IGNORECASE)
_FIELD = re.compile(
    r"^(?:-\s+)?(?:(?:image|uri|dockerimage)\s*(?::\s+|=\s*)|(?:镜像|映像)\s*[:=]\s*)",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"^(?:https?|docker|docker-pullable|oci)://", re.IGNORECASE)
_IPV6 = re.compile(r"\[[0-9a-fA-F:.]+\][:/]")
_HUB_PAGE = re.compile(r"^hub\.docker\.com/(?:r/|_/|repository/docker/)?([^/?#]+(?:/[^/?#]+)?)")
_HARBOR_PAGE = re.compile(
    r"^([^/\s]+)/harbor/projects/(\d+)(?:/repositories/([^/?#\s]+))?(?:/[^?#\s]*?(sha256:[0-9a-f]{64}))?",
    re.IGNORECASE,
)
_SWITCHES = re.compile(
    r"--(?:detach|interactive|tty|rm|privileged|init|publish-all|read-only|no-healthcheck|oom-kill-disable"
    r"|sig-proxy|disable-content-trust|quiet|help|all|all-tags|no-cache|force|no-prune|no-trunc)"
)
"""Long options of docker that take no value; all others do."""
_NO_IMAGE = frozenset({"login", "logout", "ps", "images"})
_SHORT = re.compile(r"-[ditPq]*([a-zA-Z])")
_SHORT_VALUES = {"run": "acehlmpuvw", "create": "acehlmpuvw", "commit": "acm", "save": "o"}
_WORD = re.compile(r"(?:[^\s'\"]|'[^']*'|\"[^\"]*\")+|\S")
_NEXT = re.compile(r"\s*(?:&&|\|\||[;|]|\s[#>])(?:.|\n)*")
"""What stands behind the first command of a line."""
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
LONGEST = 4096
LONGEST_PART, MOST_PARTS = 100, 5


def page_link(words: str) -> PageLink | None:
    """None for what is no address of a Harbor's page. The slashes of the repository are escaped in it."""
    wide = unicodedata.normalize("NFKC", _INVISIBLE.sub("", words[:LONGEST]))
    text = wide.strip(_BRACKETS + _ENDING + " \n\t")
    found = _HARBOR_PAGE.match(_SCHEME.sub("", text))
    if found is None or len(found[2]) > 18:
        return None
    path = read_path(found[3] or "").strip("/").rstrip(_ENDING).lower()
    return PageLink(found[1].lower(), int(found[2]), path, (found[4] or "").lower())


def clean(words: str) -> Cleaned:
    """Take away what people paste along with a reference. Raises UserError when there is none in it."""
    faults: list[str] = []
    text = _INVISIBLE.sub("", words[:LONGEST]).strip()
    wide = unicodedata.normalize("NFKC", text)
    wide = re.sub("[\u2010-\u2015\u2212]", "-", wide)
    if wide != text:
        faults.append("width")
    text = _unbracketed(wide, faults)
    text = _without_command(text, faults)
    text = _unbracketed(text, faults)
    bare = _SCHEME.sub("", text)
    if bare != text:
        faults.append("scheme")
        bare = re.sub(r"[?#].*$", "", bare)
    if page := _HUB_PAGE.match(bare):
        bare = page[1].removesuffix("/tags")
    elif _HARBOR_PAGE.match(bare):
        raise UserError("image-page-link")
    bare = _joined(bare, faults)
    bare = re.sub(r"/{2,}", "/", bare).strip("/").rstrip(_ENDING).rstrip(":@")
    if not bare:
        raise UserError("image-no-name")
    return Cleaned(_lowered(bare, faults), tuple(dict.fromkeys(faults)))


def _unbracketed(text: str, faults: list[str]) -> str:
    if _IPV6.match(text.strip()):
        return text.strip()
    inner = text.strip().strip(_BRACKETS + " ")
    found = re.search("【([^】]+)】", inner)  # 【IMAGE】 with words around it
    if found and any(c in found[1] for c in "/:"):
        inner = found[1].strip()
    inner = inner.replace("【", "").replace("】", "")
    if inner != text.strip():
        faults.append("brackets")
    return inner


def _without_command(text: str, faults: list[str]) -> str:
    """Of a docker line, a Dockerfile's FROM or a line of YAML, the word that names the image."""
    if found := _FROM.match(text):
        faults.append("command")
        return found[1]
    if found := _FIELD.match(text):
        faults.append("command")
        return _without_command(text[found.end() :].strip(), faults)
    lines = re.sub(r"\\\s*\n", " ", text).split("\n")
    commands = [one for line in lines if (one := _SHELL.match(line.strip()))]
    if not commands:
        return text
    faults.append("command")
    found = next((one for one in commands if one[1].lower() not in _NO_IMAGE), None)
    if found is None:
        return ""
    verb, rest = found[1].lower(), _NEXT.sub("", found.string[found.end() :])
    if verb == "build":
        named = re.search(r"(?:-t|--tag)[ =](\S+)", rest)
        return named[1] if named else ""
    names = _operands(verb, _WORD.findall(rest))
    if verb in {"tag", "commit"} and len(names) > 1:
        return names[1]
    if len(names) > 1 and verb in {"pull", "push"}:
        return " ".join(names)
    return names[0] if names else ""


def _operands(verb: str, words: list[str]) -> list[str]:
    """What is neither an option nor an option's value."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("--"):
            skip = "=" not in word and _SWITCHES.fullmatch(word) is None
        elif word.startswith("-"):
            short = _SHORT.fullmatch(word)
            skip = short is not None and short[1] in _SHORT_VALUES.get(verb, "")
        else:
            found.append(word)
    return found


def _joined(text: str, faults: list[str]) -> str:
    """Blanks around separators are slips; `name tag` is a row of `docker images`."""
    joined = re.sub(r"\s*([:/@])\s*", r"\1", text.strip())
    words = joined.split()
    if len(words) > 1:
        name, second = words[0], words[1]
        if re.fullmatch(r"sha256:[0-9a-fA-F]{64}", second):
            joined = f"{name}@{second}"
        elif "/" in name and ":" not in name.rpartition("/")[2] and _TAG.fullmatch(second):
            joined = f"{name}:{second}"
        else:
            raise UserError("image-not-one", words=text)
    if joined != text:
        faults.append("spaces")
    return re.sub(r"([^@])[:]sha256:(?=[0-9a-fA-F]{64}$)", r"\1@sha256:", joined)


def _lowered(text: str, faults: list[str]) -> str:
    """Host, path and digest in lower case; a tag keeps its own."""
    named, at, digest = text.partition("@")
    head, slash, leaf = named.rpartition("/")
    leaf, colon, tag = leaf.partition(":")
    head, host = head.lower(), head.partition("/")[0]
    lowered = f"{head}{slash}{leaf.lower()}"
    written = f"{named.rpartition('/')[0]}{slash}{leaf}"
    path = written.removeprefix(host) if "." in host else written
    if path != path.lower():
        faults.append("upper")
    return f"{lowered}{colon}{tag}{at}{digest.lower()}"


def searched(words: str) -> tuple[str, ...]:
    """The parts of names that somebody looks for, in lower case; commas between them are no part of any."""
    found = re.split(r"[\s,，、;；]+", words[:LONGEST].lower())
    return tuple(word[:LONGEST_PART] for word in found if word)[:MOST_PARTS]


def is_hub(host: str) -> bool:
    return host in _HUB_NAMES


def read_path(words: str) -> str:
    """A repository's path out of an address, its escapes undone however often they were put on."""
    while (plain := unquote(words)) != words:
        words = plain
    return words
