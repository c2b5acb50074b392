"""Short ids that nobody can guess, made of letters and digits: they travel in callback data and links."""

import os

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHARACTERS = 16


def base62(raw: bytes) -> str:
    """The first 16 digits of these bytes; give 16 bytes or more."""
    number = int.from_bytes(raw)
    digits = []
    for _ in range(CHARACTERS):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    return "".join(digits)


def random_id() -> str:
    return base62(os.urandom(CHARACTERS))
