"""Give, request, revoke and list delegations, and read what was sent by them."""

from lib.domain.organizations.delegation import Delegation, Side, Terms, new_delegation
from lib.domain.organizations.errors import (
    DelegationEndError,
    DelegationNotFoundError,
    SelfDelegationError,
)
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.organizations.delegated_messages import (
    DelegatedMessagePage,
    DelegatedMessages,
)
from lib.repositories.organizations.delegations import DelegationPage, Delegations


class Delegate:
    """Change and show the delegations of a manager's organisation.

    A revocation is one write: every lookup of an intermediary's key asks for the delegation, so all
    its keys are dead within the time for which keys are cached.
    Cost: one point read, and one write where something changes; two writes for a new delegation.
    Concurrency: of two changes at once, the second one is made to the outcome of the first.
    """

    def __init__(self, delegations: Delegations, messages: DelegatedMessages, clock: Clock) -> None:
        self._delegations = delegations
        self._messages = messages
        self._clock = clock

    async def give(
        self, manager: Manager, intermediary: OrganizationFiscalCode, terms: Terms
    ) -> Delegation:
        """Give a delegation, accept a requested one, or change its terms.

        Raise SelfDelegationError, DelegationEndError.
        """
        organization = manager.organization_fiscal_code
        new, now = self._new(organization, intermediary, Side.ORGANIZATION)
        _check_end(terms, now)
        return await self._delegations.put(
            organization, intermediary, lambda before: (before or new).given(terms, now)
        )

    async def request(
        self, manager: Manager, organization: OrganizationFiscalCode, terms: Terms
    ) -> Delegation:
        """Request a delegation; one that is given stays as it is.

        Raise SelfDelegationError, DelegationEndError.
        """
        intermediary = manager.organization_fiscal_code
        new, now = self._new(organization, intermediary, Side.INTERMEDIARY)
        _check_end(terms, now)
        return await self._delegations.put(
            organization, intermediary, lambda before: (before or new).requested(terms, now)
        )

    async def revoke(
        self, manager: Manager, other: OrganizationFiscalCode, side: Side
    ) -> Delegation:
        """Revoke the delegation to or from the other organisation, as this side.

        Raise DelegationNotFoundError.
        """
        organization, intermediary = _sides(manager, other, side)
        now = timestamp(self._clock.now())

        def revoked(before: Delegation | None) -> Delegation:
            if before is None:
                raise DelegationNotFoundError
            return before.revoked(side, now)

        return await self._delegations.put(organization, intermediary, revoked)

    async def page(self, manager: Manager, side: Side, continuation: str | None) -> DelegationPage:
        """Return a page of the delegations in which the organisation is this side.

        Raise ContinuationError.
        """
        own = manager.organization_fiscal_code
        if side is Side.ORGANIZATION:
            return await self._delegations.given(own, continuation)
        return await self._delegations.received(own, continuation)

    async def log(
        self,
        manager: Manager,
        other: OrganizationFiscalCode,
        side: Side,
        continuation: str | None,
    ) -> DelegatedMessagePage:
        """Return a page of what the intermediary sent for the organisation.

        Raise DelegationNotFoundError, ContinuationError.
        """
        delegation = await self._delegations.get(*_sides(manager, other, side))
        if delegation is None:
            raise DelegationNotFoundError
        return await self._messages.page(delegation, continuation)

    def _new(
        self,
        organization: OrganizationFiscalCode,
        intermediary: OrganizationFiscalCode,
        side: Side,
    ) -> tuple[Delegation, str]:
        if organization == intermediary:
            raise SelfDelegationError
        now = timestamp(self._clock.now())
        return new_delegation(organization, intermediary, now, side), now


def _check_end(terms: Terms, now: str) -> None:
    if terms.ends_at is not None and terms.ends_at <= now:
        raise DelegationEndError


def _sides(
    manager: Manager, other: OrganizationFiscalCode, side: Side
) -> tuple[OrganizationFiscalCode, OrganizationFiscalCode]:
    """Return organisation and intermediary. `side`: the side of the manager's organisation."""
    own = manager.organization_fiscal_code
    return (own, other) if side is Side.ORGANIZATION else (other, own)
