"""What one container does and how its end is reported."""

from bot.demo.openpai.lab.job import Attempt, Job, Pod, Role, Task
from bot.demo.openpai.runs import exits
from bot.demo.openpai.runs.exits import Exit
from bot.demo.openpai.runs.guess import Knowledge, outcome_of
from bot.demo.openpai.runs.outcome import Context, Outcome, Run


def run_of(job: Job, attempt: Attempt, task: Task, pod: Pod, *, known: Knowledge, seed: int) -> Run:
    """The same whenever it is asked, also after a restart."""
    role = task.role
    context = Context(
        user=job.user,
        job=job.name,
        role=role.name,
        index=task.index,
        tries=attempt.index + pod.index,
        image=role.image,
        commands=role.commands,
        gpus=role.gpu,
        node=pod.node or "",
        seed=seed,
    )
    return _outcome(job, role, known).run(context)


def _outcome(job: Job, role: Role, known: Knowledge) -> Outcome:
    """The planned outcome, or what the role's own commands say."""
    if job.planned or role is job.roles[0]:
        return job.outcome
    return outcome_of(job.user, role.image, role.commands, known)


def ending(run: Run, node: str) -> Exit:
    """How a container that ran to its end is reported."""
    code = run.exit
    if code < 0 or code in {250, 251, 252, 253, 254}:
        return exits.platform_exit(code, node)
    return exits.user_exit(code, run.printed(run.seconds))


def log_of(pod: Pod, now: float, stream: str) -> str:
    """What has been written so far; nothing more after the container was taken away."""
    if pod.run is None or pod.launched is None:
        return ""
    until = now if pod.completed is None else pod.completed
    return pod.run.printed(until - pod.launched, stream)
