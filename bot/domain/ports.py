"""What services need from the systems around them."""

from datetime import datetime
from typing import Any, Protocol

from bot.domain.jobs import (
    Account,
    ClusterInfo,
    JobDetail,
    JobEvent,
    JobPage,
    JobQuery,
    JobRef,
    Listing,
    LogText,
    Node,
    Sku,
    Storage,
    Task,
    VirtualCluster,
)
from bot.domain.people import Token


class Cluster(Protocol):
    """OpenPAI. Every call may raise Unavailable or Busy; calls with `as_` also TokenRefused."""

    @property
    def portal(self) -> str:
        """Address of the web portal; empty for a bare rest-server, and before the first call."""
        ...

    def yielding(self) -> "Cluster":
        """The same cluster for work that can wait: it leaves half of the calls of a minute to people."""
        ...

    def now(self) -> datetime:
        """The time by OpenPAI's own clock, as its answers tell: ages of jobs are counted by that."""
        ...

    async def info(self) -> ClusterInfo: ...
    async def login(self, user: str, password: str) -> Token:
        """A browser token. Raises WrongLogin; Refused where there is no password login (OIDC)."""
        ...

    async def create_application_token(self, as_: Token) -> Token: ...
    async def revoke(self, token: Token, as_: Token) -> bool:
        """Revoke `token`; `as_` must be a browser token of the same user. Fine if already revoked.

        False: a browser token that somebody else may be using as well, left to expire after its 7 days.
        """
        ...

    async def check(self, secret: str) -> Account:
        """Whose token is this? Raises TokenRefused; retried once after a second (contracts/openpai.md 9b)."""
        ...

    async def account(self, user: str, as_: Token) -> Account: ...
    async def jobs(self, query: JobQuery, as_: Token) -> JobPage: ...
    async def listing(
        self, as_: Token, *, limit: int, offset: int = 0, etag: str = ""
    ) -> Listing | None:
        """Unfinished first, then the newest finished; None when nothing changed since `etag`.

        Jobs whose row has not changed since the last listing are the same objects as then.
        """
        ...

    async def job(self, ref: JobRef, as_: Token) -> JobDetail: ...
    async def attempt(self, ref: JobRef, index: int, as_: Token) -> JobDetail: ...
    async def task_attempts(
        self, ref: JobRef, as_: Token, *, role: str, index: int = 0, job_attempt: int = 0
    ) -> tuple[Task, ...]:
        """Every attempt of one task, the latest first."""
        ...

    async def config(self, ref: JobRef, as_: Token) -> dict[str, Any]: ...

    async def submit(self, protocol: str, as_: Token) -> None:
        """Raises Taken for a used-up name, Refused with OpenPAI's sentence, Denied, Unavailable.

        After Unavailable nobody knows: ask for the job before trying again.
        """
        ...

    async def stop(self, ref: JobRef, as_: Token) -> None: ...
    async def tag(self, ref: JobRef, tag: str, as_: Token) -> None: ...
    async def untag(self, ref: JobRef, tag: str, as_: Token) -> None: ...
    async def events(self, ref: JobRef, as_: Token) -> tuple[JobEvent, ...]: ...
    async def log(
        self,
        ref: JobRef,
        as_: Token,
        *,
        role: str,
        index: int = 0,
        attempt: int = 0,
        job_attempt: int = 0,
        name: str = "all",
        tail: bool = True,
        start: int | None = None,
        max_bytes: int = 1 << 20,
    ) -> LogText:
        """`tail`: the last 16 KiB. `start`: from that byte on. Else from the beginning, `max_bytes` at most.

        To follow a log, ask for `start` = the last answer's `size`. A negative `start` in the answer says
        that the piece begins so many bytes before the current file, in the one it was rotated from.
        Raises NotFound("log", …) before the container started or after the log was cleaned.
        """
        ...

    async def virtual_clusters(self, as_: Token) -> tuple[VirtualCluster, ...]: ...
    async def nodes(self, as_: Token) -> tuple[Node, ...]: ...
    async def skus(self, as_: Token, vc: str = "") -> tuple[Sku, ...]: ...
    async def storages(self, as_: Token) -> tuple[Storage, ...]: ...
