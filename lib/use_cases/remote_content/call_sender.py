"""Ask the sender of a message for a part of its content."""

from typing import Final, NamedTuple

from cachetools import LRUCache

from lib.domain.messages.content import ThirdPartyData
from lib.domain.remote_content.conditional import is_conditional
from lib.domain.remote_content.configuration import EnvironmentName, environment_for
from lib.domain.remote_content.errors import (
    ConfigurationGoneError,
    HostAwayError,
    HostFailedError,
    HostRefusal,
    HostRefusedError,
    HostSilentError,
    RemoteContentOffError,
    SecretLostError,
)
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.errors import UnavailableError
from lib.ports.send_errors import NotSentError
from lib.ports.senders.hosts import (
    NoRoomError,
    RemoteAnswer,
    RemoteCall,
    RemoteCallError,
    RemoteContentHosts,
)
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.ownerships import Ownerships
from lib.use_cases.remote_content.sender_calls import SenderCalls
from lib.use_cases.shared.breaker import AWAY_SECONDS, Breaker

BREAKERS: Final = 1000
"""The most hosts whose failures a process counts."""
AGAIN_SECONDS: Final = 10
"""The time to wait, as in IO, where a host that is not available names none."""
MOST_SECONDS: Final = 86_400
_REFUSALS: Final[dict[int, HostRefusal]] = {
    400: "BAD_REQUEST",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    429: "BUSY",
}
_OK: Final = frozenset((200, 204))
NOT_MODIFIED: Final = 304
_AWAY: Final = 503

type _Key = tuple[str, EnvironmentName]


class Sender(NamedTuple):
    """The host that has the content of a message: the calls about it, and the name of the host."""

    calls: SenderCalls
    key: _Key


class _SilentError(UnavailableError):
    """The host gave no answer, which the breaker counts."""


class CallSender:
    """Call senders' hosts, each environment of a configuration behind a breaker of its own.

    So a wrong configuration of another organisation stops no calls of the same host.
    Cost: one point read of the owner and one of the configuration, each unless it is cached.
    """

    def __init__(
        self, ownerships: Ownerships, configurations: Configurations, hosts: RemoteContentHosts
    ) -> None:
        self._ownerships = ownerships
        self._configurations = configurations
        self._hosts = hosts
        self._breakers = LRUCache[_Key, Breaker](BREAKERS)

    async def sender(self, announced: ThirdPartyData, citizen: FiscalCode) -> Sender:
        """Return the sender's host for what a message to the citizen announces.

        Raise ConfigurationGoneError, HostFailedError, UnavailableError.
        """
        id_ = announced.configuration_id
        ownership = await self._ownerships.cached(id_) if id_ else None
        owner = ownership and ownership.organization_fiscal_code
        stored = await self._configurations.cached(owner, id_) if owner and id_ else None
        name = environment_for(stored.content, citizen) if stored else None
        if stored is None or name is None:
            raise ConfigurationGoneError
        try:
            secrets = self._configurations.opened(stored, stored.sealed)
        except (RemoteContentOffError, SecretLostError):
            raise HostFailedError("The sender's configuration cannot be used.") from None
        calls = SenderCalls(stored.content, name, secrets, announced.id, citizen)
        return Sender(calls, (stored.id, name))

    async def __call__(self, sender: Sender, call: RemoteCall, part: str) -> RemoteAnswer:
        """Return an answer with the status 200, 204, or 304 to a conditional request.

        `part`: what is asked for, in IO's words. Raise HostRefusedError, HostFailedError,
        HostAwayError, HostSilentError; UnavailableError while the process has no room.
        """
        answer = await self._answer(sender.key, call)
        status = answer.status
        if status in _OK or (status == NOT_MODIFIED and is_conditional(call.headers)):
            return answer
        if status == _AWAY:
            raise HostAwayError(_seconds(answer.retry_after) or AGAIN_SECONDS)
        if (refusal := _REFUSALS.get(status)) is not None:
            raise HostRefusedError(refusal, part, _seconds(answer.retry_after))
        raise HostFailedError(f"The sender's host answered {status}.")

    async def _answer(self, key: _Key, call: RemoteCall) -> RemoteAnswer:
        if (breaker := self._breakers.get(key)) is None:
            breaker = self._breakers[key] = Breaker("a sender's host")

        async def ask() -> RemoteAnswer:
            try:
                return await self._hosts.get(call)
            except RemoteCallError as error:
                if error.fault == "TOO_LONG":
                    raise HostFailedError("The answer of the sender's host is too long.") from None
                raise _SilentError(error.fault) from None

        try:
            return await breaker(ask)
        except _SilentError:
            raise HostSilentError from None
        except NoRoomError:
            raise
        except NotSentError:
            raise HostAwayError(int(AWAY_SECONDS)) from None


def _seconds(retry_after: str) -> int | None:
    """Return a host's `Retry-After` in seconds; None for a date, which few hosts send."""
    waits = retry_after.strip()
    return min(int(waits), MOST_SECONDS) if waits.isascii() and waits.isdigit() else None
