"""The list of jobs: its filters, orders and pages, with the database's oddities."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.demo.openpai.lab.job import Job
from bot.demo.openpai.wire.answers import Refusal, invalid, joined
from bot.demo.openpai.wire.views import item

DEFAULT_LIMIT = 5000
MOST = 50_000

_Test = Callable[[Job], bool]
_FIELDS: Mapping[str, Callable[[Job], Any]] = {
    "jobName": lambda job: job.name,
    "submissionTime": lambda job: int(job.submitted),
    "username": lambda job: job.user,
    "vc": lambda job: job.vc,
    "retries": lambda job: job.retries,
    "totalTaskNumber": lambda job: sum(role.instances for role in job.roles),
    "totalGpuNumber": lambda job: job.gpus,
    "state": lambda job: job.state,
    "completionTime": lambda job: None if job.completed is None else int(job.completed),
    "jobPriority": lambda job: job.priority,
}


def page(jobs: Sequence[Job], values: Mapping[str, list[str]]) -> bytes:
    """The answer's body. `jobs` are in the order of their submission."""
    for name in ("username", "vc", "state", "jobPriority", "order", "tagsContain"):
        if len(values.get(name, [])) > 1:
            raise Refusal(500, None, f"req.query.{name}.split is not a function")
    one = {name: found[0] for name, found in values.items()}
    limit, offset = _number(one, "limit", DEFAULT_LIMIT), _number(one, "offset", 0)
    if limit > MOST:
        raise invalid(f"Limit exceeds max number {MOST}.")
    for name, number in (("LIMIT", limit), ("OFFSET", offset)):
        if number < 0:
            raise Refusal(500, None, f"{name} must not be negative")
    found = _ordered(_filtered(jobs, one), one.get("order", ""))
    body = joined([item(job) for job in found[offset : offset + limit]])
    if one.get("withTotalCount") == "true":
        return b'{"totalCount":%d,"data":%b}' % (len(found), body)
    return body


def _number(one: Mapping[str, str], name: str, default: int) -> int:
    """As JavaScript reads it: leading digits count, anything else is NaN to the database."""
    if name not in one:
        return default
    found = re.match(r"\s*[+-]?\d+", one[name])
    if found is None:
        raise Refusal(500, None, 'column "nan" does not exist')
    return int(found.group())


def _filtered(jobs: Sequence[Job], one: Mapping[str, str]) -> Sequence[Job]:
    tests = list(_tests(one))
    if not tests:
        return jobs
    return [job for job in jobs if all(test(job) for test in tests)]


def _tests(one: Mapping[str, str]) -> Sequence[_Test]:
    tests: list[_Test] = []
    for name, read in (
        ("username", lambda job: job.user),
        ("vc", lambda job: job.vc),
        ("state", lambda job: job.state),
    ):
        if name in one:
            tests.append(_among(one[name].split(","), read))
    if "tagsContain" in one:
        wanted = set(one["tagsContain"].split(","))
        tests.append(lambda job: not wanted.isdisjoint(job.tags))
    if "tagsNotContain" in one:
        unwanted = set(one["tagsNotContain"].split(","))
        tests.append(lambda job: unwanted.isdisjoint(job.tags))
    either: list[_Test] = []
    if "keyword" in one:
        either.append(_like(one["keyword"]))
    if "jobPriority" in one:
        names = one["jobPriority"].split(",")
        if "default" in names:
            # The server puts this test beside the keyword's with OR: wrong, and kept.
            either.append(lambda job: job.priority is None or job.priority in names)
        else:
            tests.append(lambda job: job.priority in names)
    if either:
        tests.append(lambda job: any(test(job) for test in either))
    return tests


def _among(names: Sequence[str], read: Callable[[Job], str]) -> _Test:
    wanted = frozenset(names)
    return lambda job: read(job) in wanted


def _like(keyword: str) -> _Test:
    """SQL LIKE around the word, so `%` and `_` in it are wildcards; case matters."""
    parts = {"%": ".*", "_": "."}
    pattern = re.compile("".join(parts.get(char, re.escape(char)) for char in keyword), re.DOTALL)
    return lambda job: any(pattern.search(text) for text in (job.user, job.name, job.vc))


def _ordered(jobs: Sequence[Job], order: str) -> Sequence[Job]:
    """Newest first, unless field and direction are both known; nulls count as largest."""
    field, _, direction = order.partition(",")
    if field not in _FIELDS or direction not in {"ASC", "DESC"}:
        return jobs[::-1]
    read = _FIELDS[field]

    def rank(job: Job) -> tuple[bool, Any]:
        value = read(job)
        return (value is None, 0 if value is None else value)

    return sorted(jobs, key=rank, reverse=direction == "DESC")
