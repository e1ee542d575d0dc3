"""Addresses of the internet are public; private and reserved addresses are not."""

import pytest

from lib.adapters.outbound.guard.public_address import is_public


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "233.252.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "",
        "localhost",
        "8.8.8",
        "08.8.8.8",
        "8.8.8.8 ",
    ],
)
def test_an_address_of_these_is_not_public(address: str) -> None:
    """Private, loopback, link-local, carrier's, multicast, reserved and mapped addresses."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "20.50.2.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "193.0.0.1",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450:4002:414::2003",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Addresses just outside the reserved ranges are public too."""
    assert is_public(address)
