"""The cluster as a whole: what is free, and where."""

import asyncio
from dataclasses import dataclass

from bot.domain.errors import UserError
from bot.domain.jobs import JobQuery, JobState, Node, VirtualCluster
from bot.domain.people import Person, Token
from bot.domain.ports import Cluster
from bot.services.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Gpus:
    """`nodes` is empty when the cluster did not tell. `waiting` counts jobs, not GPUs."""

    clusters: tuple[VirtualCluster, ...]
    nodes: tuple[Node, ...]
    waiting: int | None

    @property
    def free(self) -> int:
        return sum(vc.gpus_free for vc in self.clusters)

    @property
    def most_on_one_node(self) -> int:
        """The largest job without going over several machines."""
        return max((node.gpus_free for node in self.nodes), default=0)


class ClusterViews:
    def __init__(self, cluster: Cluster, tokens: Tokens) -> None:
        self._cluster = cluster
        self._tokens = tokens

    async def gpus(self, person: Person | None) -> Gpus:
        """Free and used GPUs; with the person's own token when one asks who has one."""
        if person is not None and person.openpai_user:
            return await self._gpus(await self._tokens.of(person))
        return await self._tokens.anybody(self._gpus)

    async def _gpus(self, token: Token) -> Gpus:
        clusters, nodes, waiting = await asyncio.gather(
            self._cluster.virtual_clusters(token), self._nodes(token), self._waiting(token)
        )
        return Gpus(clusters, nodes, waiting)

    async def _nodes(self, token: Token) -> tuple[Node, ...]:
        try:
            return await self._cluster.nodes(token)
        except UserError:  # the view is still worth having without them
            return ()

    async def _waiting(self, token: Token) -> int | None:
        query = JobQuery(states=(JobState.WAITING,), limit=0)
        try:
            return (await self._cluster.jobs(query, token)).total
        except UserError:
            return None
