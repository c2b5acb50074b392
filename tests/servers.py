"""Real servers for tests, private to one test run, on a free port of the loopback."""

import itertools
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ENVIRONMENT = {**os.environ, "LC_ALL": "C.UTF-8"}
"""For programs that would else be lost among names of files in Chinese."""
POSTGRES_HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def missing(what: str) -> None:
    """Skip with a reason, but fail where everything is supposed to be installed."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI=true")
    pytest.skip(f"{what} is not installed")


def left_out(found: object) -> bool:
    """Whether tests are skipped for want of what was looked for: never where everything is installed."""
    return not found and os.environ.get("CI") != "true"


def _own_ports() -> Iterator[int]:
    """A part of them for each worker, begun anywhere, so that no two take the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PARTS
    begin = random.SystemRandom().randrange(PART)  # seeds of `random` are the same in every worker
    return (PORTS + worker * PART + (begin + n) % PART for n in itertools.count())


PORTS, PARTS, PART = 12_000, 8, 2_500
"""Below those that the system gives to connections, and to servers that name no port: what is free now stays so."""
_ports = _own_ports()


def free_port() -> int:
    """Nobody takes it before the server that is told to, nor while that is away for a moment."""
    for port in _ports:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there are always more")


@contextmanager
def answering(words: Sequence[str], url: str) -> Iterator[None]:
    """A program that serves web requests, from its first answer to the end."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(url, server)
            yield
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.02)


def postgres_home() -> Path | None:
    """Where initdb and postgres are; Debian keeps them off the PATH."""
    for home in POSTGRES_HOMES:
        if (home / "initdb").exists():
            return home
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _as_somebody(folder: Path) -> list[str]:
    """initdb and postgres refuse to run as root: give the folder to another user, and become that one."""
    if os.geteuid() != 0:
        return []
    import pwd

    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own; the URL of its empty database `pailot`, user `pailot`, no password."""
    home = postgres_home()
    if home is None:
        missing("PostgreSQL")
        return
    folder = Path(tempfile.mkdtemp(prefix="pailot-pg-"))
    folder.chmod(0o700)
    as_somebody = _as_somebody(folder)
    data, port = folder / "data", free_port()
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}

    def run(*words: str) -> None:
        subprocess.run(
            [*as_somebody, *words], check=True, capture_output=True, env=environment, cwd="/"
        )

    server = None
    try:
        run(
            f"{home}/initdb",
            "--no-sync",
            "--username=pailot",
            "--auth=trust",
            "--encoding=UTF8",
            f"--pgdata={data}",
        )
        server = subprocess.Popen(
            [
                *as_somebody,
                f"{home}/postgres",
                *("-D", str(data), "-p", str(port), "-k", str(folder)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                *("-c", "shared_buffers=16MB", "-c", "log_min_messages=fatal"),
            ],
            env=environment,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"postgresql+psycopg://pailot@127.0.0.1:{port}/pailot"
        _create_database(port, server)
        yield url
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _create_database(port: int, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(
                f"host=127.0.0.1 port={port} user=pailot dbname=postgres", autocommit=True
            ) as connection:
                connection.execute("CREATE DATABASE pailot")
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.05)
