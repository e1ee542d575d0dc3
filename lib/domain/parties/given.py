"""The delegations that one owner gave, as a whole: their number is bounded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lib.domain.identity.acting import DelegationId, Told
from lib.domain.parties.delegation import (
    Delegation,
    DelegationState,
    Side,
)
from lib.domain.parties.errors import (
    NoSuchDelegationError,
    OfferNotFoundError,
    OwnOfferError,
    RegisteredDelegationError,
    TooManyDelegationsError,
)
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.values import Masked

MOST_GIVEN: Final = 20
"""The most delegations of an owner that are offered or in force."""
MOST_ENDED: Final = 40
"""The most ended delegations that are kept; older ones are forgotten before their time."""


@dataclass(frozen=True, slots=True)
class Given:
    """The delegations of one owner, in the order in which they were made."""

    owner: FiscalCode
    all: tuple[Delegation, ...] = ()

    def find(self, id_: DelegationId) -> Delegation | None:
        """Return the delegation; None where there is none."""
        return next((one for one in self.all if one.id == id_), None)

    def in_force(
        self, delegate: FiscalCode, id_: DelegationId | None, now: datetime
    ) -> Delegation | None:
        """Return the delegation by which this person may act now; `id_` None: the latest one."""
        found = (
            one
            for one in reversed(self.all)
            if one.is_of(delegate)
            and id_ in {None, one.id}
            and one.state_at(now) is DelegationState.ACTIVE
        )
        return next(found, None)

    @property
    def may_tell(self) -> bool:
        """Whether a delegate is told of new messages, or will be after taking an offer."""
        return any(one.is_open and one.terms.is_notified for one in self.all)

    def told_of(self, service_id: ServiceId, now: datetime) -> tuple[Told, ...]:
        """Return the delegates who are told of the service's messages now, each once."""
        told = {
            one.delegate: Told(one.delegate, one.id)
            for one in self.all
            if one.delegate is not None
            and one.terms.is_notified
            and one.state_at(now) is DelegationState.ACTIVE
            and one.bounds().include(service_id)
        }
        return tuple(told.values())

    def including(self, new: Delegation, now: datetime) -> "Given":
        """Return them with a new one; raise TooManyDelegationsError."""
        if sum(_is_live(one, now) for one in self.all) >= MOST_GIVEN:
            raise TooManyDelegationsError(MOST_GIVEN)
        return replace(self, all=(*self.all, new))

    def taken(
        self, id_: DelegationId, delegate: FiscalCode, name: Masked, now: datetime
    ) -> "Given":
        """Return them with the offer taken by this person; the same person may take it again.

        Raise OfferNotFoundError where it is not open to this person, OwnOfferError.
        """
        offer = self.find(id_)
        if offer is None:
            raise OfferNotFoundError
        state = offer.state_at(now)
        if state is DelegationState.ACTIVE and offer.is_of(delegate):
            return self
        if state is not DelegationState.OFFERED:
            raise OfferNotFoundError
        if delegate == self.owner:
            raise OwnOfferError
        return self._with(offer.taken(delegate, name, now))

    def ended(self, id_: DelegationId, side: Side, now: datetime) -> "Given":
        """Return them with one ended by this side.

        Raise NoSuchDelegationError; RegisteredDelegationError for one that no side can end.
        """
        found = self.find(id_)
        if found is None:
            raise NoSuchDelegationError
        if found.is_registered:
            raise RegisteredDelegationError
        return self._with(found.ended(side, now))

    def registered(
        self, delegate: FiscalCode, listed: tuple[Delegation, ...], now: datetime
    ) -> "Given":
        """Return them with what a register lists for this delegate, and without what it does not.

        The bound of MOST_GIVEN is for what owners give; a register has few persons for a party.
        """
        kinds = {one.kind for one in listed}
        kept = [
            one.ended(Side.REGISTER, now)
            if one.is_registered_for(delegate, now) and one.kind not in kinds
            else one
            for one in self.all
        ]
        for found in listed:
            known = _of_register(kept, found)
            if known is None:
                kept.append(found)
            else:
                kept[kept.index(known)] = found.confirmed(known)
        return replace(self, all=tuple(kept))

    def of_register(self, like: Delegation) -> Delegation | None:
        """Return the delegation of this kind and delegate."""
        return _of_register(self.all, like)

    def began(self, before: "Given", now: datetime) -> frozenset[DelegationId]:
        """Return the ids of those that are in force now, and were not before."""
        return _in_force(self, now) - _in_force(before, now)

    def without(self, delegate: FiscalCode) -> "Given":
        """Return them without those of a person."""
        return replace(self, all=tuple(one for one in self.all if not one.is_of(delegate)))

    def past(self, now: datetime) -> tuple[Delegation, ...]:
        """Return those that ended long ago, and the earliest of too many ended ones."""
        ended = [one for one in self.all if not _is_live(one, now)]
        most = len(ended) - MOST_ENDED
        return tuple(one for i, one in enumerate(ended) if i < most or one.is_forgotten(now))

    def forgetting(self, ids: frozenset[DelegationId], now: datetime) -> "Given":
        """Return them without these, those that are live excepted.

        First the delegates lose their leads to them: each side names the other one, and an erasure
        of either finds the other by its own side.
        """
        return replace(
            self, all=tuple(one for one in self.all if one.id not in ids or _is_live(one, now))
        )

    def _with(self, changed: Delegation) -> "Given":
        return replace(
            self, all=tuple(changed if one.id == changed.id else one for one in self.all)
        )


def _is_live(delegation: Delegation, now: datetime) -> bool:
    return delegation.state_at(now) in {DelegationState.OFFERED, DelegationState.ACTIVE}


def _in_force(given: Given, now: datetime) -> frozenset[DelegationId]:
    active = DelegationState.ACTIVE
    return frozenset(one.id for one in given.all if one.state_at(now) is active)


def _of_register(known: Iterable[Delegation], like: Delegation) -> Delegation | None:
    same = (one for one in known if one.kind is like.kind and one.delegate == like.delegate)
    return next(same, None)
