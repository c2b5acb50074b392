"""The bots that are measured, each in a process of its own."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

from cryptography.fernet import Fernet

PEERS = Path(__file__).parent / "peers"
HOME = Path(".bench")
PINS = (
    "aiogram==3.31.0",
    "python-telegram-bot==22.8",
    "aiohttp==3.14.5",
    "asyncssh==2.24.1",
    "paramiko==5.1.0",
)
TOKEN = "7000001:bench-token-bench-token-bench-token"
COMMAND = "/help gpu"


def peers_python() -> str:
    """A Python with the peers in it, made at the first run."""
    home = HOME / "venv"
    python = home / "bin" / "python"
    stamp = home / ".pins"
    if not stamp.exists() or stamp.read_text() != "\n".join(PINS):
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PINS], check=True)
        stamp.write_text("\n".join(PINS))
    return str(python)


@contextlib.contextmanager
def running(name: str, url: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The bot of this name at work against `url`; its database is thrown away afterwards."""
    HOME.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HOME) as folder:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PAILOT_")}
        if name == "pailot":
            environ |= environment(url, Path(folder).resolve()) | settings
            command = [sys.executable, "-m", "bot", "run"]
        else:
            command = [peers_python(), str(PEERS / f"{name}_bot.py"), url]
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
            try:
                yield process
            finally:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(10)
                process.kill()
                process.wait()


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "PAILOT_TELEGRAM__TOKEN": TOKEN,
        "PAILOT_TELEGRAM__API_URL": url,
        "PAILOT_TELEGRAM__PACE": "off",
        "PAILOT_OPENPAI__URL": "http://127.0.0.1:9",
        "PAILOT_OPENPAI__POLL_SECONDS": "60s",
        "PAILOT_SECRETS__KEYS": Fernet.generate_key().decode(),
        "PAILOT_DATABASE__URL": f"sqlite:///{folder}/pailot.db",
        "PAILOT_WEB__PORT": "0",
        # Nobody answers there: a test asks no registry outside.
        "PAILOT_REGISTRIES": '[{"name":"hub","url":"http://127.0.0.1:9","mirror_of":"docker.io"}]',
        "PAILOT_SITE__LANGUAGE": "en",
    }


def memory_mib(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """What all threads of a process have used, to the nanosecond."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
