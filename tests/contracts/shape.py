"""Whether an answer is like a recorded one: same keys, same types, null where null; same values."""

from collections.abc import Iterator
from typing import Any


def shape(theirs: Any, ours: Any, at: str) -> Iterator[str]:
    """Same keys, same types, null where null."""
    if kind(theirs) != kind(ours):
        yield f"{at or 'body'}: {kind(ours)}, recorded {kind(theirs)} ({str(theirs)[:80]})"
    elif isinstance(theirs, dict):
        for key in sorted(theirs.keys() ^ ours.keys()):
            yield f"{at}.{key}: only {'recorded' if key in theirs else 'ours'}"
        for key in theirs.keys() & ours.keys():
            yield from shape(theirs[key], ours[key], f"{at}.{key}")
    elif isinstance(theirs, list):
        if bool(theirs) != bool(ours):
            yield f"{at}: {len(ours)} items, recorded {len(theirs)}"
        for index, item in enumerate(ours):
            if isinstance(item, dict) and item.keys() != theirs[0].keys():
                yield f"{at}[{index}]: keys {sorted(item.keys() ^ theirs[0].keys())}"
            found = [list(shape(other, item, f"{at}[{index}]")) for other in like(item, theirs)]
            yield from min(found, key=len, default=[])


# Ids, times, ports, tokens, machines' own words: never the same twice.
VOLATILE = frozenset(
    [
        "createdTime",
        "launchedTime",
        "completedTime",
        "submissionTime",
        "appCreatedTime",
        "appLaunchedTime",
        "appCompletedTime",
        "currentAttemptCreatedTime",
        "currentAttemptLaunchedTime",
        "currentAttemptCompletedTime",
        "jobStartedTime",
        "attemptStartedTime",
        "attemptCompletedTime",
        "firstTimestamp",
        "lastTimestamp",
        "creationTimestamp",
        "lastHeartbeatTime",
        "containerPorts",
        "appId",
        "taskUid",
        "containerId",
        "uid",
        "podUid",
        "uri",
        "token",
        "iat",
        "exp",
        "key",
        "pubKey",
        "errorLogs",
        "appExitDiagnostics",
        "containerExitDiagnostics",
        "diagnosticsSummary",
    ]
)


def values(theirs: Any, ours: Any, at: str) -> Iterator[str]:
    """Where two answers of the same shape say different things."""
    if isinstance(theirs, dict):
        for key in theirs.keys() - VOLATILE:
            yield from values(theirs[key], ours[key], f"{at}.{key}")
    elif isinstance(theirs, list):
        if len(theirs) != len(ours):
            yield f"{at}: {len(ours)} items, recorded {len(theirs)}"
        for index, (other, item) in enumerate(zip(theirs, ours, strict=False)):
            yield from values(other, item, f"{at}[{index}]")
    elif theirs != ours:
        yield f"{at}: {ours!r}, recorded {theirs!r}"


def like(item: Any, recorded: list[Any]) -> list[Any]:
    """The recorded items this one can be compared with: for jobs, those in the same situation."""

    def situation(job: dict[str, Any]) -> tuple[Any, ...]:
        return job["state"], job["subState"], job["jobPriority"] is None

    if isinstance(item, dict) and "subState" in item:
        return [other for other in recorded if situation(other) == situation(item)]
    return recorded


def kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case None:
            return "null"
        case _:
            return type(value).__name__
