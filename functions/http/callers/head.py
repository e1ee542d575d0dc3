"""The head of a request: what is known of it before its body is read."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from lib.domain.identity.access import Access
from lib.telemetry.routes import KEY_PARAMETER
from lib.use_cases.identity.vouchers.voucher_holder import VoucherHolder

SENDER_KEY_HEADER = "ocp-apim-subscription-key"
GATEWAY_HEADER = "x-recapito-gateway"
"""The secret of a trusted gateway. The headers about the caller count beside it alone."""


@dataclass(slots=True)
class Head:
    """A request without its body.

    `answer_headers`: the headers that the answer gets, whether it accepts the request or refuses.
    `voucher`: the caller of a voucher, which the policy sets; None for other callers. `kept`: the
    access of a delegate who names a message in the path, which the policy sets likewise.
    """

    headers: Mapping[str, str]
    query: Mapping[str, str]
    answer_headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    url: str = ""
    voucher: VoucherHolder | None = None
    kept: Access | None = None

    @property
    def key(self) -> str | None:
        """The sender key of the header or, without the header, of the query."""
        key = self.headers.get(SENDER_KEY_HEADER)
        if not key and self.query:
            names = {name.lower(): name for name in self.query}
            key = self.query.get(names.get(KEY_PARAMETER, ""))
        return key


def client_address(forwarded_for: str | None, trusted_proxies: int) -> str | None:
    """Return the caller's address as the outermost trusted proxy saw it; None if there is none.

    Each proxy appends the address of its own caller, with or without a port. The addresses left of
    the trusted proxies' come from the caller and do not count.
    """
    hops = [hop.strip() for hop in (forwarded_for or "").split(",")]
    if len(hops) < trusted_proxies:
        return None
    hop = hops[-trusted_proxies]
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return None
