"""Words without a slash in a private chat: the command they mean, or what has been pasted."""

import re
import unicodedata
from collections.abc import Container
from enum import Enum

_MEANINGS: dict[str, tuple[str, ...]] = {
    "jobs": ("jobs", "job", "任务", "我的任务", "任务列表", "查看任务", "看任务", "作业"),
    "logs": ("logs", "log", "日志", "看日志", "查看日志", "任务日志"),
    "free": ("free", "空闲", "空卡", "空闲显卡", "有空卡吗"),
    "gpu": ("gpu", "gpus", "显卡", "集群", "cluster"),
    "upload": ("upload", "上传", "传文件", "上传数据", "上传文件"),
    "unpack": ("unpack", "unzip", "解压", "解压缩", "解压文件"),
    "edit": ("edit", "编辑", "编辑文件"),
    "transfer": ("transfer", "远程下载", "服务器下载", "离线下载"),
    "images": ("images", "镜像", "镜像列表"),
    "alerts": ("alerts", "提醒", "通知", "提醒设置"),
    "me": ("me", "我", "账号", "我的账号", "account"),
    "login": ("login", "登录", "登陆", "关联账号"),
    "run": ("run", "运行", "提交任务"),
    "help": ("help", "帮助", "怎么用", "使用说明", "菜单", "menu", "?", "？"),
    "start": ("start", "开始", "你好", "您好", "hi", "hello"),
}
_INSTEAD = {
    "free": "gpu",
    "upload": "help",
    "unpack": "help",
    "edit": "help",
    "transfer": "help",
    "images": "help",
}
"""What comes nearest where a command is not there (its system is not configured)."""
_ALONE = frozenset({"me", "login", "run", "start"})
"""Words that open a sentence as easily as they name a command: they count by themselves only."""
_COMMANDS = {word: command for command, words in _MEANINGS.items() for word in words}
_CHINESE = sorted((w for w in _COMMANDS if not w.isascii() and len(w) > 1), key=len, reverse=True)
_MOST_ARGUMENTS = 4
"""With more words behind it, it is a sentence."""
_AROUND = " \t\n　【】「」『』“”‘’\"'`。，,"
_ENDS = " \t　?？!！。.,，~～"


class Plain(Enum):
    """What a pasted text is, when it is something we know."""

    TRACEBACK = "traceback"
    """A Python traceback, or the line of an error with a type."""
    PROTOCOL = "protocol"
    """An OpenPAI job protocol as YAML."""
    DOCKERFILE = "dockerfile"
    IMAGE = "image"
    """A docker line around one (`docker pull …`, `docker run …`), or a reference by itself."""
    COMMAND = "command"
    """A shell line that starts a program: something to run."""


_PASTED: tuple[tuple[Plain, re.Pattern[str]], ...] = (
    (
        Plain.TRACEBACK,
        re.compile(
            r"^[ \t]*Traceback \(most recent call last\):"
            r'|^[ \t]*File "[^"\n]+", line \d+'
            r"|^[ \t]*(?:\w+\.)*\w*(?:Error|Exception)(?::\s|[ \t]*$)",
            re.MULTILINE,
        ),
    ),
    (
        Plain.PROTOCOL,
        re.compile(
            r"\A(?=[\s\S]*^protocolVersion:)(?=[\s\S]*^(?:taskRoles|type|name):)", re.MULTILINE
        ),
    ),
    (
        Plain.DOCKERFILE,
        re.compile(
            r"\A(?:[ \t]*(?:#.*|ARG .*)?\n)*[ \t]*FROM \S+.*\n"
            r"[\s\S]*^(?:RUN|COPY|ENV|CMD|WORKDIR) ",
            re.MULTILINE,
        ),
    ),
    (
        Plain.IMAGE,
        re.compile(
            r"\A\s*(?:\S*[$#>]\s*)?(?:sudo\s+)?(?:nvidia-)?docker\s+(?:image\s+)?(?:pull|push|run)\s+\S"
            r"|\A\s*(?:[a-z0-9][a-z0-9.-]*(?::\d+)?/)?(?:[a-z0-9][a-z0-9._-]*/)+[a-z0-9][a-z0-9._-]*"
            r"(?::[A-Za-z0-9_][\w.-]*|@sha256:[0-9a-f]{64})\s*\Z"
        ),
    ),
    (
        Plain.COMMAND,
        re.compile(
            r"\A\s*(?:\$\s+)?(?:[A-Z_][A-Z0-9_]*=\S*\s+)*"
            r"(?:(?:python[\d.]*|bash|sh|torchrun|deepspeed|mpirun|nvidia-smi|conda|pip[\d.]*|cd|source)(?:\s+\S|\s*\Z)"
            r"|accelerate\s+launch\s|\./\S)"
        ),
    ),
)


def command(words: str, known: Container[str] | None = None) -> str | None:
    """The command line that plain words mean: “任务 running” is `/jobs running`. None for anything else.

    `known` are the commands there are; for one that is missing, what comes nearest is answered.
    """
    line = words.strip()
    if not line or "\n" in line:
        return None
    first, *arguments = line.split(maxsplit=1)
    name = first.lower().strip(_ENDS) or first
    if not arguments and name not in _COMMANDS:
        name, arguments = _joined(name)
    meant, rest = _COMMANDS.get(name, ""), "".join(arguments)
    if not meant or len(rest.split()) > (0 if meant in _ALONE else _MOST_ARGUMENTS):
        return None
    if known is not None and meant not in known:
        meant, rest = _INSTEAD.get(meant, ""), ""
        if meant not in known:
            return None
    return f"/{meant} {rest}".rstrip()


def recognise(pasted: str) -> Plain | None:
    """What was pasted; None for ordinary talk. Full-width signs and brackets hide no image."""
    if (found := _kind(pasted)) is not None:
        return found
    bare = unicodedata.normalize("NFKC", pasted).strip(_AROUND)
    return Plain.IMAGE if _kind(bare) is Plain.IMAGE else None


def _kind(pasted: str) -> Plain | None:
    return next((kind for kind, pattern in _PASTED if pattern.search(pasted)), None)


def _joined(word: str) -> tuple[str, list[str]]:
    """“任务running” without a space: Chinese in front, something else behind."""
    for name in _CHINESE:
        rest = word.removeprefix(name)
        if rest != word and rest.isascii():
            return name, [rest]
    return word, []
