"""Who may call the host's own endpoints: programs of this machine, not pages of other sites.

A page can have its own name resolve to 127.0.0.1 (DNS rebinding), and can post to any address
without asking. Browsers tell both: the name in Host, the page's origin in Origin.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy


def foreign_header(headers: CIMultiDictProxy[str], names: Iterable[str]) -> str | None:
    """Return the header by which the request is another site's; None where it is none.

    `names`: the host names by which the endpoints may be called, beside localhost and addresses.
    """
    hosts = headers.getall("Host", [])
    host = _name(f"//{hosts[0]}") if len(hosts) == 1 else None
    if host is None or not (_is_local(host, names) or _address(host)):
        return "Host"
    for origin in headers.getall("Origin", []):
        page = _name(origin)
        # an address in Origin may be anybody's, unless it is the one that is called
        if page is None or not (_is_local(page, names) or page == host):
            return "Origin"
    return None


def _is_local(name: str, names: Iterable[str]) -> bool:
    address = _address(name)
    if address is not None and address.is_loopback:
        return True
    return name == "localhost" or name.endswith(".localhost") or name in {*map(str.lower, names)}


def _name(url: str) -> str | None:
    """Return the host's name of an address, in lower case, without its port; None for none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname if parts.hostname and not parts.username else None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None
