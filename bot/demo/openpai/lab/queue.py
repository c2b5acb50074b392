"""Who waits for cells, and who gets them next."""

from collections.abc import Sequence

from bot.demo.openpai.lab.events import EventLog
from bot.demo.openpai.lab.hardware import Occupancy, Seat
from bot.demo.openpai.lab.job import Job, Task

Placed = list[tuple[Job, Sequence[Task]]]
Evicted = list[tuple[Job, Task]]


class Queue:
    """By priority, then by submission; a job that does not fit lets smaller ones pass."""

    def __init__(self, occupancy: Occupancy, events: EventLog) -> None:
        self._occupancy = occupancy
        self._events = events
        self._waiting: dict[str, Job] = {}
        self._guests: dict[str, tuple[Job, Task]] = {}

    def __contains__(self, job: Job) -> bool:
        return job.id in self._waiting

    def enter(self, job: Job) -> None:
        self._waiting[job.id] = job

    def leave(self, job: Job) -> None:
        self._waiting.pop(job.id, None)

    def fill(self, now: float) -> tuple[Placed, Evicted]:
        """Gives out free cells. The evicted still hold theirs: the caller ends them."""
        placed: Placed = []
        for job in sorted(self._waiting.values(), key=lambda job: (-job.rank, job.submitted)):
            tasks = [task for task in job.attempts[-1].tasks if task.pod.waiting]
            seated = self._seat(job, tasks)
            if seated:
                placed.append((job, seated))
            if len(seated) == len(tasks):
                self.leave(job)
            else:
                self._complain(job, now)
        return placed, self._make_room()

    def _seat(self, job: Job, tasks: Sequence[Task]) -> Sequence[Task]:
        """All tasks or none, unless the job gave up gang scheduling."""
        if job.outcome.pending:
            return ()
        seated: list[tuple[Task, Seat]] = []
        for task in tasks:
            role = task.role
            seat = self._occupancy.find(job.vc, role.sku, role.cells, guaranteed=job.guaranteed)
            if seat is None:
                if job.gang:
                    break
                continue
            self._occupancy.take(seat)
            seated.append((task, seat))
        if job.gang and len(seated) < len(tasks):
            for _, seat in seated:
                self._occupancy.give_back(seat)
            return ()
        for task, seat in seated:
            task.pod.seat, task.pod.node = seat, seat.node
            task.pod.address = self._occupancy.hardware.nodes[seat.node].address
            if not job.guaranteed:
                self._guests[task.pod.uid] = (job, task)
        return [task for task, _ in seated]

    def _make_room(self) -> Evicted:
        """Opportunistic containers leave machines that are promised to others."""
        evicted: Evicted = []
        for node in self._occupancy.overfull():
            short = -self._occupancy.free(node)
            for uid, (job, task) in list(self._guests.items()):
                pod = task.pod
                if pod.uid != uid or pod.completed is not None:
                    del self._guests[uid]
                elif pod.node == node and pod.seat is not None and short > 0:
                    short -= pod.seat.cells
                    del self._guests[uid]
                    evicted.append((job, task))
        return evicted

    def _complain(self, job: Job, now: float) -> None:
        """One container of each role says why the job waits."""
        told: set[str] = set()
        for task in job.attempts[-1].tasks:
            if task.pod.waiting and task.role.name not in told:
                told.add(task.role.name)
                self._events.scheduling_failed(job, task, now, len(self._occupancy.hardware.nodes))
