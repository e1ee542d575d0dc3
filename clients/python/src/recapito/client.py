"""The client: one object with the calls of the API by what they are about."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Self

from recapito.calls.attachments import Attachments
from recapito.calls.batches import Batches
from recapito.calls.certificates import Certificates
from recapito.calls.messages import Messages, SentMessages
from recapito.calls.notices import Notices
from recapito.calls.templates import Templates
from recapito.decoding import decode
from recapito.models.messages import Recipient
from recapito.models.templates import Limits
from recapito.retries import RetryPolicy
from recapito.transport import Transport

CITIZENS_OF_A_CALL = 10_000


class Recapito:
    """A sender's connection to Recapito, with one key. Use one client in each thread.

    `base_url`: must be https, or an address of this machine. `retries`: how often a call is
    repeated. `timeout`: the seconds without a byte after which a connection counts as lost.
    `on_wait`: is told the seconds and the reason of each wait before a repeat.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        retries: RetryPolicy | None = None,
        timeout: float = 60.0,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        self._transport = Transport(
            base_url, key, retries=retries or RetryPolicy(), timeout=timeout, on_wait=on_wait
        )
        self.messages = Messages(self._transport)
        self.sent = SentMessages(self._transport)
        self.notices = Notices(self._transport)
        self.batches = Batches(self._transport)
        self.attachments = Attachments(self._transport)
        self.certificates = Certificates(self._transport)
        self.templates = Templates(self._transport)

    @property
    def base_url(self) -> str:
        """The address of the API."""
        return self._transport.base_url

    def reach(self, fiscal_codes: Iterable[str]) -> Iterator[Recipient]:
        """Yield whether each citizen can be reached, in the order of the codes.

        Any number of codes: each call has up to 10,000 of them.
        """
        codes = iter(fiscal_codes)
        while part := list(islice(codes, CITIZENS_OF_A_CALL)):
            found = self._transport.call(
                "POST", "/api/v1/reachability", {"fiscal_codes": part}, repeats=True
            )
            yield from (decode(Recipient, one) for one in found["recipients"])

    def limits(self) -> Limits:
        """Read the limits of the key, and the calls that are left."""
        return decode(Limits, self._transport.call("GET", "/api/v1/limits"))

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()
