"""A delegation: a person may act in the inbox of another party, its owner."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lib.domain.identity.acting import Bounds, DelegationId, Right
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.values import Masked, parse_timestamp, timestamp

MOST_SERVICES: Final = 20
"""The most services that a delegation names."""
LONGEST: Final = timedelta(days=3 * 366)
OFFER_LIFE: Final = timedelta(days=7)
KEPT: Final = timedelta(days=90)
"""The time for which both sides see a delegation that has ended."""
ASKED_AGAIN: Final = timedelta(days=1)
"""The time after which a register is asked again."""
REGISTER_LIFE: Final = timedelta(days=30)
"""The time for which an answer of a register counts at most, if the register is away since."""
_NONE: Final = Masked("")


class DelegationKind(StrEnum):
    """The source of a delegation.

    GRANTED: the owner gave it. The other kinds come from a register: a PARENT of a minor, a
    GUARDIAN, a REPRESENTATIVE of a company.
    """

    GRANTED = "GRANTED"
    PARENT = "PARENT"
    GUARDIAN = "GUARDIAN"
    REPRESENTATIVE = "REPRESENTATIVE"


class DelegationState(StrEnum):
    """The state of a delegation.

    OFFERED: nobody took the offer yet. ACTIVE: the delegate may act. ENDED: one of the two, or the
    register, ended it. EXPIRED: its end has come; this state is never stored.
    """

    OFFERED = "OFFERED"
    ACTIVE = "ACTIVE"
    ENDED = "ENDED"
    EXPIRED = "EXPIRED"


class Side(StrEnum):
    """The side that changed a delegation last."""

    OWNER = "OWNER"
    DELEGATE = "DELEGATE"
    REGISTER = "REGISTER"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a delegation.

    `ends_at`: as `values.timestamp` writes it. `service_ids`: None for all services, later ones
    included. `is_notified`: whether the delegate is told of new messages. `shows_text`: whether
    these notifications may tell what the message is about.
    """

    ends_at: str
    rights: frozenset[Right] = frozenset({Right.READ})
    service_ids: tuple[ServiceId, ...] | None = None
    is_notified: bool = False
    shows_text: bool = False


@dataclass(frozen=True, slots=True)
class Delegation:
    """A delegation; times as `values.timestamp` writes them.

    `delegate`: None until somebody takes the offer.
    """

    id: DelegationId
    kind: DelegationKind
    state: DelegationState
    terms: Terms
    created_at: str
    changed_at: str
    changed_by: Side
    owner_name: Masked = _NONE
    delegate: FiscalCode | None = None
    delegate_name: Masked = _NONE

    @property
    def is_open(self) -> bool:
        """Whether nobody ended it; its own end may have come."""
        return self.state in {DelegationState.OFFERED, DelegationState.ACTIVE}

    @property
    def end(self) -> str:
        """The time of its end, unless one of the two ends it before; an offer has a short life."""
        if self.state is not DelegationState.OFFERED:
            return self.terms.ends_at
        return min(self.terms.ends_at, timestamp(parse_timestamp(self.created_at) + OFFER_LIFE))

    def state_at(self, now: datetime) -> DelegationState:
        """Return the state as of now."""
        at = timestamp(now)
        return DelegationState.EXPIRED if self.is_open and self.end <= at else self.state

    @property
    def is_registered(self) -> bool:
        """Whether a register gave it."""
        return self.kind is not DelegationKind.GRANTED

    def is_of(self, delegate: FiscalCode) -> bool:
        """Tell whether this person is the delegate."""
        return self.delegate == delegate

    def is_registered_for(self, delegate: FiscalCode, now: datetime) -> bool:
        """Tell whether this person may act now because a register says so."""
        in_force = self.state_at(now) is DelegationState.ACTIVE
        return in_force and self.is_registered and self.is_of(delegate)

    def is_forgotten(self, now: datetime) -> bool:
        """Tell whether the delegation ended so long ago that nobody sees it any more."""
        if self.state_at(now) in {DelegationState.OFFERED, DelegationState.ACTIVE}:
            return False
        ended = self.changed_at if self.state is DelegationState.ENDED else self.end
        return ended <= timestamp(now - KEPT)

    def bounds(self) -> Bounds:
        """Return the bounds of the delegate's access."""
        ids = self.terms.service_ids
        services = None if ids is None else frozenset(ids)
        return Bounds(self.id, self.terms.rights, services, self.owner_name)

    def taken(self, delegate: FiscalCode, name: Masked, now: datetime) -> "Delegation":
        """Return the delegation whose offer this person took."""
        return replace(
            self,
            state=DelegationState.ACTIVE,
            delegate=delegate,
            delegate_name=name,
            changed_at=timestamp(now),
            changed_by=Side.DELEGATE,
        )

    def confirmed(self, known: "Delegation") -> "Delegation":
        """Return what a register says now, in place of the known delegation that it gave before."""
        return replace(
            self,
            id=known.id,
            created_at=known.created_at,
            delegate_name=self.delegate_name or known.delegate_name,
        )

    def ended(self, side: Side, now: datetime) -> "Delegation":
        """Return the delegation that this side ended; an ended one stays as it is."""
        if not self.is_open:
            return self
        return replace(
            self, state=DelegationState.ENDED, changed_at=timestamp(now), changed_by=side
        )
