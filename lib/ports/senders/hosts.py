"""Port to the hosts of senders that have the content of messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from lib.ports.send_errors import DeferredError

CallFault = Literal[
    "HOST_NOT_FOUND", "HOST_NOT_PUBLIC", "UNREACHABLE", "TLS", "TIMEOUT", "TOO_LONG"
]
"""The reason why a call has no answer."""

CALL_SECONDS: Final = 5.0
"""The seconds of a whole call, unless it names others."""
AGAIN_SECONDS: Final = 2.0
"""The time after which bytes of other answers are probably gone."""


class RemoteCallError(Exception):
    """The host gave no answer that can be used. Neither the URL nor a header is in the text."""

    def __init__(self, fault: CallFault) -> None:
        super().__init__(fault)
        self.fault = fault


class NoRoomError(DeferredError):
    """The process holds as many bytes of answers as it may."""

    def __init__(self) -> None:
        super().__init__("too many bytes of answers at a time", retry_after=AGAIN_SECONDS)


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
    it is a fault. `begins`: an answer that does not begin with these bytes is not read to its end.
    `seconds`: of the whole call.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    tls: MutualTLS | None
    most: int
    beginning_only: bool = False
    begins: bytes = b""
    seconds: float = CALL_SECONDS


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """The answer of a host. `media_type`: in lower case, without parameters; "" if absent.

    `etag`, `last_modified`, `retry_after`: the headers of these names, "" if absent.
    """

    status: int
    media_type: str
    body: bytes = field(repr=False)
    etag: str = field(default="", repr=False)
    last_modified: str = field(default="", repr=False)
    retry_after: str = ""


class RemoteContentHosts(Protocol):
    """Hosts of senders, each at the address of a configuration."""

    async def get(self, call: RemoteCall) -> RemoteAnswer:
        """Return the host's answer, also of a redirect, which is not followed.

        Raises: RemoteCallError, NoRoomError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
