"""Keep the keys of senders for a browser, which uses them by a cookie."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.domain.sign_in.tickets import Tickets
from lib.ports.clock import Clock
from lib.use_cases.identity.authenticate_key import AuthenticateKey
from lib.use_cases.sign_in.outcomes import Kept, part_of

KEY_LIFE: Final = timedelta(hours=8)
"""The time for which a browser keeps a key; then a person enters the key again."""

type Address = Callable[[], str | None]
"""Returns the network address of the caller."""


class HeldKey(NamedTuple):
    """A key that a browser has: its holder, and when the cookie ends."""

    holder: KeyHolder
    ends_at: datetime


class _Sealed(NamedTuple):
    subscription_id: str
    key_hash: str
    ends_at: datetime


class HoldKeys:
    """Make and read the cookies of keys.

    A cookie has the id of the subscription and the keyed hash of the key, encrypted, and neither
    has the key. Each call looks the hash up as it looks up a key. So the cookie of a key that was
    replaced, of a suspended subscription or of a deleted service ends with the key.
    Cost: what AuthenticateKey costs; nothing for a cookie that this app did not make.
    """

    def __init__(self, authenticate: AuthenticateKey, tickets: Tickets, clock: Clock) -> None:
        self._authenticate = authenticate
        self._tickets = tickets
        self._clock = clock

    async def hold(self, key: str, address: Address) -> tuple[HeldKey, Kept]:
        """Return the key's holder, and the cookie.

        Raise InvalidSenderKeyError, TooManyFailuresError, UnavailableError.
        """
        known, now = await self._authenticate.known(key, address), self._clock.now()
        id_, ends_at = known.holder.subscription.id, now + KEY_LIFE
        members = {"subscription": id_, "hash": known.hash, "until": timestamp(ends_at)}
        value = self._tickets.seal("key", members, now)
        return HeldKey(known.holder, ends_at), Kept("key", value, KEY_LIFE, part_of(id_))

    async def holder(self, subscription_id: str, value: str, address: Address) -> KeyHolder:
        """Return the holder of a cookie, which must name the subscription; raise as `hold`."""
        sealed = self._opened(value)
        if sealed is None or sealed.subscription_id != subscription_id:
            raise InvalidSenderKeyError(missing=False)
        return (await self._held(sealed, address)).holder

    async def held(self, value: str, address: Address) -> HeldKey | None:
        """Return what a cookie holds; None for a key that is not valid any more.

        Raise TooManyFailuresError, UnavailableError.
        """
        sealed = self._opened(value)
        try:
            return None if sealed is None else await self._held(sealed, address)
        except InvalidSenderKeyError:
            return None

    def first_to_end(self, values: Iterable[str]) -> list[str]:
        """Return the subscriptions of cookies, those that end first before the others."""
        found = [one for one in map(self._opened, values) if one is not None]
        return [one.subscription_id for one in sorted(found, key=lambda one: one.ends_at)]

    async def _held(self, sealed: _Sealed, address: Address) -> HeldKey:
        holder = await self._authenticate.by_hash(sealed.key_hash, address)
        if holder.subscription.id != sealed.subscription_id:
            raise InvalidSenderKeyError(missing=False)
        return HeldKey(holder, sealed.ends_at)

    def _opened(self, value: str) -> _Sealed | None:
        now = self._clock.now()
        members = self._tickets.open("key", value, now)
        if members is None:
            return None
        ends_at = parse_timestamp(members["until"])
        sealed = _Sealed(members["subscription"], members["hash"], ends_at)
        return sealed if now < ends_at else None
