"""Examples: requests of the SDK, after which the app makes its own requests of the same kind.

An example has the address, the headers and the token of a request that the service answered. So
the app follows the SDK in the region, the version of the protocol and the identity.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from azure.core.pipeline import PipelineResponse

AUTHORIZATION: Final = "authorization"
LIFE_SECONDS: Final = 180
"""The life of an example. A token that the SDK sends is valid for 240 seconds at least, and the SDK
looks for changes of the account's regions every 300 seconds when an operation passes through it."""

type Kind = tuple[str, str]
"""The name of a container or a queue, and the operation."""
type Sign = Callable[[str, str, Mapping[str, str], bytes], str]
"""Called with method, address, headers and body; returns the `authorization` of an emulator."""


class Dialect(NamedTuple):
    """The common parts of the requests to one service.

    `marker`: the part of the address before the part that changes; `{}` is the name in the kind.
    `copied`: the headers that are the same for all requests of a kind. `own`: the headers that each
    request has of its own. `is_final` tells an answer that the SDK would return, by status and
    headers. `sign`: None where the app has no key.
    """

    marker: str
    copied: frozenset[str]
    own: frozenset[str]
    is_final: Callable[[int, Mapping[str, str]], bool]
    sign: Sign | None


@dataclass(frozen=True, slots=True, repr=False)
class Example:
    """The start of the address, and the headers, of a request that succeeded."""

    address: str
    headers: dict[str, str]
    made_at: float


class Examples:
    """The last example of each kind."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._known: dict[Kind, Example] = {}

    def of(self, kind: Kind) -> Example | None:
        """Return the example of a kind, or None if there is none or it is too old."""
        known = self._known.get(kind)
        if known is None or time.monotonic() - known.made_at > LIFE_SECONDS:
            return None
        return known

    def learn(self, kind: Kind, method: str) -> Callable[[PipelineResponse[Any, Any]], None]:
        """Return the hook that takes a request of the SDK as the example."""

        def hook(response: PipelineResponse[Any, Any]) -> None:
            sent, answer = response.http_request, response.http_response
            # an operation of the SDK may send other requests too, for example for partition ranges
            if sent.method == method and self._dialect.is_final(answer.status_code, answer.headers):
                example = self._read(kind, sent.url, sent.headers)
                if example is not None:
                    self._known[kind] = example

        return hook

    def forget(self, kind: Kind) -> None:
        """Forget the example of a kind: the next operation goes through the SDK."""
        self._known.pop(kind, None)

    def forget_all(self) -> None:
        """Forget all examples: the next operation of each kind goes through the SDK."""
        self._known.clear()

    def _read(self, kind: Kind, address: str, sent: Mapping[str, str]) -> Example | None:
        """Return the example, or None for a request with anything that is not known here."""
        dialect = self._dialect
        start, marker, _ = address.partition(dialect.marker.format(kind[0]))
        headers = {name.lower(): str(value) for name, value in sent.items()}
        if not marker or not headers.keys() <= dialect.copied | dialect.own:
            return None
        by_token = headers.get(AUTHORIZATION, "").startswith(("Bearer ", "type=aad&"))
        # the certificate of an emulator is its own, and the SDK alone accepts it
        by_key = dialect.sign is not None and not address.startswith("https:")
        if not by_token and not by_key:
            return None
        copied = {name: value for name, value in headers.items() if name in dialect.copied}
        return Example(start + marker, copied, time.monotonic())
