"""What Kubernetes tells about a job's containers, newest first."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bot.demo.openpai.lab.job import Job, Pod, Task


@dataclass(slots=True)
class Event:
    uid: str
    pod: str
    role: str
    index: int
    kind: str
    reason: str
    message: str
    first: float
    last: float
    count: int
    component: str
    host: str | None

    def json(self, job_id: str) -> dict[str, Any]:
        return {
            "uid": self.uid,
            "frameworkName": job_id,
            "podUid": self.pod,
            "taskroleName": self.role,
            "taskName": f"{job_id}-{self.role}-{self.index}",
            "taskIndex": self.index,
            "type": self.kind,
            "reason": self.reason,
            "message": self.message,
            "firstTimestamp": iso(self.first),
            "lastTimestamp": iso(self.last),
            "count": self.count,
            "sourceComponent": self.component,
            "sourceHost": self.host,
        }


@dataclass(slots=True)
class EventLog:
    """Repeated events are counted, as Kubernetes does."""

    by_job: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    made: int = 0

    def of(self, job: Job, kind: str | None = None) -> list[Event]:
        found = self.by_job.get(job.id, [])
        return [event for event in reversed(found) if kind in (None, event.kind)]

    def scheduling_failed(self, job: Job, task: Task, now: float, nodes: int) -> None:
        self._add(
            job,
            task,
            now,
            kind="Warning",
            reason="FailedScheduling",
            message=f"0/{nodes} nodes are available: {nodes} Pod is waiting for preemptible or free"
            f" resource to appear: insufficient capacity in VC {job.vc}.",
            component=f"hivedscheduler-ds-{job.vc}",
            host=None,
        )

    def scheduled(self, job: Job, task: Task, now: float) -> None:
        node = task.pod.node
        self._add(
            job,
            task,
            now,
            kind="Normal",
            reason="Scheduled",
            message=f"Successfully assigned default/{job.id}-{task.role.name}-{task.index} to {node}",
            component="default-scheduler",
            host=node,
        )

    def kubelet(
        self, job: Job, task: Task, now: float, reason: str, message: str, *, kind: str = "Normal"
    ) -> None:
        self._add(
            job,
            task,
            now,
            kind=kind,
            reason=reason,
            message=message,
            component="kubelet",
            host=task.pod.node,
        )

    def _add(
        self,
        job: Job,
        task: Task,
        now: float,
        *,
        kind: str,
        reason: str,
        message: str,
        component: str,
        host: str | None,
    ) -> None:
        pod: Pod = task.pod
        for event in self.by_job[job.id]:
            if event.pod == pod.uid and event.reason == reason and event.message == message:
                event.last = now
                event.count += 1
                return
        self.made += 1
        self.by_job[job.id].append(
            Event(
                uid=str(UUID(int=self.made + (4 << 76) + (8 << 60))),
                pod=pod.uid,
                role=task.role.name,
                index=task.index,
                kind=kind,
                reason=reason,
                message=message,
                first=now,
                last=now,
                count=1,
                component=component,
                host=host,
            )
        )


def iso(at: float) -> str:
    """Whole seconds, written as the database gives them."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
