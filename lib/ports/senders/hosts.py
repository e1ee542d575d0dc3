"""Port to the hosts of senders that have the content of messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

CallFault = Literal[
    "HOST_NOT_FOUND", "HOST_NOT_PUBLIC", "UNREACHABLE", "TLS", "TIMEOUT", "TOO_LONG"
]
"""The reason why a call has no answer."""


class RemoteCallError(Exception):
    """The host gave no answer that can be used. Neither the URL nor a header is in the text."""

    def __init__(self, fault: CallFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class MutualTLS:
    """The certificate that is shown to a host, and the authorities of the host; texts in PEM."""

    client_cert: str
    client_key: str = field(repr=False)
    server_ca: str


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """One GET of a sender's host.

    `most`: the most bytes of the answer. `beginning_only`: a longer answer is cut there; otherwise
    it is a fault.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    tls: MutualTLS | None
    most: int
    beginning_only: bool = False


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """The answer of a host. `media_type`: in lower case, without parameters; "" if absent."""

    status: int
    media_type: str
    body: bytes = field(repr=False)


class RemoteContentHosts(Protocol):
    """Hosts of senders, each at the address of a configuration."""

    async def get(self, call: RemoteCall) -> RemoteAnswer:
        """Return the host's answer, also of a redirect, which is not followed.

        Raises: RemoteCallError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
