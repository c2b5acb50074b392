"""Decoding what OpenPAI sends, hostile and strange bytes included."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Busy, NotFound, Refused, Unavailable, UserError
from bot.domain.jobs import JobQuery, JobRef, JobState
from bot.openpai.wire import detail, listing, requests, values
from bot.openpai.wire.answers import Answer, PortalAnswered, readable, refusal
from bot.openpai.wire.requests import Request

JOB = JobRef("ann", "train")
ROW = {
    "name": "train",
    "username": "ann",
    "state": "RUNNING",
    "executionType": "START",
    "tags": [],
    "retries": 1,
    "submissionTime": 1795453528000,
    "launchedTime": 1795453529000,
    "completedTime": None,
    "appExitCode": None,
    "virtualCluster": "default",
    "totalGpuNumber": 2,
    "totalTaskNumber": 1,
    "jobPriority": None,
}
DECODERS = [
    values.info,
    values.checked_account,
    values.account,
    values.done,
    values.config,
    values.events,
    values.log_locations,
    values.virtual_clusters,
    values.nodes,
    values.skus,
    values.storages,
    detail.detail,
    detail.task_attempts,
    listing.page,
    lambda answer, request: listing.Rows().decode(answer, request),
    lambda answer, request: values.token(answer, request, "ann"),
    lambda answer, request: values.token_count(answer, request, "x"),
]


def answer_of(body: object, status: int = 200, **headers: str) -> Answer:
    return Answer(status, headers, json.dumps(body).encode(), 1795453500.0)


KEYS = [
    "name",
    "username",
    "state",
    "jobStatus",
    "taskRoles",
    "data",
    "totalCount",
    "exp",
    "code",
    "message",
    "token",
    "tokens",
    "locations",
    "uri",
    "taskStatuses",
    "r",
    "appExitCode",
    "appExitMessages",
    "runtime",
    "errorLogs",
    "submissionTime",
    "containerPorts",
    "resourcesUsed",
    "GPUs",
    "storages",
    "version",
    "retries",
]
SOME_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)
BODIES = st.binary(max_size=200) | SOME_JSON.map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "retry-after", "x-ratelimit-reset", "x-ratelimit-limit", "date", "etag"]
    ),
    st.text(max_size=30) | st.integers().map(str) | st.just("text/html"),
)


@settings(deadline=None)
@given(
    status=st.integers(100, 599),
    headers=HEADERS,
    body=BODIES,
    login=st.booleans(),
)
def test_whatever_is_answered_only_errors_of_the_domain_come_out(
    status: int, headers: dict[str, str], body: bytes, login: bool
) -> None:
    answer = Answer(status, headers, body, 1795453500.0)
    request = Request("GET", "/authn/basic/login" if login else "/x", what="job", name="x")
    for decode in DECODERS:
        with suppress(UserError):
            decode(answer, request)


@settings(deadline=None)
@given(st.fixed_dictionaries({key: SOME_JSON | st.just(value) for key, value in ROW.items()}))
def test_one_strange_row_never_hides_the_others(strange: dict[str, Any]) -> None:
    answer = answer_of([strange, ROW])
    jobs = listing.Rows().decode(answer, requests.listing(10))
    assert jobs[-1].ref == JOB
    assert jobs[-1].state is JobState.RUNNING


def test_a_page_of_the_portal_is_no_answer_although_it_says_200() -> None:
    page = Answer(200, {"content-type": "text/html"}, b"<!doctype html><html></html>")
    with pytest.raises(PortalAnswered):
        values.virtual_clusters(page, requests.virtual_clusters())


def test_a_page_of_a_broken_proxy_is_a_passing_failure() -> None:
    page = Answer(502, {"content-type": "text/html"}, b"<html>502 Bad Gateway</html>")
    with pytest.raises(Unavailable) as unavailable:
        values.done(page, requests.info())
    assert unavailable.value.detail == "HTTP 502"


def test_the_wait_is_reckoned_by_the_servers_clock_where_it_tells_it() -> None:
    answer = Answer(
        429,
        {
            "content-type": "text/html",
            "retry-after": "60",
            "x-ratelimit-reset": "1795453281",
            "date": "Mon, 23 Nov 2026 17:01:14 GMT",
        },
        b"Too many requests, please try again later.",
        received_at=999.0,
    )
    with pytest.raises(Busy) as busy:
        values.done(answer, requests.info())
    assert busy.value.retry_seconds == pytest.approx(7, abs=1)


def test_rows_that_did_not_change_are_the_same_objects_again() -> None:
    rows = listing.Rows()
    other = {**ROW, "name": "other"}
    first = rows.decode(answer_of([ROW, other]), requests.listing(10))
    again = rows.decode(answer_of([ROW, {**other, "state": "FAILED"}]), requests.listing(10))
    assert again[0] is first[0]
    assert again[1].state is JobState.FAILED


def test_a_state_never_heard_of_is_unknown() -> None:
    (job,) = listing.Rows().decode(answer_of([{**ROW, "state": "PREEMPTED"}]), requests.listing(1))
    assert job.state is JobState.UNKNOWN


def test_a_page_counts_all_that_match() -> None:
    page = listing.page(answer_of({"totalCount": 22, "data": [ROW]}), requests.jobs(JobQuery()))
    assert (page.total, len(page.jobs)) == (22, 1)


def test_the_text_of_a_failure_is_short_and_on_one_line() -> None:
    error = refusal(answer_of({"message": "a\n b" * 5000}, 500), requests.info())
    assert isinstance(error, Unavailable)
    assert len(error.detail) < 700
    assert "\n" not in error.detail


def test_an_additional_property_is_named() -> None:
    message = json.dumps(
        [
            {
                "dataPath": "",
                "message": "should NOT have additional properties",
                "params": {"additionalProperty": "not"},
            }
        ]
    )
    assert readable(message) == "should NOT have additional properties: not"


def test_names_from_people_stay_one_segment_of_the_path() -> None:
    assert requests.user("../tokens").path == "/users/..%2Ftokens"
    assert requests.job(JobRef("bob", "a/../../x?y#z")).path == "/jobs/bob~a%2F..%2F..%2Fx%3Fy%23z"
    for name in ("..", ".", ""):
        with pytest.raises(NotFound):
            requests.user(name)


def test_text_and_default_priority_together_would_find_wrong_rows() -> None:
    with pytest.raises(Refused):
        requests.jobs(JobQuery(keyword="x", priorities=("default",)))


def test_a_port_label_may_have_several_ports() -> None:
    task = detail.task("worker", {"containerPorts": {"http": "31001,31002", "ssh": 22, "x": None}})
    assert task.ports == (("http", 31001), ("http", 31002), ("ssh", 22))


def test_the_address_of_a_log_shows_in_no_repr() -> None:
    location = values.LogLocation("all", "/log-manager/x?token=eyJsecret")
    assert "secret" not in repr(location)
    assert "secret" not in f"{location}"
