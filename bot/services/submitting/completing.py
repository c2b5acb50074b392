"""What a line leaves open, filled from the person's last job, the site and the cluster."""

from dataclasses import dataclass

from bot.domain import names
from bot.domain.errors import UserError
from bot.domain.jobs import Sku, VirtualCluster
from bot.domain.protocol import JobSpec
from bot.domain.runline import RunLine
from bot.services.submitting.drafts import fresh_name
from db import LastChoice


class NoImage(UserError):
    """Neither the line nor the last job nor the site says what the job is to run on."""

    def __init__(self) -> None:
        super().__init__("run-no-image")


@dataclass(frozen=True, slots=True)
class Defaults:
    """The site's own, from the settings; empty or 0 leaves it to the cluster's SKU."""

    image: str = ""
    vc: str = ""
    sku: str = ""
    gpus: int = 1
    cpu_per_gpu: int = 0
    memory_mb_per_gpu: int = 0
    shm_mb: int = 0
    priority: str = ""
    retries: int = 0


def complete(
    line: RunLine,
    last: LastChoice | None,
    site: Defaults,
    skus: tuple[Sku, ...],
    clusters: tuple[VirtualCluster, ...] | None,
) -> tuple[JobSpec, tuple[str, ...]]:
    """Fill what the line leaves open: the person's last job, then the site, then the cluster."""
    inherited: list[str] = []
    image, vc, sku = line.image or "", line.vc or "", line.sku or ""
    if not image and last is not None and last.image:
        image = last.image
        inherited.append("image")
    image = image or site.image
    if not image:
        raise NoImage
    if not vc and last is not None and last.vc:
        vc = last.vc
        inherited.append("vc")
    if not sku and not line.vc and last is not None and last.sku:
        sku = last.sku
        inherited.append("sku")
    vc = vc or site.vc or (clusters[0].name if clusters else "default")
    sku = sku or site.sku
    gpus = site.gpus if line.gpus is None else line.gpus
    cpus, memory_mb = _share(gpus, sku, skus, site)
    name = line.name or fresh_name(_stem(line, image))
    spec = JobSpec(
        name=name,
        image=image,
        command=line.command,
        gpus=gpus,
        cpus=cpus if line.cpus is None else line.cpus,
        memory_mb=memory_mb if line.memory_mb is None else line.memory_mb,
        shm_mb=(site.shm_mb or None) if line.shm_mb is None else line.shm_mb,
        vc=vc,
        sku=sku,
        priority=line.priority or site.priority,
        retries=site.retries if line.retries is None else line.retries,
        note=line.note or "",
        env=line.env,
    )
    return spec, tuple(inherited)


def _stem(line: RunLine, image: str) -> str:
    """Called after its script; a test after its image."""
    if not line.test:
        return names.stem_of(line.command)
    return f"test-{image.partition('@')[0].rpartition('/')[2].partition(':')[0]}"


def _share(gpus: int, sku: str, skus: tuple[Sku, ...], site: Defaults) -> tuple[int, int]:
    """CPUs and host memory (MB) that go with so many GPUs, so that no further cell is taken."""
    cell = next((s for s in skus if s.name == sku), None)
    if cell is None:  # the smallest values of all: that is what OpenPAI counts with then
        sized = [s for s in skus if bool(s.gpus) == bool(gpus)]
        cpus = min((s.cpus // max(1, s.gpus) for s in sized), default=4)
        memory_mb = min((s.memory_mb // max(1, s.gpus) for s in sized), default=8192)
    else:
        cpus, memory_mb = cell.cpus // max(1, cell.gpus), cell.memory_mb // max(1, cell.gpus)
    cpus = site.cpu_per_gpu or cpus
    memory_mb = site.memory_mb_per_gpu or memory_mb
    return cpus * max(1, gpus), memory_mb * max(1, gpus)
