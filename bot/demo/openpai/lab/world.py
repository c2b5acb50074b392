"""The whole cluster: its jobs, its machines, and the present moment."""

from bot.demo.openpai.lab.hardware import Hardware
from bot.demo.openpai.lab.job import Job, Phase
from bot.demo.openpai.lab.life import Life
from bot.demo.openpai.lab.timeline import Timeline
from bot.demo.openpai.runs.guess import outcome_of

NODE_LOST_SECONDS = 5.0


class World:
    """Jobs are found by `user~name` or by the md5 of it; names are used up for ever."""

    def __init__(self, hardware: Hardware, now: float, seed: int) -> None:
        self.hardware = hardware
        self.timeline = Timeline(now)
        self.life = Life(self.timeline, hardware, seed)
        self.order: list[Job] = []
        self._jobs: dict[str, Job] = {}

    @property
    def now(self) -> float:
        return self.timeline.now

    @property
    def version(self) -> int:
        """Grows with every change that a list of jobs could show."""
        return self.life.version

    def find(self, name: str) -> Job | None:
        return self._jobs.get(name)

    def submit(self, job: Job) -> None:
        """The caller has checked that the name is free."""
        if not job.planned:
            first = job.roles[0]
            job.outcome = outcome_of(job.user, first.image, first.commands, self.life.known)
        self.admit(job)
        self.life.start(job)

    def admit(self, job: Job) -> None:
        """Makes a job known without starting it (history, saved jobs)."""
        self._jobs[job.id] = self._jobs[job.full_name] = job
        self.order.append(job)
        self.life.touch(job)

    def resume(self, job: Job) -> None:
        """Goes on with a job that was saved in the middle of its life."""
        self.admit(job)
        for attempt in job.attempts:
            for task in attempt.tasks:
                for pod in task.pods:
                    self.life.rerun(job, attempt, task, pod)
        if job.terminal:
            return
        if job.attempt is not None:
            for pod in job.attempt.pods():
                if pod.seat is not None and pod.completed is None:
                    self.life.occupancy.take(pod.seat)
            if job.phase in {Phase.PREPARING, Phase.RUNNING} and any(
                pod.waiting for pod in job.attempt.pods()
            ):
                self.life.queue.enter(job)
        self.life.wake(job, self.now if job.due is None else job.due)

    def execute(self, job: Job, value: str) -> None:
        """STOP takes effect a moment later; START never restarts anything."""
        job.execution = value
        if value == "STOP":
            self.life.stop(job)
        self.life.touch(job)

    def tag(self, job: Job, tag: str) -> None:
        if tag not in job.tags:
            job.tags.append(tag)
            self.life.touch(job)

    def untag(self, job: Job, tag: str) -> None:
        job.tags.remove(tag)
        self.life.touch(job)

    def node_down(self, name: str) -> None:
        """Its containers are lost some seconds later, if it did not come back by then."""
        self.life.occupancy.down.add(name)
        self.timeline.at(self.now + NODE_LOST_SECONDS, lambda: self._lose(name))

    def node_up(self, name: str) -> None:
        self.life.occupancy.down.discard(name)
        self.life.schedule()

    def _lose(self, name: str) -> None:
        if name in self.life.occupancy.down:
            for job in [job for job in self.order if name in job.nodes]:
                self.life.lose(job, name)
