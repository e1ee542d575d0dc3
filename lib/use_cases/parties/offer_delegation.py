"""Offer a delegation to whoever has its code."""

from datetime import datetime
from typing import NamedTuple

from ulid import ULID

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId, Right
from lib.domain.parties.code import new_code, plain
from lib.domain.parties.delegation import (
    LONGEST,
    Delegation,
    DelegationKind,
    DelegationState,
    Side,
    Terms,
)
from lib.domain.parties.errors import DelegationTermsError
from lib.domain.parties.held import Lead
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import Masked, parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.repositories.parties.offers import Offers
from lib.repositories.parties.parties import Parties


class Offered(NamedTuple):
    """An offer, and its code, which nobody can read again."""

    delegation: Delegation
    code: str


class OfferDelegation:
    """Make an offer whose code the owner hands to the delegate.

    The owner names nobody, so the answer tells of nobody whether they use this app.
    Cost: two writes and one point read; a read and a write more for each delegate of the past.
    Concurrency: the code is stored first. A crash before the offer leaves a code that opens
    nothing, and a repeated call makes a second offer, of which the owner's list tells.
    """

    def __init__(
        self, parties: Parties, offers: Offers, hashes: RotatingPseudonyms, clock: Clock
    ) -> None:
        self._parties = parties
        self._offers = offers
        self._hashes = hashes
        self._clock = clock

    async def __call__(self, access: Access, terms: Terms) -> Offered:
        """Return the offer. Raise DelegationTermsError, TooManyDelegationsError."""
        now, code = self._clock.now(), new_code()
        _check(terms, now)
        owner, at = access.actor, timestamp(now)
        name = Masked(f"{owner.name} {owner.family_name}".strip())
        if access.bounds is not None:
            # a representative offers in the name of the party
            name = access.bounds.owner_name
        offer = Delegation(
            id=DelegationId(str(ULID.from_datetime(now))),
            kind=DelegationKind.GRANTED,
            state=DelegationState.OFFERED,
            terms=terms,
            created_at=at,
            changed_at=at,
            changed_by=Side.OWNER,
            owner_name=name,
        )
        given = await self._parties.given(access.subject)
        # refused before the code is stored; the change below decides under concurrent calls
        given.including(offer, now)
        past = await self._parties.without_leads(given.past(now))
        await self._offers.put(self._hashes.of(plain(code)), Lead(access.subject, offer.id))
        await self._parties.change_given(
            access.subject, lambda one: one.forgetting(past, now).including(offer, now)
        )
        return Offered(offer, code)


def _check(terms: Terms, now: datetime) -> None:
    end = parse_timestamp(terms.ends_at)
    if not now < end <= now + LONGEST:
        raise DelegationTermsError("/ends_at", f"must come within {LONGEST.days} days")
    if Right.READ not in terms.rights:
        raise DelegationTermsError("/rights", "must have READ")
