"""Key pairs for logging in to SSH servers, as OpenSSH writes them."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_ssh_private_key,
)

from bot.domain.files.transfers.fetching import KeyPair


def make(comment: str) -> KeyPair:
    return read(
        Ed25519PrivateKey.generate()
        .private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        .decode(),
        comment,
    )


def read(private: str, comment: str) -> KeyPair:
    """The pair that a private key in OpenSSH's form is half of."""
    key = load_ssh_private_key(private.encode(), None).public_key()
    public = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return KeyPair(private, f"{public} {comment}")
