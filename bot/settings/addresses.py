"""Settings that are addresses: of web services, hosts, networks, databases and proxies."""

import base64
import binascii
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated

from pydantic import BeforeValidator, SecretStr

from bot.settings.kinds import quoted, secret_text, text_of

_HOST = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\]?"
)
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[^\s/:?#@\[\]]+)(?P<port>:\d+)?(?P<path>/\S*)?"
)
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}=?")
_HOST_KEY_TYPE = re.compile(r"(?:ssh|ecdsa-sha2|sk-ssh|sk-ecdsa-sha2)-[A-Za-z0-9@.-]+")


def database_url(value: object) -> SecretStr:
    """A SQLAlchemy URL of one of the two databases; PostgreSQL's driver is filled in."""
    url = secret_text(value).strip()
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        if not rest.partition("/")[2].partition("?")[0]:
            raise ValueError("names no database: postgresql+psycopg://user@host/name")
        return SecretStr(f"postgresql+psycopg://{rest}")
    if scheme.startswith("postgresql+"):
        raise ValueError("names another driver: write postgresql+psycopg://…")
    if scheme != "sqlite":
        raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
    path = rest.removeprefix("/").partition("?")[0]
    if rest and not rest.startswith("/"):
        raise ValueError("needs three slashes: sqlite:///pailot.db (four for an absolute path)")
    if not path or ":memory:" in path:
        raise ValueError("must be a file: a database in memory forgets everything at a restart")
    return SecretStr(url)


def proxy_url(value: object) -> SecretStr:
    url = secret_text(value).strip()
    match = re.fullmatch(r"(?i:(https?|socks5h?))://(?:[^\s/@]*@)?[^\s/:@]+(:\d{1,5})?/?", url)
    if match is None:
        raise ValueError("must look like http://host:port or socks5://host:port")
    if match[2] is None:
        raise ValueError("needs a port, like socks5://127.0.0.1:1080")
    scheme = match[1].lower()
    if scheme == "https":
        raise ValueError("a proxy is spoken to in http or socks5: write http://host:port")
    # socks5 lets the proxy resolve names anyway, which is all that the h would ask for.
    return SecretStr(scheme.removesuffix("h") + url[len(match[1]) :].rstrip("/"))


def http_url(value: object) -> str:
    """An http or https address without its trailing slash."""
    text = text_of(value)
    if "@" in text:
        raise ValueError("must not carry a user name or password: there are settings for them")
    match = _URL.fullmatch(text[:8].lower() + text[8:])
    if match is None:
        raise ValueError(_what_is_wrong_with(text))
    if "?" in text or "#" in text:
        raise ValueError("ends with a ? or # part: write the address without it")
    if match["port"] and not 0 < int(match["port"][1:]) < 65536:
        raise ValueError("has a port that does not exist")
    return f"{match['scheme']}://{match['host'].lower()}{match['port'] or ''}{match['path'] or ''}".rstrip(
        "/"
    )


def _what_is_wrong_with(text: str) -> str:
    shown = quoted(text)
    typo = re.fullmatch(r"(?i)(h?t{1,3}ps?)(?::/?/?|;//|//|/)(?!/)(.+)", text)
    if typo:
        scheme = "https" if typo[1].lower().endswith("s") else "http"
        meant = quoted(f"{scheme}://{typo[2]}")
        return f"{shown} is not an address".strip() + (f": did you mean{meant}?" if meant else "")
    if "://" in text:
        return f"{shown} is not an address: it must start with http:// or https://".strip()
    return f"{shown} is not an address: write http:// or https:// in front".strip()


def telegram_root(value: object) -> str:
    url = http_url(value)
    if re.search(r"/(?:file/)?bot[^/]*$", url):
        raise ValueError("is the root of the Bot API: write it without /bot… at the end")
    return url


def openpai_root(value: object) -> str:
    """The portal or rest-server root; a pasted API address is cut back to it."""
    return re.sub(r"(?:/rest-server)?(?:/api(?:/v[12])?)?$", "", http_url(value))


def host_name(value: object) -> str:
    text = text_of(value)
    if not _HOST.fullmatch(text):
        raise ValueError(f"{quoted(value)} is not a host name or address".strip())
    return text


def host_key(value: object) -> str:
    """`SHA256:…`, or the two fields of a public key line (its comment is dropped)."""
    text = text_of(value)
    if _FINGERPRINT.fullmatch(text):
        return text.rstrip("=")
    fields = text.split()
    if len(fields) >= 2 and _HOST_KEY_TYPE.fullmatch(fields[0]) and _names_type(*fields[:2]):
        return " ".join(fields[:2])
    if len(fields) >= 3 and _HOST_KEY_TYPE.fullmatch(fields[1]):
        raise ValueError("is a known_hosts line: leave out the host name in front")
    raise ValueError("is not a host key: write `ssh-ed25519 AAAA…` or `SHA256:…`")


def _names_type(kind: str, blob: str) -> bool:
    # RFC 4253 6.6: the key data begins with the length and the name of its own type.
    try:
        data = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return False
    return data[4 : 4 + int.from_bytes(data[:4])] == kind.encode()


def network(value: object) -> IPv4Network | IPv6Network:
    text = text_of(value)
    try:
        return ip_network(text)
    except ValueError:
        pass
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not a network like 192.0.2.0/24".strip()) from None
    raise ValueError(f"{quoted(text)} is a host in a network: did you mean `{meant}`?".strip())


DatabaseUrl = Annotated[SecretStr, BeforeValidator(database_url)]
ProxyUrl = Annotated[SecretStr, BeforeValidator(proxy_url)]
HttpUrl = Annotated[str, BeforeValidator(http_url)]
TelegramRoot = Annotated[str, BeforeValidator(telegram_root)]
OpenPaiRoot = Annotated[str, BeforeValidator(openpai_root)]
HostName = Annotated[str, BeforeValidator(host_name)]
HostKey = Annotated[str, BeforeValidator(host_key)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(network)]
