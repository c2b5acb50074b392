"""Web servers on the loopback for transfers: files, redirects, slow ones, and a record of who came."""

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote


@dataclass
class Website:
    """`files` are served by path; `redirects` send elsewhere; what lies in `folder` is served too."""

    port: int
    address: str
    folder: Path | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    visits: list[tuple[str, str, str]] = field(default_factory=list)
    """(method, path, Authorization)"""
    gate: threading.Event = field(default_factory=threading.Event)
    """`/slow` sends its second half only when this is set."""

    def gets(self) -> list[str]:
        return [path for method, path, _ in self.visits if method == "GET"]


def _handler(site_of: dict[str, Website]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, *, body: bool) -> None:
            site = site_of["site"]
            path = unquote(self.path.partition("?")[0])
            site.visits.append((self.command, self.path, self.headers.get("Authorization", "")))
            if path in site.redirects:
                self.send_response(302)
                self.send_header("Location", site.redirects[path])
                self.end_headers()
                return
            data = site.files.get(path)
            if data is None and site.folder is not None:
                found = site.folder / path.lstrip("/")
                data = found.read_bytes() if found.is_file() else None
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            if not path.startswith("/endless"):
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if not body:
                return
            try:
                self._send(site, path, data)
            except OSError:
                return

        def _send(self, site: Website, path: str, data: bytes) -> None:
            if path.startswith("/slow"):
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                site.gate.wait(30)
                self.wfile.write(data[len(data) // 2 :])
            elif path.startswith("/endless"):
                while not site.gate.is_set():
                    self.wfile.write(data)
            else:
                self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    return Handler


class _OverIPv6(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def website(
    address: str = "127.0.0.1", folder: Path | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[Website]:
    holder: dict[str, Website] = {}
    kind = _OverIPv6 if ":" in address else http.server.ThreadingHTTPServer
    server = kind((address, 0), _handler(holder))
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    holder["site"] = site = Website(server.server_address[1], address, folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, bytes]:
    """A server's context with a certificate that signs itself, and that certificate."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "tls.pem").write_bytes(private + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    return context, pem
