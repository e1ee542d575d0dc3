"""Organisations are stored, and those without a record count as approved."""

import pytest

from lib.domain.organizations.organization import OrganizationState
from tests.builders.organizations import FISCAL_CODE, with_organization
from tests.stack import Stack


async def test_an_organisation_without_a_record_counts_as_approved(stack: Stack) -> None:
    """Services of version 2026.11 have no record of their organisation."""
    assert await stack.app.repositories.organizations.is_approved(FISCAL_CODE)


@pytest.mark.parametrize("state", OrganizationState)
async def test_only_an_approved_organisation_is_approved(
    stack: Stack, state: OrganizationState
) -> None:
    """Neither a trial nor a suspension is an approval."""
    await with_organization(stack, state)

    is_approved = await stack.app.repositories.organizations.is_approved(FISCAL_CODE)
    assert is_approved == (state is OrganizationState.APPROVED)
