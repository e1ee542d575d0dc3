"""Refuse calls from pages of other sites to the host's own endpoints.

A page can make its own name resolve to 127.0.0.1 (DNS rebinding), and can post to any address.
Browsers send the name in Host and the page's origin in Origin.
"""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy


def foreign_header(headers: CIMultiDictProxy[str], names: Iterable[str]) -> str | None:
    """Return the header that shows a request of another site, or None.

    `names`: the host names by which the endpoints may be called, beside localhost and addresses.
    """
    hosts = headers.getall("Host", [])
    host = _name(f"//{hosts[0]}") if len(hosts) == 1 else None
    if host is None or not (_is_local(host, names) or _address(host)):
        return "Host"
    for origin in headers.getall("Origin", []):
        page = _name(origin)
        # An address in Origin may be another machine's, unless it is the called one.
        if page is None or not (_is_local(page, names) or page == host):
            return "Origin"
    return None


def _is_local(name: str, names: Iterable[str]) -> bool:
    address = _address(name)
    if address is not None and address.is_loopback:
        return True
    return name == "localhost" or name.endswith(".localhost") or name in {*map(str.lower, names)}


def _name(url: str) -> str | None:
    """Return the host name of a URL, in lower case and without its port, or None."""
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
