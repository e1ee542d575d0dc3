"""Tell whether an IP address is of the public internet."""

import ipaddress
from typing import Final

type _Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""The part of IPv6 that is assigned to the internet.

The forms that contain an IPv4 address are outside: mapped, compatible, translated, NAT64
(64:ff9b::/96 and 64:ff9b:1::/48).
"""

_NOT_FOR_US: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # the address of Azure's services on each of its machines
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "2001::/23",  # Teredo and other protocols of the IETF
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation, which older Pythons treat as public
    )
)


def is_public(text: str) -> bool:
    """Tell whether a numeric address is public; False for another text."""
    try:
        address: _Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if address.version == _GLOBAL_UNICAST.version and address not in _GLOBAL_UNICAST:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NOT_FOR_US)
    )
