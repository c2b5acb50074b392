"""Signed tokens of OpenPAI, and the store against which each call checks them."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

_HEADER = {"alg": "HS256", "typ": "JWT"}


def sign(payload: Mapping[str, Any], secret: bytes) -> str:
    body = f"{_pack(_HEADER)}.{_pack(payload)}"
    mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def payload_of(token: str) -> dict[str, Any] | None:
    """What a token says, unverified; None for anything that is no token."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return found if isinstance(found, dict) else None


def verified(token: str, secret: bytes, now: float) -> dict[str, Any] | None:
    payload = payload_of(token)
    if payload is None or not hmac.compare_digest(sign(payload, secret), token):
        return None
    if "exp" in payload and payload["exp"] <= now:
        return None
    return payload


def _pack(value: Mapping[str, Any]) -> str:
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class TokenStore:
    """All valid tokens by user; a forged, revoked or old one is not among them.

    Issue times have a resolution of one second: two tokens of the same second are one string.
    """

    def __init__(self, secret: bytes, lifetime_seconds: int) -> None:
        self.secret = secret
        self.lifetime_seconds = lifetime_seconds
        self.by_user: dict[str, list[str]] = {}

    def issue(self, user: str, now: float, *, application: bool) -> str:
        payload: dict[str, Any] = {
            "username": user,
            "application": application,
            "jobSpecific": False,
            "encodedFrameworkName": "",
            "iat": int(now),
        }
        if not application:
            payload["exp"] = int(now) + self.lifetime_seconds
        token = sign(payload, self.secret)
        kept = [other for other in self.of(user, now) if other != token]
        self.by_user[user] = [*kept, token]
        return token

    def of(self, user: str, now: float) -> list[str]:
        """The user's tokens, expired ones left out."""
        return [
            token
            for token in self.by_user.get(user, [])
            if verified(token, self.secret, now) is not None
        ]

    def check(self, token: str, now: float) -> dict[str, Any] | None:
        payload = verified(token, self.secret, now)
        if payload is None or token not in self.by_user.get(payload.get("username", ""), ()):
            return None
        return payload

    def revoke(self, token: str) -> None:
        for user, tokens in self.by_user.items():
            if token in tokens:
                self.by_user[user] = [other for other in tokens if other != token]

    def revoke_browser(self, user: str) -> None:
        """All but the application tokens, as a change of password does."""
        self.by_user[user] = [
            token
            for token in self.by_user.get(user, [])
            if (payload_of(token) or {}).get("application")
        ]
