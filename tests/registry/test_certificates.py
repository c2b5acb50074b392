"""Registries with a certificate of the lab's own: trusted by its CA file, by `insecure`, or not at all."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from yarl import URL

from bot.domain.errors import Unavailable
from bot.domain.images.manifest import OCI_MANIFEST
from bot.domain.images.ports import ANONYMOUS
from bot.domain.images.reference import Reference
from bot.harbor.client import Harbor
from bot.registry.client import RegistryClient
from bot.registry.places import Place


def certificate(folder, name="lab"):
    """A self-signed certificate for the loopback, which is its own CA; its file and a server's context."""
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
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, secret)
    return str(file), context


async def answer(request):
    if request.path == "/api/version":
        return web.json_response({"version": "v2.0"})
    if request.path.startswith("/api/"):
        return web.json_response({"auth_mode": "db_auth"})
    return web.Response(headers={"Content-Type": OCI_MANIFEST})


@pytest.fixture
async def guarded(tmp_path):
    """An https server with the lab's own certificate: its address and the CA's file."""
    file, context = certificate(tmp_path)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    yield f"https://127.0.0.1:{runner.addresses[0][1]}", file
    await runner.cleanup()


async def test_the_labs_own_authority_is_trusted_by_its_file(guarded, session, tmp_path):
    url, file = guarded
    assert (await Harbor(session, url, ca_file=file).info()).auth_mode == "db_auth"
    place = Place("lab", URL(url), ca_file=file)
    image = Reference(place.host, "lab/x", "v1")
    assert (await RegistryClient(session, [place]).look(image, ANONYMOUS)).media_type
    other, _ = certificate(tmp_path, "other")
    with pytest.raises(Unavailable) as refused:
        await Harbor(session, url, ca_file=other).info()
    assert "certificate" in refused.value.detail


async def test_the_file_comes_on_top_of_what_the_system_trusts(
    guarded, session, tmp_path, monkeypatch
):
    """A Harbor of the lab's own authority may keep its blobs, or its token service, at a public one."""
    url, file = guarded
    other, _ = certificate(tmp_path, "other")
    monkeypatch.setenv("SSL_CERT_FILE", file)
    assert (await Harbor(session, url, ca_file=other).info()).auth_mode == "db_auth"
    place = Place("lab", URL(url), ca_file=other)
    image = Reference(place.host, "lab/x", "v1")
    assert (await RegistryClient(session, [place]).look(image, ANONYMOUS)).media_type


async def test_without_it_nothing_is_sent_unless_the_settings_say_insecure(guarded, session):
    url, _ = guarded
    with pytest.raises(Unavailable) as refused:
        await Harbor(session, url).info()
    assert "certificate" in refused.value.detail
    image = Reference(Place("lab", URL(url)).host, "lab/x", "v1")
    with pytest.raises(Unavailable) as refused:
        await RegistryClient(session, [Place("lab", URL(url))]).look(image, ANONYMOUS)
    assert "certificate" in refused.value.detail
    open_minded = RegistryClient(session, [Place("lab", URL(url), insecure=True)])
    assert (await open_minded.look(image, ANONYMOUS)).media_type
