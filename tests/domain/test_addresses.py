"""The one rule for addresses of transfers: public ones, and what the site allows."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.files.transfers.addresses import host, reachable

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.0.0.192", "198.18.0.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.0.2.1", "203.0.113.9",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::ffff:169.254.169.254",
    "64:ff9b::a00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001::1", "2001:db8::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "2a00:1450::5efe:10.0.0.1", "::ffff:0:127.0.0.1", "100::1", "3fff::1",
]  # fmt: skip
OPEN = [
    "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
    "2606:4700::1111", "2a00:1450:4001::200e", "2001:4860:4860::8888", "::ffff:8.8.8.8",
    "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_not_public_is_closed(address):
    assert not reachable(ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_what_is_public_is_open(address):
    assert reachable(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_however_it_is_wrapped(address):
    number = int(address)
    for wrapped in (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80) | 5),
        IPv6Address(number),
    ):
        assert reachable(wrapped) == reachable(address)
        if reachable(address):
            assert not reachable(wrapped, own=[address])
        assert reachable(wrapped, [ip_network(f"{address}/32")])


@given(st.ip_addresses(v=4))
def test_nothing_that_python_calls_private_is_open(address):
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not reachable(address)


@given(st.ip_addresses(v=6))
def test_nothing_outside_of_the_global_block_is_open_by_itself(address):
    if not address.is_global or address.is_multicast:
        assert not reachable(address)


@given(st.ip_addresses())
def test_own_systems_are_closed_unless_the_site_says_otherwise(address):
    assert not reachable(address, own=[address])
    net = ip_network(int(address)) if address.version == 4 else ip_network((int(address), 128))
    assert reachable(address, [net], own=[address])


def test_allowed_networks_open_only_themselves():
    allowed = [ip_network("10.3.0.0/16")]
    assert reachable(IPv4Address("10.3.4.5"), allowed)
    assert not reachable(IPv4Address("10.4.0.1"), allowed)
    assert reachable(ip_address("::ffff:10.3.0.1"), allowed)


@pytest.mark.parametrize(
    "name",
    ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "0x7f000001", "1.2.3", "01.02.03.04", "256.1.1.1",
     "", "-x", "a..b", "a b", "a/b", "a:80", "[::1", "[::1%eth0]", "[1.2.3.4]", "x" * 300, "a@b", "a\\b",
     "例.0", "a%00b", "a\n"],
)  # fmt: skip
def test_odd_ways_to_write_a_host_are_refused(name):
    with pytest.raises(ValueError):
        host(name)


@pytest.mark.parametrize(
    ("written", "read"),
    [("Example.EDU", "example.edu"), ("example.edu.", "example.edu"), ("1.2.3.4", "1.2.3.4"),
     ("[2001:DB8::1]", "2001:db8::1"), ("例子.中国", "xn--fsqu00a.xn--fiqs8s"), ("a_b-c.d", "a_b-c.d"),
     ("localhost", "localhost")],
)  # fmt: skip
def test_hosts_are_written_one_way(written, read):
    assert host(written) == read


@given(st.text(max_size=40))
def test_whatever_is_written_a_host_is_plain(words):
    try:
        found = host(words)
    except ValueError:
        return
    assert found.isascii()
    assert not set(found) & set(" /\\@\"'%?#&;$`\n\0")
    assert not found.startswith("-")
