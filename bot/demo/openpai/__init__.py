"""A strict emulator of OpenPAI v1.8.1: rest-server, portal proxy and log server over sockets.

Held to the recorded exchanges by `tests/contracts/test_openpai_emulator.py`. Not emulated: the
login round trip of OIDC, the Azure log server, lost and late writes of the token store, the log
server's own speed limit and its cleaning up, pinned cells, preemption among guaranteed jobs,
events of jobs from before a restart, and Prometheus beyond an instant value per running job (a
better one can be connected as `cluster.prometheus`).
"""

from bot.demo.openpai.emulator import OpenPaiEmulator
from bot.demo.openpai.faults import Fault, Faults
from bot.demo.openpai.lab.job import Job
from bot.demo.openpai.runs.failures import (
    CudaEcc,
    CudaMismatch,
    CudaOutOfMemory,
    DataNotFound,
    FileNotFound,
    HostMemoryKilled,
    IdleGpu,
    ModuleNotFound,
    NanLoss,
    NcclTimeout,
    Segfault,
    Serves,
    ShmTooSmall,
    Traceback,
    Trains,
)
from bot.demo.openpai.runs.imagetest import ImageTest
from bot.demo.openpai.runs.outcome import Outcome
from bot.demo.openpai.runs.surroundings import (
    AptWithoutUpdate,
    CommandNotFound,
    DiskFull,
    Evicted,
    GangTimeout,
    ImageNotFound,
    NetworkDown,
    NfsMountFailed,
    NodeLost,
    PermissionDenied,
    Preempted,
    ReadOnlyMount,
    SlowPull,
    UnboundVariable,
)
from bot.demo.openpai.story import Story
from bot.demo.openpai.wire.gate import Seen
from bot.demo.openpai.wire.limits import Limits

__all__ = [
    "AptWithoutUpdate",
    "CommandNotFound",
    "CudaEcc",
    "CudaMismatch",
    "CudaOutOfMemory",
    "DataNotFound",
    "DiskFull",
    "Evicted",
    "Fault",
    "Faults",
    "FileNotFound",
    "GangTimeout",
    "HostMemoryKilled",
    "IdleGpu",
    "ImageNotFound",
    "ImageTest",
    "Job",
    "Limits",
    "ModuleNotFound",
    "NanLoss",
    "NcclTimeout",
    "NetworkDown",
    "NfsMountFailed",
    "NodeLost",
    "OpenPaiEmulator",
    "Outcome",
    "PermissionDenied",
    "Preempted",
    "ReadOnlyMount",
    "Seen",
    "Segfault",
    "Serves",
    "ShmTooSmall",
    "SlowPull",
    "Story",
    "Traceback",
    "Trains",
    "UnboundVariable",
]
