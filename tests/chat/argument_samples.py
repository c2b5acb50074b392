"""Dataclasses of arguments as commands declare them, of every kind there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from bot.chat.arguments import Rest, Size, arg


class Stream(StrEnum):
    STDOUT = "stdout"
    STDERR = "stderr"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class LogsArgs:
    job: str = arg("", shown="NAME")
    stream: Stream = Stream.ALL
    n: int = arg(50, alias=("行数",), named=True, least=1, most=500)
    grep: str = arg("", named=True)
    follow: bool = arg(False, alias=("跟踪",))
    file: bool = False
    attempt: int | None = None


@dataclass(frozen=True, slots=True)
class JobsArgs:
    state: tuple[Stream, ...] = arg((), values={"标准错误": Stream.STDERR})
    since: timedelta | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class RunArgs:
    now: bool = False
    image: str = arg("", named=True, alias=("镜像",))
    gpu: int = arg(0, named=True, alias=("显卡",), least=0)
    mem: Size | None = arg(None, named=True, alias=("内存",))
    note: str = arg("", named=True, alias=("备注",), help="job-state")
    env: Mapping[str, str] = field(default_factory=dict)
    command: Rest = Rest("")


@dataclass(frozen=True, slots=True)
class LoginArgs:
    system: Literal["openpai", "harbor"] = arg(values={"平台": "openpai"})
    user: str
    password: Rest


@dataclass(frozen=True, slots=True)
class PathsArgs:
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoreArgs:
    ratio: float = arg(0.5, named=True)
    keep: bool = arg(True, named=True)
    sizes: tuple[Size, ...] = arg((), named=True)
    ports: Mapping[str, int] = field(default_factory=dict)
