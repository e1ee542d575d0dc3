"""A delegation: an organisation lets an intermediary send for it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from lib.domain.services.service import Group
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import timestamp

MAX_SERVICES: Final = 500
_ID_BYTES: Final = 16
DELEGATED_GROUPS: Final = frozenset(
    {
        Group.MESSAGE_WRITE,
        Group.LIMITED_MESSAGE_WRITE,
        Group.MESSAGE_WRITE_ADVANCED,
        Group.THIRD_PARTY_MESSAGE_WRITE,
        Group.MESSAGE_WRITE_WITH_PAYEE,
        Group.MESSAGE_WRITE_EU_COVID_CERT,
        Group.MESSAGE_READ,
        Group.MESSAGE_READ_ADVANCED,
        Group.LIMITED_PROFILE_READ,
    }
)
"""The rights that a delegation passes on: to send and to follow, and not to change the service."""
LEAST_GROUPS: Final = frozenset(
    {Group.MESSAGE_WRITE, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ}
)
"""The rights of an intermediary at a service of version 2026.11, which has no subscription."""


class DelegationState(StrEnum):
    """The state of a delegation.

    REQUESTED: the intermediary asked for it. ACTIVE: the organisation gave it. REVOKED: one of the
    two ended it. EXPIRED: its end has come; this state is never stored.
    """

    REQUESTED = "REQUESTED"
    ACTIVE = "ACTIVE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class Side(StrEnum):
    """A side of a delegation."""

    ORGANIZATION = "ORGANIZATION"
    INTERMEDIARY = "INTERMEDIARY"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a delegation.

    `service_ids`: the services; None for all services of the organisation, later ones included.
    `ends_at`: the end (UTC); None for no end. `call_limit`: the intermediary's calls for each
    service in a window of five seconds; None for the default.
    """

    service_ids: tuple[ServiceId, ...] | None = None
    ends_at: str | None = None
    call_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Delegation:
    """A delegation; times in UTC.

    `grants`: how often the organisation gave it, after a request or a revocation. Keys of an
    earlier grant stay dead. `changed_by`: the side that made the last change.
    """

    organization_fiscal_code: OrganizationFiscalCode
    intermediary_fiscal_code: OrganizationFiscalCode
    state: DelegationState
    terms: Terms
    created_at: str
    changed_at: str
    changed_by: Side
    grants: int = 0

    def state_at(self, now: datetime) -> DelegationState:
        """Return the state as of now."""
        ends_at = self.terms.ends_at
        is_over = ends_at is not None and ends_at <= timestamp(now)
        if is_over and self.state is not DelegationState.REVOKED:
            return DelegationState.EXPIRED
        return self.state

    def includes(self, service_id: ServiceId) -> bool:
        """Tell whether the delegation is for this service."""
        return self.terms.service_ids is None or service_id in self.terms.service_ids

    def given(self, terms: Terms, now: str) -> "Delegation":
        """Return the delegation as the organisation gives it."""
        grants = self.grants + (self.state is not DelegationState.ACTIVE)
        given = self._changed(DelegationState.ACTIVE, terms, now, Side.ORGANIZATION)
        return replace(given, grants=grants)

    def requested(self, terms: Terms, now: str) -> "Delegation":
        """Return the delegation as the intermediary requests it; an active one stays as it is."""
        if self.state is DelegationState.ACTIVE:
            return self
        return self._changed(DelegationState.REQUESTED, terms, now, Side.INTERMEDIARY)

    def revoked(self, side: Side, now: str) -> "Delegation":
        """Return the revoked delegation; a revoked one stays as it is."""
        if self.state is DelegationState.REVOKED:
            return self
        return self._changed(DelegationState.REVOKED, self.terms, now, side)

    def _changed(self, state: DelegationState, terms: Terms, now: str, side: Side) -> "Delegation":
        if (state, terms) == (self.state, self.terms):
            return self
        return replace(self, state=state, terms=terms, changed_at=now, changed_by=side)


def new_delegation(
    organization: OrganizationFiscalCode,
    intermediary: OrganizationFiscalCode,
    now: str,
    side: Side,
) -> Delegation:
    """Return a delegation that the side has not given or requested yet."""
    return Delegation(organization, intermediary, DelegationState.REVOKED, Terms(), now, now, side)


def subscription_id_of(delegation: Delegation, service_id: ServiceId) -> str:
    """Return the id of the intermediary's subscription to the service, the same for a grant."""
    sides = f"{delegation.organization_fiscal_code}\n{delegation.intermediary_fiscal_code}"
    text = f"{sides}\n{service_id}\n{delegation.grants}"
    return f"DELEGATED-{hashlib.blake2b(text.encode(), digest_size=_ID_BYTES).hexdigest()}"
