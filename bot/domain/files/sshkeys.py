"""Keys of SSH: how one is shown, and a member's own, with what an admin must write on the server for it."""

import base64
import hashlib
from dataclasses import dataclass, field


def fingerprint(key_line: str) -> str:
    """As `ssh-keygen -l` shows it."""
    digest = hashlib.sha256(base64.b64decode(key_line.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class OwnKey:
    """`public` is the line of a public key file, with a comment that names its owner."""

    account: str
    private: str = field(repr=False)
    public: str

    @property
    def admission(self) -> str:
        """The line of `authorized_keys`: file transfer and nothing else, no forwarding, no terminal."""
        return f'restrict,command="internal-sftp" {self.public}'

    def cage(self, root: str) -> str:
        """The lines of `sshd_config` that shut the account in: it sees the data root and nothing else."""
        return (
            f"Match User {self.account}\n    ChrootDirectory {root}\n    ForceCommand internal-sftp"
        )
