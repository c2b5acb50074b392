"""The ways jobs fail in a GPU lab, each with the log a person would see."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.openpai.runs.outcome import Context, Outcome
from bot.demo.openpai.runs.training import Loss


def script_of(context: Context) -> str:
    """The person's own script, for the frames of a traceback."""
    for command in context.commands:
        for word in command.split():
            if word.endswith(".py"):
                return word
    return "/mnt/train.py"


def frames(context: Context, source: str, *rest: str) -> Sequence[str]:
    script = script_of(context)
    return (
        "Traceback (most recent call last):",
        f'  File "{script}", line 118, in <module>',
        "    main(parse_args())",
        f'  File "{script}", line 87, in main',
        f"    {source}",
        *rest,
    )


@dataclass(frozen=True, slots=True)
class Trains(Outcome):
    """The ordinary case: trains for a while and succeeds."""

    trains: bool = True


@dataclass(frozen=True, slots=True)
class NanLoss(Trains):
    """The loss becomes NaN, and still the job succeeds: no failure at all."""

    loss: Loss = "nan"


@dataclass(frozen=True, slots=True)
class IdleGpu(Trains):
    """Trains for a while, then holds its GPUs without using them."""

    runs_seconds: float = 4 * 3600.0
    gpu_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Serves(Outcome):
    """An interactive job: runs until somebody stops it."""

    runs_seconds: float = 7 * 24 * 3600.0
    log: Sequence[str] = ("Serving on 0.0.0.0", "Use Control-C to stop this server")
    gpu_percent: float = 3.0


@dataclass(frozen=True, slots=True)
class Traceback(Trains):
    """A mistake in the person's own code."""

    after: float | None = 9.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "optimizer = build_optimizer(model, config['optimizer'])",
            "KeyError: 'optimizer'",
        )


@dataclass(frozen=True, slots=True)
class CudaOutOfMemory(Trains):
    after: float | None = 12.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "loss.backward()",
            '  File "/opt/conda/lib/python3.8/site-packages/torch/_tensor.py", line 396, in backward',
            "    torch.autograd.backward(self, gradient, retain_graph, create_graph, inputs=inputs)",
            "RuntimeError: CUDA out of memory. Tried to allocate 1.50 GiB (GPU 0; 31.75 GiB total"
            " capacity; 28.94 GiB already allocated; 1.02 GiB free; 29.61 GiB reserved in total"
            " by PyTorch) If reserved memory is >> allocated memory try setting max_split_size_mb"
            " to avoid fragmentation.",
        )


@dataclass(frozen=True, slots=True)
class HostMemoryKilled(Trains):
    """Out of host memory: -1200 as Docker reports it; `exit=137` when only the signal is seen."""

    after: float | None = 15.0
    exit: int = -1200

    def words(self, context: Context) -> Sequence[str]:
        return ("Killed",) if self.exit > 0 else ()


@dataclass(frozen=True, slots=True)
class ShmTooSmall(Trains):
    after: float | None = 8.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return (
            (
                "ERROR: Unexpected bus error encountered in worker. This might be caused by"
                " insufficient shared memory (shm)."
            ),
            *frames(
                context,
                "for images, targets in loader:",
                "RuntimeError: DataLoader worker (pid 214) is killed by signal: Bus error."
                " It is possible that dataloader's workers are out of shared memory. Please try"
                " to raise your shared memory limit.",
            ),
        )


@dataclass(frozen=True, slots=True)
class FileNotFound(Outcome):
    """The script's path does not exist inside the container."""

    after: float | None = 2.0
    exit: int = 2

    def words(self, context: Context) -> Sequence[str]:
        return (
            f"python: can't open file '{script_of(context)}': [Errno 2] No such file or directory",
        )


@dataclass(frozen=True, slots=True)
class DataNotFound(Outcome):
    """The script starts, but its data are not where it looks."""

    after: float | None = 4.0
    exit: int = 1
    path: str = "/mnt/data/train.txt"

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "samples = open(args.data).readlines()",
            f"FileNotFoundError: [Errno 2] No such file or directory: '{self.path}'",
        )


@dataclass(frozen=True, slots=True)
class ModuleNotFound(Outcome):
    after: float | None = 2.0
    exit: int = 1
    module: str = "timm"

    def words(self, context: Context) -> Sequence[str]:
        return (
            "Traceback (most recent call last):",
            f'  File "{script_of(context)}", line 4, in <module>',
            f"    import {self.module}",
            f"ModuleNotFoundError: No module named '{self.module}'",
        )


@dataclass(frozen=True, slots=True)
class CudaMismatch(Outcome):
    after: float | None = 3.0
    exit: int = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "model.cuda()",
            "RuntimeError: The NVIDIA driver on your system is too old: CUDA driver version is"
            " insufficient for CUDA runtime version",
        )


@dataclass(frozen=True, slots=True)
class Segfault(Trains):
    after: float | None = 10.0
    exit: int = 139

    def words(self, context: Context) -> Sequence[str]:
        return (
            f"bash: line 9:    51 Segmentation fault      (core dumped) python {script_of(context)}",
        )


@dataclass(frozen=True, slots=True)
class NcclTimeout(Trains):
    after: float | None = 20.0
    exit: int = 134

    def words(self, context: Context) -> Sequence[str]:
        return (
            (
                "[E ProcessGroupNCCL.cpp:737] [Rank 1] Watchdog caught collective operation timeout:"
                " WorkNCCL(OpType=ALLREDUCE, Timeout(ms)=1800000) ran for 1803482 milliseconds before"
                " timing out."
            ),
            "terminate called after throwing an instance of 'std::runtime_error'",
            "  what():  [Rank 1] NCCL operation timed out",
        )


@dataclass(frozen=True, slots=True)
class CudaEcc(Trains):
    """A broken GPU; the platform tries again elsewhere without being asked."""

    after: float | None = 6.0
    exit: int = 1
    fails_first: int | None = 1

    def words(self, context: Context) -> Sequence[str]:
        return frames(
            context,
            "loss.backward()",
            "RuntimeError: CUDA_ERROR_ECC_UNCORRECTABLE: uncorrectable ECC error encountered",
        )
