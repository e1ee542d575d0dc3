"""Organisations in the store of a stack."""

from typing import Any, Final

from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.shared.identifiers import OrganizationFiscalCode
from tests.stack import Stack

FISCAL_CODE: Final = OrganizationFiscalCode("80016350821")


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
