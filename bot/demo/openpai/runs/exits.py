"""How a container's end becomes OpenPAI's exit code, exit spec, diagnostics and messages."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# The message of the runtime is a Kubernetes termination message: 4096 bytes at most.
TERMINATION_MESSAGE_BYTES = 4096
# The runtime matches the exit spec's patterns against this much of the log's end.
MATCHED_LOG_BYTES = 16 * 1024
QUOTED_LINES = 15

STOP_REQUESTED = -210
ATTEMPT_COMPLETION = -220


@dataclass(frozen=True, slots=True)
class Exit:
    """How one container, task attempt or job attempt ended.

    `runtime` is what the runtime wrote (None when it could not write, as after an OOM kill);
    `diagnostics` is the text OpenPAI shows.
    """

    code: int
    diagnostics: str
    runtime: Mapping[str, Any] | None = None

    @property
    def spec(self) -> Mapping[str, Any]:
        return spec_of(self.code)

    @property
    def behavior(self) -> str:
        return str(self.spec.get("behavior", "UNKNOWN"))

    @property
    def messages(self) -> dict[str, Any]:
        """`appExitMessages`: the launcher speaks only where the runtime did not."""
        return {
            "container": None,
            "runtime": self.runtime,
            "launcher": self.diagnostics if self.runtime is None else None,
        }


@cache
def _table() -> Mapping[int, Mapping[str, Any]]:
    text = files(__package__.rpartition(".")[0]).joinpath("data/exit-codes.json").read_text("utf-8")
    return {entry["code"]: entry for entry in json.loads(text)["entries"]}


@cache
def _patterns() -> Sequence[tuple[int, int | None, re.Pattern[str] | None]]:
    found: list[tuple[int, int | None, re.Pattern[str] | None]] = []
    for code, entry in _table().items():
        for pattern in entry.get("pattern", {}).get("runtimeContainerPatterns", ()):
            if set(pattern) <= {"exitCode", "userLogRegex"}:
                regex = pattern.get("userLogRegex")
                found.append((code, pattern.get("exitCode"), re.compile(regex) if regex else None))
    return found


def spec_of(code: int) -> Mapping[str, Any]:
    """An unknown code is reported with the catch-all entry of its sign and the code itself."""
    table = _table()
    if code in table:
        return table[code]
    return {**table[256 if code > 0 else -8000], "code": code}


def container_code(user_code: int, log: str) -> int:
    """The runtime's translation of the user's own exit code, by code and last words."""
    if user_code == 0:
        return 0
    tail = log.encode()[-MATCHED_LOG_BYTES:].decode(errors="replace")
    for code, exit_code, regex in _patterns():
        if (exit_code is None or exit_code == user_code) and (
            regex is None or regex.search(tail) is not None
        ):
            return code
    return 255


def succeeded() -> Exit:
    return Exit(0, "Pod succeeded")


def stop_requested() -> Exit:
    return Exit(STOP_REQUESTED, "User has requested to stop the Framework")


def attempt_completion() -> Exit:
    return Exit(ATTEMPT_COMPLETION, "Stop to complete current FrameworkAttempt")


def user_exit(user_code: int, log: str) -> Exit:
    """The user's command ended by itself; `log` is everything it printed."""
    if user_code == 0:
        return succeeded()
    code = container_code(user_code, log)
    words = _last_words(log)
    runtime = {
        "exitCode": code,
        "originUserExitCode": user_code,
        "errorLogs": {"user": words, "platform": "[INFO] USER COMMAND END"},
        "name": "app",
    }
    message = (
        f"exitCode: {code}\noriginUserExitCode: {user_code}\nerrorLogs:\n  user: |-\n"
        f"{_indent(words, 4)}\n  platform: '[INFO] USER COMMAND END'\n"
    )
    framed = _indent(f"[PAI_RUNTIME_ERROR_START]\n{message}\n[PAI_RUNTIME_ERROR_END]", 6)
    diagnostics = (
        "Pod failed: PodPattern matched:\ncontainers:\n  - name: app\n    message: |-\n"
        f"{framed}\n    reason: Error\n    code: {code}\n"
    )
    return Exit(code, diagnostics, runtime)


def init_failed(code: int) -> Exit:
    """The init container gave up (image check, port conflict, barriers): no user log exists."""
    message = f"ER\n[PAI_RUNTIME_ERROR_START]\nexitCode: {code}\n[PAI_RUNTIME_ERROR_END]"
    diagnostics = (
        "Pod failed: PodPattern matched:\ncontainers:\n  - name: init\n    message: |\n"
        f"{_indent(message, 6)}\n    reason: Error\n    code: {code}\n"
    )
    return Exit(code, diagnostics, {"exitCode": code, "name": "init"})


def memory_killed() -> Exit:
    return Exit(
        -1200,
        "Pod failed: PodPattern matched:\ncontainers:\n  - name: app\n"
        "    reason: OOMKilled\n    code: 137\n",
    )


def pod_failed(code: int, reason: str, message: str) -> Exit:
    """Kubernetes itself ended the pod (node lost, eviction, refused creation)."""
    return Exit(
        code,
        f"Pod failed: PodPattern matched:\nreason: {reason}\nmessage: {message}\n",
    )


def external_deleted() -> Exit:
    return Exit(-101, "Pod was deleted by others")


def platform_exit(code: int, node: str) -> Exit:
    """The exit for a code below zero or of the platform, as each is reported."""
    match code:
        case -1200:
            return memory_killed()
        case -1000:
            return pod_failed(-1000, "Evicted", "The node was low on resource: ephemeral-storage.")
        case -1001:
            return pod_failed(
                -1001, "NodeLost", f"Node {node} which was running pod is unresponsive"
            )
        case -101:
            return external_deleted()
        case 250 | 251 | 252 | 253 | 254:
            return init_failed(code)
        case _:
            return Exit(code, str(spec_of(code).get("reason", "Pod failed")))


def _last_words(log: str) -> str:
    """The last lines, small enough for the termination message."""
    lines = [line.rpartition("\r")[2] for line in log.rstrip("\n").split("\n")]
    kept: list[str] = []
    room = TERMINATION_MESSAGE_BYTES - 400
    for line in reversed(lines[-QUOTED_LINES:]):
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept)).strip("\n")


def _indent(text: str, spaces: int) -> str:
    return "\n".join(" " * spaces + line if line else line for line in text.split("\n"))
