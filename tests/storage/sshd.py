"""Debian's own OpenSSH server, private to one test run: own keys, own accounts, on a free port of the loopback.

Its accounts are told to it alone, by files mounted over /etc/passwd in a mount namespace of its own.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import servers

PLAIN, PLAIN_UID = "plain", 64101
CAGED, CAGED_UID = "caged", 64102
LOOSE, LOOSE_UID = "loose", 64103
JOBS_UID = 65534
"""As which jobs write: an export maps root to nobody."""
GROUP_ID = 64100

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host_ed25519
HostKey {home}/host_rsa
PidFile none
AuthorizedKeysFile {home}/keys/%u
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
LogLevel ERROR
Subsystem sftp internal-sftp
Match User caged
  ChrootDirectory /mnt
  ForceCommand internal-sftp
Match User loose
  ForceCommand internal-sftp
"""
NAMESPACE = """
mkdir -p /run/sshd
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/shadow" /etc/shadow
mount --bind "$1/group" /etc/group
mount --bind "$1/hosts" /etc/hosts
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || mount --bind "$1/ca" /etc/ssl/certs/ca-certificates.crt
mount -t tmpfs -o size=3m,nr_inodes=60,uid=64101,gid=64100,mode=2775 small "$1/small"
mount -t tmpfs -o size=3m,uid=64102,gid=64100,mode=2775 small "$1/cage/small"
mount --rbind "$1/cage" /mnt  # a cage's parents must be root's alone, which /tmp is not
exec /usr/sbin/sshd -D -e -f "$1/config"
"""


@dataclass(slots=True)
class Sshd:
    """`data` is the data root of the account with a shell; the caged one sees `cage` as `/`."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def cage(self) -> Path:
        return self.home / "cage"

    def knows(self, name: str, address: str) -> None:
        """A host name that only this server can resolve; the same again means another address."""
        hosts = self.home / "hosts"
        lines = [line for line in hosts.read_text().splitlines() if line.split()[-1:] != [name]]
        hosts.write_text("\n".join([*lines, f"{address} {name}"]) + "\n")

    def trusts(self, certificate: bytes) -> None:
        """A certificate that programs on this server take for a good one."""
        with (self.home / "ca").open("ab") as bundle:
            bundle.write(certificate)

    @property
    def key_file(self) -> str:
        return str(self.home / "client")

    def host_key(self, kind: str = "ed25519") -> str:
        return " ".join((self.home / f"host_{kind}.pub").read_text().split()[:2])

    def fingerprint(self, kind: str = "ed25519") -> str:
        line = ["ssh-keygen", "-l", "-f", str(self.home / f"host_{kind}.pub")]
        return subprocess.run(line, capture_output=True, text=True, check=True).stdout.split()[1]

    def start(self) -> None:
        line = ["unshare", "-m", "sh", "-ec", NAMESPACE, "sh", str(self.home)]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(line, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError((self.home / "log").read_text()) from None
                time.sleep(0.02)

    def stop(self) -> None:
        """The listener and every session of it."""
        if self.process is None:
            return
        for pid in [*_children(self.process.pid), self.process.pid]:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                continue
        self.process.wait()
        self.process = None


def _children(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        try:
            tasks = Path(f"/proc/{waiting.pop()}/task")
            below = [
                int(child)
                for task in tasks.iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        found += below
        waiting += below
    return found


@contextmanager
def running() -> Iterator[Sshd]:
    if not Path("/usr/sbin/sshd").exists():
        servers.missing("openssh-server")
    if os.geteuid() != 0:
        pytest.skip("an SSH server with several accounts needs root")
    tried = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    if tried.returncode:
        pytest.skip("no mount namespaces here: the server's accounts can't be made up")
    home = Path(tempfile.mkdtemp(prefix="pailot-sshd-"))
    sshd = Sshd(home, servers.free_port())
    try:
        _furnish(sshd)
        sshd.start()
        yield sshd
    finally:
        sshd.stop()
        shutil.rmtree(home, ignore_errors=True)


def _furnish(sshd: Sshd) -> None:
    home = sshd.home
    home.chmod(0o755)
    for kind in ("ed25519", "rsa"):
        _keygen(kind, home / f"host_{kind}")
    _keygen("ed25519", home / "client")
    (home / "keys").mkdir()
    passwd, shadow = Path("/etc/passwd").read_text(), ""
    for user, uid in ((PLAIN, PLAIN_UID), (CAGED, CAGED_UID), (LOOSE, LOOSE_UID)):
        passwd += f"{user}:x:{uid}:{GROUP_ID}::/nonexistent:/bin/sh\n"
        shadow += f"{user}:*:19000:0:99999:7:::\n"
        shutil.copyfile(home / "client.pub", home / "keys" / user)
    if "\nsshd:" not in passwd:
        passwd += "sshd:x:64199:65534::/run/sshd:/usr/sbin/nologin\n"
    (home / "passwd").write_text(passwd)
    (home / "shadow").write_text(shadow)
    (home / "hosts").write_text(Path("/etc/hosts").read_text())
    known = Path("/etc/ssl/certs/ca-certificates.crt")
    (home / "ca").write_bytes(known.read_bytes() if known.exists() else b"")
    (home / "group").write_text(Path("/etc/group").read_text() + f"store:x:{GROUP_ID}:\n")
    (home / "config").write_text(CONFIG.format(port=sshd.port, home=home))
    for small in (home / "small", sshd.cage / "small"):
        small.mkdir(parents=True)
    for folder, uid in ((sshd.data, PLAIN_UID), (sshd.cage / "data", CAGED_UID)):
        folder.mkdir(parents=True)
        os.chown(folder, uid, GROUP_ID)
        folder.chmod(0o2775)


def _keygen(kind: str, path: Path) -> None:
    bits = ["-b", "2048"] if kind == "rsa" else []
    line = ["ssh-keygen", "-q", "-t", kind, *bits, "-N", "", "-C", "", "-f", str(path)]
    subprocess.run(line, check=True)
