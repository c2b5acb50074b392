"""A proxy from settings is used for Telegram, and only that one."""

import asyncio
import datetime as dt
import ipaddress
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.chat.exchange.request import AiohttpRequest, make_bot
from bot.chat.exchange.telegram_errors import NotSent
from bot.settings.addresses import proxy_url
from tests.chat.bot_api import TOKEN, a_bot, only_me, serving
from tests.chat.proxies import http_proxy, socks_proxy


@pytest.fixture
def closed_port(unused_tcp_port: int) -> int:
    return unused_tcp_port


async def test_an_http_proxy_is_used_for_plain_addresses_with_its_password() -> None:
    async with (
        serving(only_me) as url,
        http_proxy(login="ann:p@ss") as proxy,
        make_bot(TOKEN, url, proxy=f"http://ann:p%40ss@127.0.0.1:{proxy.port}") as bot,
    ):
        await bot.get_me()

    assert proxy.asked
    assert all(asked.startswith("POST 127.0.0.1:") for asked in proxy.asked)


async def test_an_http_proxy_is_asked_to_connect_for_https(certificate: Path) -> None:
    server, client = (
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        ssl.create_default_context(cafile=certificate),
    )
    server.load_cert_chain(certificate)
    async with (
        serving(only_me, server) as url,
        http_proxy(login="ann:secret") as proxy,
        make_bot(TOKEN, url, proxy=f"http://ann:secret@127.0.0.1:{proxy.port}", tls=client),
    ):
        pass

    assert proxy.asked == [f"CONNECT {url.removeprefix('https://')}"]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_socks_proxy_resolves_the_name_itself(scheme: str) -> None:
    """Settings know one kind of SOCKS: behind a firewall the names resolved here are often forged."""
    written = proxy_url(f"{scheme}://ann:secret@127.0.0.1:1080").get_secret_value()
    async with (
        serving(only_me) as url,
        socks_proxy(login="ann:secret") as proxy,
        make_bot(
            TOKEN,
            url.replace("127.0.0.1", "localhost"),
            proxy=written.replace(":1080", f":{proxy.port}"),
        ),
    ):
        pass

    assert proxy.asked
    assert all(asked.startswith("name localhost:") for asked in proxy.asked)


@pytest.mark.parametrize("kind", [http_proxy, socks_proxy])
async def test_a_proxy_that_refuses_means_not_sent(kind: Any, certificate: Path) -> None:
    client = ssl.create_default_context(cafile=certificate)
    scheme = "http" if kind is http_proxy else "socks5"
    async with kind() as proxy:
        proxy.refusing = True
        async with AiohttpRequest(
            proxy=f"{scheme}://127.0.0.1:{proxy.port}", tls=client
        ) as request:
            with pytest.raises(NotSent):
                await request.do_request(f"https://192.0.2.1:1/bot{TOKEN}/getMe", "POST")


async def test_the_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")

    async with a_bot(only_me) as bot:
        assert bot.username == "pailot_bot"


def test_a_proxy_of_another_kind_is_refused() -> None:
    async def begin() -> None:
        await AiohttpRequest(proxy="socks4://192.0.2.1:1").initialize()

    with pytest.raises(ValueError, match="socks4"):
        asyncio.run(begin())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed one for 127.0.0.1, key and all, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
