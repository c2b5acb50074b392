"""The machines, their SKUs and who may use which of their cells (HiveD's view)."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sku:
    name: str
    gpu: int
    cpu: int
    memory_mb: int

    def cells(self, gpu: int, cpu: int, memory_mb: int) -> int:
        """How many of these a request takes: the largest of its parts, rounded up."""
        parts = [cpu / self.cpu, memory_mb / self.memory_mb]
        if self.gpu:
            parts.append(gpu / self.gpu)
        return math.ceil(max(parts))


@dataclass(frozen=True, slots=True)
class Node:
    name: str
    address: str
    sku: Sku
    cells: int

    @property
    def gpus(self) -> int:
        return self.cells * self.sku.gpu


@dataclass(frozen=True, slots=True)
class Hardware:
    """`shares`: virtual cluster → node → cells it owns there."""

    nodes: Mapping[str, Node]
    shares: Mapping[str, Mapping[str, int]]

    @property
    def skus(self) -> dict[str, Sku]:
        return {node.sku.name: node.sku for node in self.nodes.values()}

    @property
    def gpus(self) -> int:
        return sum(node.gpus for node in self.nodes.values())

    def vc_skus(self, vc: str) -> dict[str, int]:
        """SKU name → cells of the virtual cluster."""
        found: dict[str, int] = defaultdict(int)
        for name, cells in self.shares.get(vc, {}).items():
            found[self.nodes[name].sku.name] += cells
        return dict(found)


def recorded_lab() -> Hardware:
    """The cluster of the recorded answers: 8 V100, 8 A100 and 8 CPU cells on four machines."""
    v100, a100 = Sku("V100", 1, 6, 57344), Sku("A100", 1, 12, 122880)
    cpu = Sku("CPU", 0, 1, 8192)
    nodes = [
        Node("worker-gpu-1", "127.0.10.1", v100, 4),
        Node("worker-gpu-2", "127.0.10.2", v100, 4),
        Node("worker-gpu-3", "127.0.10.3", a100, 8),
        Node("worker-cpu-1", "127.0.10.4", cpu, 8),
    ]
    return Hardware(
        nodes={node.name: node for node in nodes},
        shares={
            "default": {"worker-gpu-1": 4},
            "research": {"worker-gpu-2": 4, "worker-gpu-3": 8},
            "cpu": {"worker-cpu-1": 8},
        },
    )


def without_hived(hardware: Hardware) -> Hardware:
    """The default scheduler knows one virtual cluster that owns everything."""
    whole = {name: node.cells for name, node in hardware.nodes.items()}
    return Hardware(nodes=hardware.nodes, shares={"default": whole})


@dataclass(frozen=True, slots=True)
class Seat:
    """Cells given to one container; an opportunistic one uses no share of its cluster."""

    vc: str
    node: str
    cells: int
    guaranteed: bool


@dataclass(slots=True)
class Occupancy:
    """Which cells are taken, by seat."""

    hardware: Hardware
    down: set[str] = field(default_factory=set)
    shared: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    opportunistic: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def find(self, vc: str, sku: str | None, cells: int, *, guaranteed: bool) -> Seat | None:
        """A machine on which one container fits, or None: the fullest, for a guest the emptiest.

        A guaranteed container does not see opportunistic ones: they make room.
        """
        best: tuple[int, str] | None = None
        for name, owned in self._candidates(vc, guaranteed=guaranteed):
            node = self.hardware.nodes[name]
            if name in self.down or (sku is not None and node.sku.name != sku):
                continue
            free = owned - self.shared[vc, name] if guaranteed else self.free(name)
            rank = free if guaranteed else -free
            if free >= cells and (best is None or rank < best[0]):
                best = (rank, name)
        return None if best is None else Seat(vc, best[1], cells, guaranteed)

    def _candidates(self, vc: str, *, guaranteed: bool) -> Iterator[tuple[str, int]]:
        if guaranteed:
            yield from self.hardware.shares.get(vc, {}).items()
        else:
            yield from ((name, node.cells) for name, node in self.hardware.nodes.items())

    def take(self, seat: Seat) -> None:
        if seat.guaranteed:
            self.shared[seat.vc, seat.node] += seat.cells
        else:
            self.opportunistic[seat.node] += seat.cells

    def give_back(self, seat: Seat) -> None:
        if seat.guaranteed:
            self.shared[seat.vc, seat.node] -= seat.cells
        else:
            self.opportunistic[seat.node] -= seat.cells

    def used(self, node: str) -> int:
        guaranteed = sum(cells for (_, name), cells in self.shared.items() if name == node)
        return guaranteed + self.opportunistic[node]

    def free(self, node: str) -> int:
        return self.hardware.nodes[node].cells - self.used(node)

    def overfull(self) -> list[str]:
        """Machines on which opportunistic containers must make room."""
        return [name for name in self.hardware.nodes if self.free(name) < 0]
