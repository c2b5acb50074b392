"""The one rule for addresses that a transfer may reach: public ones, and what the site allows besides.

Names are resolved on the storage server, the answer is judged here, and the connection is pinned to what was
judged: whatever the name leads to a moment later does not matter.
"""

import re
from collections.abc import Collection, Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_CLOSED_4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT; a cloud's metadata too
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, with the metadata of clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # special purposes, Teredo among them
        "2001:db8::/32",
        "3fff::/20",
    )
)
_CARRIES_4 = (
    # (network, how far right in the address the IPv4 one ends)
    (IPv6Network("::/96"), 0),  # IPv4-compatible, long abandoned
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)
_ISATAP = (0x00005EFE, 0x02005EFE)
_LABELS = re.compile(
    r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|\d+)")


def reachable(
    address: Address, allowed: Iterable[Network] = (), own: Collection[Address] = ()
) -> bool:
    """Whether a transfer may speak to `address`.

    `own` are addresses of the site's systems: closed even where they are public. What lies in `allowed` is
    open in any case, for that is what the site says.
    """
    meant = (address, *_inside(address))
    if any(one in net for net in allowed for one in meant if one.version == net.version):
        return True
    if isinstance(address, IPv6Address) and address.scope_id:
        return False
    return not any(one in own for one in meant) and _public(address)


def _public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _CLOSED_4)
    inner = _inside(address)
    if inner and address not in _GLOBAL_6:
        return _public(inner[0])
    if address not in _GLOBAL_6 or any(address in net for net in _CLOSED_6):
        return False
    return all(_public(one) for one in inner)


def _inside(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 address that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return ()
    number = int(address)
    for net, shift in _CARRIES_4:
        if address in net:
            return (IPv4Address((number >> shift) & 0xFFFFFFFF),)
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        return (IPv4Address(number & 0xFFFFFFFF),)
    return ()


def read(words: Iterable[str]) -> tuple[Address, ...]:
    """Addresses as the server's resolver prints them, each once, IPv4 first."""
    found: dict[Address, None] = {}
    for word in words:
        try:
            found[ip_address(word)] = None
        except ValueError:
            continue
    return tuple(sorted(found, key=lambda one: one.version))


def host(words: str) -> str:
    """A host name, or an address written the one plain way; raises ValueError for anything else.

    `0x7f.1`, `2130706433` and `127.1` are addresses to some programs and names to others: nobody needs them.
    """
    if words.startswith("[") and words.endswith("]"):
        return str(IPv6Address(_without_zone(words[1:-1])))
    name = words.rstrip(".") if words.count(".") and not words.endswith("..") else words
    try:
        name = name.lower() if name.isascii() else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("no host name") from None
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return str(IPv4Address(name))
    if len(name) > 253 or not _LABELS.fullmatch(name):
        raise ValueError("no host name")
    return name


def _without_zone(words: str) -> str:
    if "%" in words:
        raise ValueError("an address of one link only")
    return words
