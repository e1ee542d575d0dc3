"""Look up host names, and tell whether their addresses are of the public internet."""

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

LOOKUPS: Final = 64
"""The most threads for look-ups.

A look-up of the system cannot be stopped. So a look-up without a waiter occupies its thread until
the system gives up, which takes at most half a minute.
"""

type Lookup = Callable[[str], Iterable[str]]
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


class NotPublicError(OSError):
    """A host name has an address that is not public."""


def addresses_of(host: str) -> list[str]:
    """Return a host's addresses, as the system finds them."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class PublicResolver(AbstractResolver):
    """Looks host names up, and accepts a name only if all its addresses are public."""

    def __init__(self, lookup: Lookup, admits: Callable[[str], bool]) -> None:
        self._lookup, self._admits = lookup, admits
        self._running = threading.BoundedSemaphore(LOOKUPS)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - both are looked up
    ) -> list[ResolveResult]:
        """Return all addresses; raise OSError if an address is not public."""
        addresses = await self._looked_up(host)
        if not addresses:
            raise OSError("no address")
        if not all(self._admits(address) for address in addresses):
            raise NotPublicError("not a public host")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def _looked_up(self, host: str) -> list[str]:
        """Look up in a daemon thread: neither a cancelled caller nor the exit waits for it."""
        if not self._running.acquire(blocking=False):
            raise OSError("too many look-ups without an answer")
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def settle(addresses: list[str] | None, error: Exception | None) -> None:
            if found.done():
                return
            if error is not None:
                found.set_exception(error)
            else:
                found.set_result(addresses or [])

        def look() -> None:
            addresses, fault = None, None
            try:
                addresses = list(self._lookup(host))
            except Exception as error:  # noqa: BLE001 - raised by the await of the future
                fault = error
            finally:
                self._running.release()
            with contextlib.suppress(RuntimeError):
                # the loop may have ended meanwhile
                loop.call_soon_threadsafe(settle, addresses, fault)

        try:
            threading.Thread(target=look, name="lookup", daemon=True).start()
        except RuntimeError:
            self._running.release()
            raise OSError("no thread for a look-up") from None
        return await found

    async def close(self) -> None:
        """Leave running look-ups to their threads."""
