"""Count the calls without a valid key for each address, and stop addresses with too many."""

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
"""The prefix length of an IPv6 network. A caller with one address of a network has all of them."""


class FailedCalls:
    """Allow an address `most` failures in `seconds`, in this process. The memory is bounded.

    Concurrency: a call counts as failed from its start until its key proves valid, so that many
    calls at the same time do not all pass.
    """

    def __init__(self, most: int = MAX_FAILURES, seconds: int = WINDOW_SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def admit(self, address: str | None) -> None:
        """Count a call as failed; raise TooManyFailuresError, without counting, past the limit."""
        began, count = self._count(address)
        if count >= self._most:
            wait = began + self._seconds - time.monotonic()
            raise TooManyFailuresError(max(1, math.ceil(wait)))
        self.add(address, 1)

    def add(self, address: str | None, number: int) -> None:
        """Count failures; a negative number removes failures.

        A call without an address is not counted.
        """
        if address is None:
            return
        began, count = self._count(address)
        self._counts[_network(address)] = began, max(0, count + number)
        if len(self._counts) > MAX_ADDRESSES:
            self._counts.popitem(last=False)

    def _count(self, address: str | None) -> tuple[float, int]:
        """Return the start of the address's minute, and the failures since."""
        now = time.monotonic()
        if address is None:
            return now, 0
        began, count = self._counts.get(_network(address), (now, 0))
        if now - began >= self._seconds:
            del self._counts[_network(address)]
            return now, 0
        return began, count


def _network(address: str) -> str:
    """Return the network with all the addresses that one caller may have."""
    parsed = ipaddress.ip_address(address)
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, _NETWORK_BITS), strict=False))
