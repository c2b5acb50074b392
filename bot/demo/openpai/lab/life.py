"""The life of one job: from submission over queue, run and retries to its end."""

import random
from uuid import UUID

from bot.demo.openpai.lab.containers import ending, run_of
from bot.demo.openpai.lab.events import EventLog
from bot.demo.openpai.lab.hardware import Hardware, Occupancy
from bot.demo.openpai.lab.job import Attempt, Job, Phase, Pod, Role, Task
from bot.demo.openpai.lab.queue import Queue
from bot.demo.openpai.lab.timeline import Timeline
from bot.demo.openpai.runs import exits
from bot.demo.openpai.runs.exits import Exit
from bot.demo.openpai.runs.guess import Knowledge

# Seconds between the steps of FrameworkController, about as the recorded jobs show them.
CREATION_SECONDS = 0.4
DELETION_SECONDS = 0.3
COMPLETION_SECONDS = 0.6
STOP_SECONDS = 1.0
BACK_OFF_SECONDS = 30

ENDING = frozenset({Phase.DELETION_PENDING, Phase.DELETION_REQUESTED, Phase.DELETING})


class Life:
    """Moves jobs through their phases; each has one appointment on the timeline."""

    def __init__(self, timeline: Timeline, hardware: Hardware, seed: int) -> None:
        self.timeline = timeline
        self.occupancy = Occupancy(hardware)
        self.events = EventLog()
        self.queue = Queue(self.occupancy, self.events)
        self.known = Knowledge()
        self.version = 0
        self._seed = seed
        self._rng = random.Random(seed)

    @property
    def now(self) -> float:
        return self.timeline.now

    def touch(self, job: Job) -> None:
        job.changed()
        self.version += 1

    def start(self, job: Job) -> None:
        self.wake(job, self.now + CREATION_SECONDS)

    def wake(self, job: Job, when: float | None) -> None:
        """Only the latest appointment of a job counts."""
        job.due = when
        if when is not None:
            self.timeline.at(when, lambda: self.step(job) if job.due == when else None)

    def stop(self, job: Job) -> None:
        """Takes effect a moment later; whatever is already ending, ends as it would."""
        if job.stop_at is None and not job.terminal and job.phase not in ENDING:
            job.stop_at = self.now + STOP_SECONDS
            self.plan(job)

    def lose(self, job: Job, node: str) -> None:
        """The machine under some of its containers is gone."""
        for task in job.attempts[-1].tasks:
            if task.pod.node == node and task.pod.completed is None:
                self._finish(job, task, exits.platform_exit(-1001, node))
        self.plan(job)

    def step(self, job: Job) -> None:
        if job.stop_at is not None and self.now >= job.stop_at:
            job.stop_at = None
            self._stop(job)
            return
        match job.phase:
            case Phase.CREATION_PENDING:
                job.created = self.now if job.created is None else job.created
                job.phase = Phase.CREATION_REQUESTED
                self.wake(job, self.now + CREATION_SECONDS)
            case Phase.CREATION_REQUESTED:
                if job.attempt is None:
                    self._begin(job)
                self.queue.enter(job)
                job.phase = Phase.PREPARING
                self.schedule()
                self.plan(job)
            case Phase.PREPARING | Phase.RUNNING:
                self._containers(job)
                self.plan(job)
            case Phase.DELETION_PENDING:
                job.phase = Phase.DELETION_REQUESTED
                self.wake(job, self.now + DELETION_SECONDS)
            case Phase.DELETION_REQUESTED:
                job.phase = Phase.DELETING
                self.wake(job, self.now + self._grace(job))
            case Phase.DELETING:
                self._clear(job)
                job.phase = Phase.ATTEMPT_COMPLETED
                self.wake(job, self.now + COMPLETION_SECONDS)
            case Phase.ATTEMPT_COMPLETED:
                self._retry_or_complete(job)
            case Phase.COMPLETED:
                job.due = None
        self.touch(job)

    def plan(self, job: Job) -> None:
        """The next moment at which something happens to a job by itself."""
        if job.terminal:
            return
        ahead = [job.stop_at] if job.stop_at is not None else []
        if job.phase in {Phase.PREPARING, Phase.RUNNING} and job.attempt is not None:
            for pod in job.attempt.pods():
                if pod.completed is None:
                    moment = pod.launch_at if pod.launched is None else pod.end_at
                    ahead += [moment] if moment is not None else []
        elif job.due is not None:
            ahead.append(job.due)
        self.wake(job, min(ahead, default=None))

    def _begin(self, job: Job) -> None:
        """A new attempt with its tasks, all of them waiting."""
        attempt = Attempt(index=len(job.attempts), uid=self._uid(), created=self.now)
        job.attempts.append(attempt)
        for role in job.roles:
            for index in range(role.instances):
                task = Task(role, index)
                task.pods.append(self._pod(role, 0))
                attempt.tasks.append(task)

    def _pod(self, role: Role, index: int) -> Pod:
        labels = {"ssh": 1, "http": 1, **role.ports}
        ports = {
            label: ",".join(str(self._rng.randrange(15000, 40000)) for _ in range(number))
            for label, number in labels.items()
        }
        return Pod(index=index, uid=self._uid(), ports=ports, created=self.now)

    def _uid(self) -> str:
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def schedule(self) -> None:
        """Gives out what is free; whoever got a place is told when it will start."""
        placed, evicted = self.queue.fill(self.now)
        for job, task in evicted:
            self._finish(job, task, exits.external_deleted())
            self.plan(job)
        for job, tasks in placed:
            for task in tasks:
                self.events.scheduled(job, task, self.now)
                self.events.kubelet(
                    job, task, self.now, "Pulling", f'Pulling image "{task.role.image}"'
                )
                task.pod.launch_at = self.now + job.outcome.pull_seconds
            self.plan(job)

    def _containers(self, job: Job) -> None:
        """Starts and ends the containers whose time has come."""
        attempt = job.attempts[-1]
        for task in attempt.tasks:
            pod = task.pod
            if pod.completed is not None or job.phase in ENDING:
                continue
            if pod.launched is None and pod.launch_at is not None and pod.launch_at <= self.now:
                self._launch(job, attempt, task)
            if pod.end_at is not None and pod.end_at <= self.now and pod.run is not None:
                self._finish(job, task, ending(pod.run, pod.node or ""))

    def rerun(self, job: Job, attempt: Attempt, task: Task, pod: Pod) -> None:
        """Finds out again what a container did or is doing; one that never started did nothing."""
        if pod.launched is not None and pod.node is not None:
            pod.run = run_of(job, attempt, task, pod, known=self.known, seed=self._seed)

    def _launch(self, job: Job, attempt: Attempt, task: Task) -> None:
        pod = task.pod
        pod.launched = self.now
        pod.run = run = run_of(job, attempt, task, pod, known=self.known, seed=self._seed)
        pod.end_at = self.now + run.seconds
        self.events.kubelet(job, task, self.now, "Started", "Started container app")
        if attempt.launched is None:
            attempt.launched = self.now
        if job.launched is None:
            job.launched = self.now
        job.phase = Phase.RUNNING

    def _finish(self, job: Job, task: Task, ended: Exit) -> None:
        """One container is over: a retry of the task, or a word on the attempt's end."""
        self._close(task.pod, ended)
        if self._task_retry(job, task, ended):
            task.pods.append(self._pod(task.role, task.pod.index + 1))
            self.queue.enter(job)
        else:
            self._judge(job, task, ended)
        self.schedule()
        self.touch(job)

    def _close(self, pod: Pod, ended: Exit) -> None:
        pod.exit = ended
        pod.completed = self.now
        if pod.launched is None:
            pod.launched = self.now
        if pod.seat is not None:
            self.occupancy.give_back(pod.seat)
            pod.seat = None

    def _task_retry(self, job: Job, task: Task, ended: Exit) -> bool:
        if job.gang or ended.code == 0 or job.execution == "STOP":
            return False
        if ended.behavior == "UNKNOWN" and task.accountable < task.role.task_retries:
            task.accountable += 1
            return True
        return ended.behavior == "TRANSIENT" and task.role.task_retries > 0

    def _judge(self, job: Job, task: Task, ended: Exit) -> None:
        """The completion policy: any role can end the attempt."""
        attempt, role = job.attempts[-1], task.role
        if job.phase in ENDING:
            return
        done = [other.pod for other in attempt.tasks if other.role is role and other.pod.completed]
        failed = sum(1 for other in done if other.exit is not None and other.exit.code != 0)
        good = len(done) - failed
        if ended.code != 0 and 0 < role.min_failed <= failed:
            words = f"FailedTaskCount {failed} has reached MinFailedTaskCount {role.min_failed}"
        elif ended.code == 0 and 0 < role.min_succeeded <= good:
            words = (
                f"SucceededTaskCount {good} has reached MinSucceededTaskCount {role.min_succeeded}"
            )
        elif all(other.pod.completed for other in attempt.tasks):
            words = f"All {len(done)} tasks have completed"
        else:
            return
        attempt.trigger = (f"{words} in the TaskRole", role.name, task.index)
        self._end_attempt(job, ended)

    def _end_attempt(self, job: Job, ended: Exit) -> None:
        job.attempts[-1].exit = ended
        job.phase = Phase.DELETION_PENDING
        self.queue.leave(job)
        self.wake(job, self.now + DELETION_SECONDS)

    def _stop(self, job: Job) -> None:
        """A stop has arrived at Kubernetes."""
        if job.terminal or job.phase in ENDING:
            return
        if job.phase is Phase.ATTEMPT_COMPLETED:
            self._complete(job)
        else:
            job.created = self.now if job.created is None else job.created
            if job.attempt is None:
                self._begin(job)
            self._end_attempt(job, exits.stop_requested())
        self.touch(job)

    def _grace(self, job: Job) -> float:
        if job.exit_code == exits.STOP_REQUESTED and job.nodes:
            return job.outcome.stop_seconds
        return DELETION_SECONDS

    def _clear(self, job: Job) -> None:
        """The attempt's other containers are taken away."""
        attempt = job.attempts[-1]
        for task in attempt.tasks:
            if task.pod.completed is None:
                self._close(task.pod, exits.attempt_completion())
        attempt.completed = self.now
        attempt.launched = self.now if attempt.launched is None else attempt.launched
        job.launched = self.now if job.launched is None else job.launched
        self.schedule()

    def _retry_or_complete(self, job: Job) -> None:
        """Transient failures are always tried again, unknown ones as often as asked for."""
        ended = job.exit or exits.succeeded()
        again = ended.code != 0 and job.execution != "STOP"
        match ended.behavior if again else "PERMANENT":
            case "TRANSIENT_CONFLICT" if job.retry_delay is None:
                job.retry_delay = BACK_OFF_SECONDS
                self.wake(job, self.now + BACK_OFF_SECONDS)
                return
            case "TRANSIENT" | "TRANSIENT_CONFLICT":
                job.platform_retries += 1
            case "UNKNOWN" if job.user_retries < job.max_retries:
                job.user_retries += 1
            case _:
                self._complete(job)
                return
        job.retry_delay = None
        self._begin(job)
        job.phase = Phase.CREATION_PENDING
        self.wake(job, self.now + CREATION_SECONDS)

    def _complete(self, job: Job) -> None:
        job.phase = Phase.COMPLETED
        job.completed = self.now
        job.due = job.stop_at = None
