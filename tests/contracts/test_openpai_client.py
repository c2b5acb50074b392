"""The OpenPAI client against every recorded exchange: answers decode, requests have the recorded form."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.errors import (
    Busy,
    Denied,
    NotFound,
    Refused,
    Taken,
    TokenRefused,
    Unavailable,
    UserError,
    WrongLogin,
)
from bot.domain.jobs import JobQuery, JobRef, JobState
from bot.openpai.wire import detail, listing, requests, values
from bot.openpai.wire.answers import Answer
from bot.openpai.wire.requests import Counter, Request

RECORDED = Path(__file__).parents[2].parent / "shared/contracts/openpai"
pytestmark = [
    pytest.mark.contracts,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded exchanges are not here"),
]
FILES = sorted(RECORDED.glob("*.json"))

Decoder = Callable[[Answer, Request], Any]

# (method, path below the base) -> decoder; the first that matches is used.
DECODERS: list[tuple[str, str, Decoder]] = [
    ("GET", r"/info", values.info),
    ("POST", r"/authn/basic/login", lambda a, r: values.token(a, r, "alice")),
    ("GET", r"/tokens/check", values.checked_account),
    ("GET", r"/tokens", lambda a, r: values.token_count(a, r, "none")),
    ("POST", r"/tokens/application", lambda a, r: values.token(a, r, "alice")),
    ("DELETE", r"/tokens/.+", values.done),
    ("DELETE", r"/authn/basic/logout", values.done),
    ("GET", r"/users/[^/]+", values.account),
    ("GET", r"/virtual-clusters/?\?nodes", values.nodes),
    ("GET", r"/virtual-clusters/?", values.virtual_clusters),
    ("GET", r"/cluster/sku-types.*", values.skus),
    ("GET", r"/storages(\?.*)?", values.storages),
    ("GET", r"/jobs(\?.*withTotalCount=true.*)", listing.page),
    ("GET", r"/jobs(\?.*)?", lambda a, r: listing.Rows().decode(a, r)),
    ("POST", r"/jobs", values.done),
    ("GET", r"/jobs/[^/]+", detail.detail),
    ("GET", r"/jobs/[^/]+/attempts/[^/]+", detail.detail),
    ("GET", r"/jobs/[^/]+/config", values.config),
    ("GET", r"/jobs/[^/]+/events(\?.*)?", values.events),
    ("PUT", r"/jobs/[^/]+/executionType", values.done),
    ("PUT", r"/jobs/[^/]+/tag", values.done),
    ("DELETE", r"/jobs/[^/]+/tag", values.done),
    ("GET", r"/jobs/.+/logs(\?.*)?", values.log_locations),
    (
        "GET",
        r"/jobs/[^/]+/attempts/\d+/taskRoles/[^/]+/taskIndex/\d+/attempts",
        detail.task_attempts,
    ),
]


def exchange(name: str) -> tuple[dict[str, Any], Answer]:
    raw = json.loads((RECORDED / f"{name}.json").read_text())
    response = raw["response"]
    body = response["body"]
    headers = {key.lower(): value for key, value in response["headers"].items()}
    if not isinstance(body, str) or (
        "json" in headers.get("content-type", "") and response["status"] == 200
    ):
        body = json.dumps(body)
    return raw["request"], Answer(response["status"], headers, body.encode(), 1795453260.0)


def below_base(path: str) -> str | None:
    found = re.fullmatch(r"(?:/rest-server)?/api/v2(/.*)", path)
    return found[1] if found else None


def decoder_of(method: str, path: str) -> Decoder | None:
    below = below_base(path)
    for verb, pattern, decoder in DECODERS:
        if below is not None and verb == method and re.fullmatch(pattern, below):
            return decoder
    return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_recorded_answer_becomes_a_value_or_an_error_of_the_domain(file: Path) -> None:
    asked, answer = exchange(file.stem)
    own = decoder_of(asked["method"], asked["path"])
    what = "log" if "/logs" in asked["path"] else "job"
    request = Request(asked["method"], below_base(asked["path"]) or "/", what=what, name="x")
    for decoder in [own] if own else [each for _, _, each in DECODERS]:
        try:
            decoder(answer, request)
        except UserError:
            continue
        assert answer.status in range(200, 300)


def decoded(name: str, request: Request, decoder: Decoder) -> Any:
    return decoder(exchange(name)[1], request)


REFUSALS: list[tuple[str, Request, type[UserError]]] = [
    ("11-login-wrong-password", requests.login("admin", "x"), WrongLogin),
    ("12-login-missing-user", requests.login("nobody", "x"), WrongLogin),
    ("13-login-short-password", requests.login("admin", "abc"), WrongLogin),
    ("502-oidc-basic-login-absent", requests.login("admin", "x"), Refused),
    ("405-rate-api-login-blocked", requests.login("admin", "x"), Busy),
    ("42-user-get-missing", requests.user("nobody"), NotFound),
    ("88-basic-auth-with-password", requests.listing(1), TokenRefused),
    ("421-any-call-while-k8s-down", requests.listing(1), TokenRefused),
    ("91-token-revoke-malformed", requests.revoke_token("abc"), Unavailable),
    ("90-token-revoke-other-users", requests.revoke_token("abc"), Denied),
    ("86-app-token-create-app-token-forbidden", requests.create_application_token(), Denied),
    ("130-sku-types-vc-missing", requests.skus("nope"), NotFound),
    ("422-vc-list-hived-503", requests.virtual_clusters(), Unavailable),
    ("201-submit-duplicate", requests.submit("", "ok_1"), Taken),
    ("202-submit-invalid-schema", requests.submit("", "bad"), Refused),
    ("204-submit-not-yaml", requests.submit("", "bad"), Unavailable),
    ("207-submit-vc-not-allowed", requests.submit("", "forb_vc"), Denied),
    ("215-submit-unknown-storage", requests.submit("", "st"), NotFound),
    ("217-submit-body-over-100kb", requests.submit("", "big"), Refused),
    ("531-submit-while-write-merger-down", requests.submit("", "x"), Unavailable),
    ("222-detail-unknown", requests.job(JobRef("alice", "nothere")), NotFound),
    ("225-config-unknown", requests.config(JobRef("alice", "nothere")), NotFound),
    ("316b-attempts-unknown-job", requests.job(JobRef("alice", "nothere")), NotFound),
    ("252-logs-waiting-task", requests.logs(JobRef("a", "b"), "r", 0, 0, 0, tail=False), NotFound),
    (
        "254-logs-bad-taskrole",
        requests.logs(JobRef("a", "b"), "r", 0, 0, 0, tail=False),
        Unavailable,
    ),
    ("270-stop-by-other-user", requests.stop(JobRef("alice", "run_1")), Denied),
    ("345-tag-delete-missing", requests.untag(JobRef("alice", "ok_1"), "nope"), NotFound),
    ("366-list-limit-too-big", requests.listing(1), Refused),
    ("367-list-limit-nan", requests.listing(1), Unavailable),
    ("400-rate-list-4", requests.listing(1), Busy),
    ("530-list-while-db-down", requests.listing(1), Unavailable),
]


@pytest.mark.parametrize(("name", "request_", "error"), REFUSALS, ids=lambda value: str(value)[:40])
def test_a_refusal_means_what_it_means(
    name: str, request_: Request, error: type[UserError]
) -> None:
    with pytest.raises(error):
        values.done(exchange(name)[1], request_)


def test_a_schema_violation_is_read_out_as_sentences_with_paths() -> None:
    with pytest.raises(Refused) as refused:
        decoded("202-submit-invalid-schema", requests.submit("", "bad"), values.done)
    assert refused.value.detail == (
        "taskRoles.taskrole: should have required property 'dockerImage'; "
        "taskRoles.taskrole: should have required property 'resourcePerInstance'"
    )


def test_the_wait_after_too_many_requests_is_the_windows_rest_not_its_length() -> None:
    with pytest.raises(Busy) as busy:
        decoded("402-rate-submit-3", requests.submit("", "x"), values.done)
    assert busy.value.retry_seconds == 3600.0  # recorded reset, 3705 s after our clock, is cut
    with pytest.raises(Busy) as busy:
        decoded("400-rate-list-4", requests.listing(1), values.done)
    assert 1 <= busy.value.retry_seconds <= 345


def test_a_failed_job_carries_exit_reason_and_the_last_lines_of_its_log() -> None:
    job = decoded("310-detail-failed-exit1", requests.job(JobRef("alice", "fail_1")), detail.detail)
    assert job.job.state is JobState.FAILED
    assert (job.exit.code, job.exit.user_code) == (255, 1)
    assert job.exit.log[-1] == "RuntimeError: simulated failure (exit 1)"
    assert job.exit.phrase == "PAIRuntimeUnknownFailed"
    assert dict(job.tasks[0].ports) == {"ssh": 30809, "http": 30188}


def test_a_job_just_submitted_has_no_attempt_and_no_tasks() -> None:
    request = requests.job(JobRef("alice", "ok_1"))
    job = decoded("200b-detail-immediately-after-submit", request, detail.detail)
    assert (job.attempt, job.tasks, job.exit, job.job.state) == (None, (), None, JobState.WAITING)


def test_role_names_are_those_that_log_paths_accept() -> None:
    request = requests.job(JobRef("alice", "leak_1"))
    job = decoded("512-detail-taskrole-name-normalised", request, detail.detail)
    assert {task.role for task in job.tasks} == {"workera"}


def test_secrets_of_a_config_stay_masked_and_yaml_labelled_json_is_read() -> None:
    request = requests.config(JobRef("alice", "sec_1"))
    assert decoded("224b-config-with-secrets", request, values.config)["secrets"] == "******"


def test_an_account_never_holds_the_private_key_of_its_user() -> None:
    account = decoded("40-user-get-self", requests.user("alice"), values.account)
    assert account.vcs == ("default",)
    assert "ssh" not in repr(account).lower()


ALICE = JobRef("alice", "ok_1")
RUN = JobRef("alice", "run_1")
BUILT: list[tuple[str, Request]] = [
    ("01-info-v2", requests.info()),
    ("10-login-ok", requests.login("admin", "admin-password")),
    ("81-token-check", requests.check_token()),
    ("80-token-list", requests.tokens()),
    ("82-token-create-application", requests.create_application_token()),
    ("95-logout", requests.logout()),
    ("40-user-get-self", requests.user("alice")),
    ("120-vc-list", requests.virtual_clusters()),
    ("124-vc-nodes", requests.nodes()),
    ("128-sku-types", requests.skus()),
    ("129-sku-types-vc", requests.skus("research")),
    ("140-storages", requests.storages()),
    ("220-detail-succeeded", requests.job(ALICE)),
    ("318-detail-of-attempt-0", requests.attempt(JobRef("alice", "fail_segv"), 0)),
    ("224-config", requests.config(ALICE)),
    ("242-events-waiting", requests.events(JobRef("alice", "wait_1"))),
    ("250-logs-list", requests.logs(RUN, "taskrole", 0, 0, 0, tail=False)),
    ("251-logs-list-tail", requests.logs(RUN, "taskrole", 0, 0, 0, tail=True)),
    ("273-stop-ok", requests.stop(RUN)),
    ("328-task-attempts", requests.task_attempts(JobRef("alice", "taskretry_1"), "taskrole", 0, 0)),
    ("340-tag-add", requests.tag(ALICE, "exp1")),
    ("348-tag-delete", requests.untag(ALICE, "exp1")),
    ("352-list-username-two", requests.jobs(JobQuery(users=("alice", "bob")))),
    ("354-list-vc", requests.jobs(JobQuery(vcs=("research",)))),
    ("356-list-state-two", requests.jobs(JobQuery(states=(JobState.RUNNING, JobState.WAITING)))),
    ("358b-list-keyword-percent", requests.jobs(JobQuery(keyword="%"))),
    ("359-list-limit-offset", requests.jobs(JobQuery(limit=2, offset=1))),
    ("365-list-order-completion", requests.listing(2)),
    ("371-list-job-priority", requests.jobs(JobQuery(priorities=("prod",)))),
    ("376-list-tags-total-count", requests.jobs(JobQuery(tags=("exp1",)))),
    ("347-list-tags-not-contain", requests.jobs(JobQuery(without_tags=("exp1",), limit=2))),
    ("378-list-if-none-match", requests.listing(1, etag='W/"1e6-hloHL75/hQKy9mZjb9i+g1+pWgo"')),
]
# What a recorded list call leaves to the server's defaults, we always say.
ALWAYS_SAID = {
    "limit=50",
    "withTotalCount=true",
    "order=submissionTime,DESC",
    "order=completionTime,DESC",
}


@pytest.mark.parametrize(("name", "built"), BUILT, ids=lambda value: str(value)[:30])
def test_a_request_has_the_recorded_form(name: str, built: Request) -> None:
    asked, _ = exchange(name)
    path, _, query = asked["path"].partition("?")
    assert (built.method, f"/api/v2{built.path}") == (asked["method"], path)
    parts = set(built.query.split("&")) - {""}
    recorded = set(query.split("&")) - {""}
    assert recorded <= parts
    assert parts - recorded <= ALWAYS_SAID
    assert built.content_type == asked["headers"].get("Content-Type", "")
    assert (json.loads(built.body) if built.body else None) == asked["body"]
    assert built.if_none_match == asked["headers"].get("If-None-Match", "")


def test_a_job_is_sent_as_text_yaml_byte_for_byte() -> None:
    asked, _ = exchange("517-submit-unicode")
    built = requests.submit(asked["body"])
    assert built.body.decode() == asked["body"]
    assert built.content_type == asked["headers"]["Content-Type"]
    assert built.counter is Counter.SUBMIT


def test_a_token_is_revoked_by_its_own_path() -> None:
    asked, _ = exchange("92-token-revoke-ok")
    secret = asked["path"].removeprefix("/api/v2/tokens/")
    assert requests.revoke_token(secret.replace("<signature>", "sig")).path == (
        f"/tokens/{secret.replace('<signature>', 'sig')}"
    )
    assert values.claims(secret)["application"] is True
