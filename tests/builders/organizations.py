"""Organisations in the store of a stack."""

from typing import Any, Final

from lib.domain.organizations.delegation import Delegation, DelegationState, Side, Terms
from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.repositories.organizations.delegated_messages import DelegatedMessage
from tests.stack import Stack

FISCAL_CODE: Final = OrganizationFiscalCode("80016350821")
INTERMEDIARY: Final = OrganizationFiscalCode("12345678903")


def an_organization(
    state: OrganizationState = OrganizationState.APPROVED,
    fiscal_code: str = FISCAL_CODE,
    **changes: Any,
) -> Organization:
    """Return an organisation in the state."""
    return Organization(
        **{
            "fiscal_code": fiscal_code,
            "name": "Comune di Prova",
            "state": state,
            "user_id": f"user-of-{fiscal_code}",
            "manage_subscription_id": f"MANAGE-of-{fiscal_code}",
            "created_at": "2027-01-01T08:00:00.000Z",
            **changes,
        }
    )


async def with_organization(
    stack: Stack,
    state: OrganizationState = OrganizationState.APPROVED,
    fiscal_code: str = FISCAL_CODE,
    **changes: Any,
) -> Organization:
    """Store an organisation and return it."""
    organization = an_organization(state, fiscal_code, **changes)
    return await stack.app.repositories.organizations.create(organization)


async def with_delegation(
    stack: Stack,
    organization: str = FISCAL_CODE,
    intermediary: str = INTERMEDIARY,
    state: DelegationState = DelegationState.ACTIVE,
    **terms: Any,
) -> Delegation:
    """Store a delegation and return it."""
    delegation = Delegation(
        organization_fiscal_code=OrganizationFiscalCode(organization),
        intermediary_fiscal_code=OrganizationFiscalCode(intermediary),
        state=state,
        terms=Terms(**terms),
        created_at="2027-01-01T08:00:00.000Z",
        changed_at="2027-01-01T08:00:00.000Z",
        changed_by=Side.ORGANIZATION,
    )
    await stack.app.repositories.delegations.put(
        delegation.organization_fiscal_code,
        delegation.intermediary_fiscal_code,
        lambda _: delegation,
    )
    return delegation


async def with_trial_and_delegation(stack: Stack) -> None:
    """Store a document in each container of organisations."""
    await with_organization(stack)
    delegation = await with_delegation(stack)
    await stack.app.repositories.delegated_messages.log(
        delegation.organization_fiscal_code,
        delegation.intermediary_fiscal_code,
        DelegatedMessage(MessageId("a-message"), ServiceId("a-service"), delegation.created_at),
    )
    await stack.app.organizations.apply(FISCAL_CODE, "", None)
    await stack.app.repositories.organization_days.add(
        FISCAL_CODE, "messages", "2027-01-01", cap=50
    )
