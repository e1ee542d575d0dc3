"""Count by address the calls without a valid key, and stop addresses with too many."""

import ipaddress
import math
import time
from collections import OrderedDict
from typing import Final

from lib.domain.identity.errors import TooManyFailuresError

MAX_FAILURES: Final = 100
WINDOW_SECONDS: Final = 60
MAX_ADDRESSES: Final = 10_000
_NETWORK_BITS: Final = 64
"""Of an IPv6 address: a caller that has one address of a network has all of them."""


class FailedCalls:
    """Allow an address MAX_FAILURES a minute, in this process; the memory is bounded.

    Concurrency: a call counts as failed from its start until it is forgiven, so that calls at the
    same time do not all pass.
    """

    def __init__(self) -> None:
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, address: str | None) -> None:
        """Count a call as failed; raise TooManyFailuresError, without counting, past the limit."""
        began, count = self._count(address)
        if count >= MAX_FAILURES:
            wait = began + WINDOW_SECONDS - time.monotonic()
            raise TooManyFailuresError(max(1, math.ceil(wait)))
        self.add(address, 1)

    def add(self, address: str | None, number: int) -> None:
        """Count failures; a negative number takes failures back.

        A call without an address is not counted.
        """
        if address is None:
            return
        began, count = self._count(address)
        self._counts[_network(address)] = began, max(0, count + number)
        if len(self._counts) > MAX_ADDRESSES:
            self._counts.popitem(last=False)

    def _count(self, address: str | None) -> tuple[float, int]:
        """Return when the address's minute began, and its failures since."""
        now = time.monotonic()
        if address is None:
            return now, 0
        began, count = self._counts.get(_network(address), (now, 0))
        if now - began >= WINDOW_SECONDS:
            del self._counts[_network(address)]
            return now, 0
        return began, count


def _network(address: str) -> str:
    """Return the network that stands for all addresses that one caller may have."""
    parsed = ipaddress.ip_address(address)
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, _NETWORK_BITS), strict=False))
