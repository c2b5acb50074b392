"""What is news about a job, whatever its life was and whenever one looked."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.jobs import Change, Event, Job, JobRef, JobState, Known, transitions

REF = JobRef("ann", "train")
ENDS = {Event.SUCCEEDED, Event.FAILED, Event.STOPPED}


def seen(state: JobState, retries: int = 0, **more: object) -> Job:
    return Job(REF, state, retries=retries, **more)  # type: ignore[arg-type]


@st.composite
def lives(draw: st.DrawFn) -> list[Job]:
    """Every state OpenPAI shows of one job, in order, as contracts/openpai.md 3 describes them."""
    life: list[Job] = []
    retries = draw(st.integers(0, 3))
    for attempt in range(retries + 1):
        last = attempt == retries
        life += [seen(JobState.WAITING, attempt)] * draw(st.integers(0, 2))
        if last and draw(st.booleans()):  # stopped, perhaps while still waiting
            if draw(st.booleans()):
                life.append(seen(JobState.RUNNING, attempt))
                life.append(seen(JobState.RUNNING, attempt, stop_requested=True))
            life += [seen(JobState.STOPPING, attempt, stop_requested=True)] * draw(
                st.integers(0, 2)
            )
            life.append(seen(JobState.STOPPED, attempt, stop_requested=True, exit_code=-210))
            break
        life += [seen(JobState.RUNNING, attempt)] * draw(st.integers(1, 3))
        code = draw(st.sampled_from([0, 1])) if last else 1
        life += [seen(JobState.RUNNING, attempt, exit_code=code)] * draw(st.integers(0, 2))
        if last:
            end = JobState.FAILED if code else JobState.SUCCEEDED
            life.append(seen(end, attempt, exit_code=code))
    stop_flag = draw(st.booleans())  # STOP of a finished job flips only its flag
    return [*life, seen(life[-1].state, life[-1].retries, stop_requested=stop_flag)]


def told(looks: list[Job]) -> list[tuple[int, Event]]:
    known: dict[JobRef, Known] = {}
    news = []
    for job in looks:
        for change in transitions(known, [job]):
            assert change.before == known.get(REF)
            known[REF] = change.after
            news += [(job.retries, event) for event in change.events]
    return news


@settings(deadline=None)
@given(life=lives(), data=st.data())
def test_every_end_is_told_once_whenever_one_looks(life: list[Job], data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(life), max_size=len(life)))
    looks = [job for job, keep in zip(life, kept, strict=True) if keep]
    looks.append(life[-1])  # at last one looks when it has ended
    news = told(looks)
    ends = [event for _, event in news if event in ENDS]
    assert ends == [Event(life[-1].state.value)]
    assert news[-1][1] in ENDS
    assert max(Counter(news).values()) == 1
    attempts = [attempt for attempt, _ in news]
    assert attempts == sorted(attempts)


@settings(deadline=None)
@given(life=lives())
def test_looking_always_tells_every_start_and_every_retry(life: list[Job]) -> None:
    news = told(life)
    started = {attempt for attempt, event in news if event is Event.STARTED}
    assert started == {
        job.retries
        for job in life
        if job.state is JobState.RUNNING and job.exit_code is None and not job.stop_requested
    }
    retried = [attempt for attempt, event in news if event is Event.RETRYING]
    assert retried == sorted({job.retries for job in life if job.retries and not job.state.final})


@settings(deadline=None)
@given(life=lives(), data=st.data())
def test_looking_twice_or_seeing_old_answers_again_tells_nothing_twice(
    life: list[Job], data: st.DataObject
) -> None:
    stale = data.draw(st.lists(st.sampled_from(life), max_size=8))
    news = told([*life, *life, *stale])
    assert max(Counter(news).values()) == 1
    assert len([event for _, event in news if event in ENDS]) == 1


@settings(deadline=None)
@given(life=lives(), data=st.data())
def test_a_state_never_heard_of_changes_nothing(life: list[Job], data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(life)))
    odd = seen(JobState.UNKNOWN, life[at - 1].retries)
    assert told([*life[:at], odd, *life[at:]]) == told(life)


def test_a_start_and_an_end_between_two_looks_is_only_the_end() -> None:
    assert told([seen(JobState.WAITING), seen(JobState.FAILED)]) == [(0, Event.FAILED)]
    assert told([seen(JobState.SUCCEEDED)]) == [(0, Event.SUCCEEDED)]


def test_waiting_after_running_is_no_news() -> None:
    looks = [seen(JobState.RUNNING), seen(JobState.WAITING), seen(JobState.RUNNING)]
    assert told(looks) == [(0, Event.STARTED)]


def test_a_retry_and_the_start_of_the_next_attempt_come_in_this_order() -> None:
    assert told([seen(JobState.RUNNING), seen(JobState.RUNNING, 2)]) == [
        (0, Event.STARTED),
        (2, Event.RETRYING),
        (2, Event.STARTED),
    ]


def test_stopping_is_no_event_but_a_change() -> None:
    known = {REF: Known(JobState.RUNNING, told_attempt=0)}
    (change,) = transitions(known, [seen(JobState.STOPPING)])
    assert change.events == ()
    assert change.after.state is JobState.STOPPING


def test_a_failing_job_that_still_counts_as_running_is_not_called_started() -> None:
    assert told([seen(JobState.RUNNING, exit_code=255)]) == []


def test_nothing_changed_is_no_change() -> None:
    known = {REF: Known(JobState.RUNNING, told_attempt=0)}
    assert transitions(known, [seen(JobState.RUNNING)]) == []


def test_an_event_knows_when_it_happened() -> None:
    moments = [datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (1, 2, 3)]
    job = Job(
        REF,
        JobState.SUCCEEDED,
        submitted_at=moments[0],
        launched_at=moments[1],
        completed_at=moments[2],
    )
    change = Change(job, None, Known(JobState.SUCCEEDED))
    assert change.happened_at(Event.SUCCEEDED) == moments[2]
    assert change.happened_at(Event.STARTED) == moments[1]
