"""Replace a manage key of an organisation."""

from lib import telemetry
from lib.domain.organizations.errors import KeyInUseError, OrganizationNotFoundError
from lib.domain.organizations.organization import KeyChange, KeyChanger
from lib.domain.services.errors import SubscriptionNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.subscription import Manager, Operator
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.organizations.organizations import Organizations
from lib.use_cases.services.issue_keys import IssueKeys, ShownKeys


class ReplaceManageKey:
    """Make a new manage key in one slot, and keep the replacement in the organisation's record.

    The record is written first, so that no key changes without a trace. A call that died after it
    is repeated, and leaves one entry more.
    Cost: two point reads and a replace, and the cost of IssueKeys.
    """

    def __init__(self, organizations: Organizations, keys: IssueKeys, clock: Clock) -> None:
        self._organizations = organizations
        self._keys = keys
        self._clock = clock

    async def own(
        self, manager: Manager, fiscal_code: OrganizationFiscalCode, slot: KeySlot
    ) -> ShownKeys:
        """Replace the key that the manager does not call with; return it, and the other masked.

        So a manager that loses the answer still has the key of the call. Raise
        OrganizationNotFoundError for another organisation, and KeyInUseError.
        """
        if fiscal_code != manager.organization_fiscal_code:
            raise OrganizationNotFoundError
        if manager.slot == slot:
            raise KeyInUseError
        subscription_id = manager.subscription.id
        # an organisation of version 2026.11 has no record, and may replace its keys all the same
        await self._record(fiscal_code, slot, "ORGANIZATION", manager.user_id)
        return await self._replaced(subscription_id, slot)

    async def of(
        self, operator: Operator, fiscal_code: OrganizationFiscalCode, slot: KeySlot
    ) -> ShownKeys:
        """Replace a key of any organisation, as an operator. Raise OrganizationNotFoundError."""
        subscription_id = await self._record(fiscal_code, slot, "OPERATOR", operator.user_id)
        if subscription_id is None:
            raise OrganizationNotFoundError
        return await self._replaced(subscription_id, slot)

    async def _record(
        self, fiscal_code: OrganizationFiscalCode, slot: KeySlot, by: KeyChanger, user_id: str
    ) -> str | None:
        """Store the change; return the id of the manage subscription, None without a record."""
        change = KeyChange(timestamp(self._clock.now()), slot, by, user_id)
        organization = await self._organizations.change(
            fiscal_code, lambda before: before.replacing(change)
        )
        return None if organization is None else organization.manage_subscription_id

    async def _replaced(self, subscription_id: str, slot: KeySlot) -> ShownKeys:
        try:
            shown = await self._keys.replace(subscription_id, slot)
        except SubscriptionNotFoundError:
            raise OrganizationNotFoundError from None
        telemetry.manage_key_replaced(subscription_id, slot)
        return shown
