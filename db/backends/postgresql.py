"""PostgreSQL: every call a serializable transaction of its own, tried again when it collided."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from db.backends.work import Call, DatabaseRefused

TRIES = 12
OPTIMISTIC_TRIES = 2
CONNECT_SECONDS = 10

COLLISIONS = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)

_one_at_a_time = threading.Lock()
"""Held by a call that collided before: this process stops competing with itself."""


def make_engine(url: URL, *, isolation: str = "SERIALIZABLE", read_only: bool = False) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        poolclass=NullPool,
        hide_parameters=True,  # they would stand in errors, and those in logs
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "pailot"},
    )
    return engine.execution_options(isolation_level=isolation, postgresql_readonly=read_only)


def original(error: BaseException) -> BaseException:
    return error.orig or error if isinstance(error, DBAPIError) else error


def refusal(error: BaseException) -> BaseException:
    cause = original(error)
    if isinstance(cause, psycopg.OperationalError | psycopg.InternalError):
        refused = DatabaseRefused(str(cause).strip())
        refused.__cause__ = error
        return refused
    return error


class Connected:
    """One thread's connection, made again after it broke."""

    def __init__(self, engine: Engine, make: Callable[[Connection], Any]) -> None:
        self._engine = engine
        self._make = make
        self._core: Connection | None = None
        self._uow: Any = None

    def run(self, calls: list[Call]) -> None:
        for call in calls:
            if call.wanted:
                self._run(call)

    def _run(self, call: Call) -> None:
        for attempt in range(1, TRIES + 1):
            call.error = None
            used = self._core is not None
            committing = False
            try:
                core = self._connect()
                if attempt > OPTIMISTIC_TRIES:
                    _one_at_a_time.acquire()
                try:
                    with core.begin():
                        call.value = call.work(self._uow)
                        committing = True
                finally:
                    if attempt > OPTIMISTIC_TRIES:
                        _one_at_a_time.release()
            except BaseException as error:
                call.error = refusal(error)
                broken = self._drop_if_broken()
                if isinstance(original(error), COLLISIONS):
                    time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 5)))
                    continue
                if broken and used and not committing:
                    continue  # the server ended an idle connection, and nothing was done yet
            return

    def _connect(self) -> Connection:
        if self._core is None:
            self._core = self._engine.connect()
            self._uow = self._make(self._core)
        return self._core

    def _drop_if_broken(self) -> bool:
        core = self._core
        if core is None:
            return False
        driver: Any = None if core.invalidated else core.connection.driver_connection
        if driver is not None and not driver.closed:
            return False
        self._core = self._uow = None
        core.invalidate()
        core.close()
        return True

    def close(self) -> None:
        if self._core is not None:
            self._core.close()
