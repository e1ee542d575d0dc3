"""Store organisations."""

from collections.abc import Callable
from typing import NamedTuple

from lib.domain.organizations.organization import Organization, OrganizationState
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import Condition, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.senders import ORGANIZATIONS
from lib.repositories.organizations.organization_mapping import (
    KIND,
    organization_document,
    organization_of,
)
from lib.repositories.shared.optimistic import until_written


class OrganizationPage(NamedTuple):
    """One page of organisations; `continuation` is None on the last page."""

    items: tuple[Organization, ...]
    continuation: str | None


class Organizations:
    """Read, create and change organisations."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def is_approved(self, organization_fiscal_code: OrganizationFiscalCode) -> bool:
        """Tell whether the organisation may write to every citizen.

        An organisation without a record counts as approved, since services of version 2026.11 have
        none.
        Cost: one point read.
        """
        organization = await self.get(organization_fiscal_code)
        return organization is None or organization.state is OrganizationState.APPROVED

    async def get(self, fiscal_code: OrganizationFiscalCode) -> Organization | None:
        """Return the organisation as it is now; None where there is none. Cost: one point read."""
        try:
            stored = await self._store.read(ORGANIZATIONS, KIND, fiscal_code)
        except NotFoundError:
            return None
        return organization_of(stored.document)

    async def create(self, organization: Organization) -> Organization:
        """Store a new organisation; return the stored one, which may be an earlier one."""

        async def attempt() -> Organization:
            try:
                await self._store.create(ORGANIZATIONS, organization_document(organization))
            except ConflictError:
                stored = await self._store.read(ORGANIZATIONS, KIND, organization.fiscal_code)
                return organization_of(stored.document)
            return organization

        return await until_written("the organisation", attempt)

    async def change(
        self, fiscal_code: OrganizationFiscalCode, change: Callable[[Organization], Organization]
    ) -> Organization | None:
        """Store what `change` returns; None where there is no such organisation."""

        async def attempt() -> Organization:
            stored = await self._store.read(ORGANIZATIONS, KIND, fiscal_code)
            before = organization_of(stored.document)
            after = change(before)
            if after != before:
                document = {**stored.document, **organization_document(after)}
                await self._store.replace(ORGANIZATIONS, document, if_match=stored.etag)
            return after

        if await self.get(fiscal_code) is None:
            return None
        return await until_written("the organisation", attempt)

    async def page(
        self, state: OrganizationState | None, limit: int, continuation: str | None
    ) -> OrganizationPage:
        """Return organisations in the order of their fiscal codes. Cost: one query.

        Raise ContinuationError.
        """
        where = (Condition("state", "=", state.value),) if state else ()
        query = Query(KIND, limit=limit, where=where, continuation=continuation)
        page = await self._store.query(ORGANIZATIONS, query)
        return OrganizationPage(
            tuple(organization_of(one) for one in page.items), page.continuation
        )
