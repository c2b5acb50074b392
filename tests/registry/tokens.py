"""A token service like Harbor's, whose RS256 tokens the real registry verifies by itself."""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

ISSUER, SERVICE = "harbor-token-issuer", "harbor-registry"


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class TokenService:
    """`rights` maps user → actions; anonymous people are the empty user."""

    folder: Path
    passwords: dict[str, str]
    rights: dict[str, tuple[str, ...]]
    lives_seconds: int = 1800
    asked: list[tuple[str, str]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(self._key, hashes.SHA256())
        )
        self.certificate = self.folder / "cert.pem"
        self.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        words = base64.b32encode(hashlib.sha256(der).digest()[:30]).decode()
        self._id = ":".join(words[i : i + 4] for i in range(0, len(words), 4))

    def auth(self, url: str) -> str:
        """The registry's `auth:` section."""
        return (
            f"  token: {{realm: '{url}/service/token', service: {SERVICE}, issuer: {ISSUER},"
            f" rootcertbundle: {self.certificate}}}\n"
        )

    async def handle(self, request: web.Request) -> web.Response:
        self.methods.append(request.method)
        if request.method != "GET":
            return web.Response(status=405)
        if request.query.get("service") != SERVICE:
            return web.Response(status=400)
        user = self._user(request.headers.get("Authorization", ""))
        scopes = [word for each in request.query.getall("scope", []) for word in each.split()]
        self.asked.append((user, " ".join(scopes)))
        if not scopes and not user:
            return web.Response(status=401)
        allowed = self.rights.get(user, ())
        access = []
        for scope in scopes:
            kind, name, actions = scope.split(":")
            granted = [action for action in actions.split(",") if action in allowed]
            access.append({"type": kind, "name": name, "actions": granted})
        return web.json_response(
            {
                "token": self._signed(user, access),
                "access_token": "",
                "expires_in": self.lives_seconds,
                "issued_at": datetime.now(UTC).isoformat(),
            }
        )

    def _user(self, header: str) -> str:
        if not header.startswith("Basic "):
            return ""
        user, _, password = base64.b64decode(header[6:]).decode().partition(":")
        return user if self.passwords.get(user) == password else ""

    def _signed(self, user: str, access: list[dict]) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": user,
            "aud": SERVICE,
            "exp": now + self.lives_seconds,
            "nbf": now - 5,
            "iat": now,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        head = {"alg": "RS256", "typ": "JWT", "kid": self._id}
        text = f"{_b64(json.dumps(head).encode())}.{_b64(json.dumps(claims).encode())}"
        return f"{text}.{_b64(self._key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
