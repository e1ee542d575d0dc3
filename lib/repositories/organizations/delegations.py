"""Store delegations, so that both sides list theirs."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from lib.domain.organizations.delegation import Delegation, DelegationState, Side, Terms
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import DELEGATIONS
from lib.repositories.shared.optimistic import until_written

PAGE: Final = 50

type Role = Literal["given", "received"]


class DelegationPage(NamedTuple):
    """One page of delegations; `continuation` is None on the last page."""

    items: tuple[Delegation, ...]
    continuation: str | None


class Delegations:
    """Read, change and list delegations.

    The delegation itself is a document of the organisation. The intermediary has a document that
    only leads to it, and is written before it. So a crash between the two leaves a document that
    leads nowhere, which lists leave out, and every list shows the present state.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(
        self, organization: OrganizationFiscalCode, intermediary: OrganizationFiscalCode
    ) -> Delegation | None:
        """Return the delegation; None where there is none. Cost: one point read."""
        try:
            stored = await self._store.read(DELEGATIONS, organization, _id("given", intermediary))
        except NotFoundError:
            return None
        return _delegation_of(stored.document)

    async def put(
        self,
        organization: OrganizationFiscalCode,
        intermediary: OrganizationFiscalCode,
        change: Callable[[Delegation | None], Delegation],
    ) -> Delegation:
        """Store what `change` returns of the present delegation, and return it.

        Cost: one point read; two writes the first time, then one.
        """
        id_ = _id("given", intermediary)

        async def attempt() -> Delegation:
            try:
                stored = await self._store.read(DELEGATIONS, organization, id_)
            except NotFoundError:
                stored = None
            before = None if stored is None else _delegation_of(stored.document)
            after = change(before)
            if after == before:
                return after
            if stored is None:
                lead = {"id": _id("received", organization), "party": intermediary}
                await self._store.upsert(DELEGATIONS, {**lead, "role": "received"})
                await self._store.create(DELEGATIONS, _document(after))
            else:
                document = {**stored.document, **_document(after)}
                await self._store.replace(DELEGATIONS, document, if_match=stored.etag)
            return after

        return await until_written("the delegation", attempt)

    async def given(
        self, organization: OrganizationFiscalCode, continuation: str | None
    ) -> DelegationPage:
        """Return a page of the delegations that the organisation gave or is asked for.

        Raise ContinuationError. Cost: one query.
        """
        page = await self._store.query(DELEGATIONS, _query(organization, "given", continuation))
        return DelegationPage(tuple(_delegation_of(one) for one in page.items), page.continuation)

    async def received(
        self, intermediary: OrganizationFiscalCode, continuation: str | None
    ) -> DelegationPage:
        """Return a page of the delegations to the intermediary, or requested by it.

        Raise ContinuationError. Cost: one query, and one point read for each delegation.
        """
        query = _query(intermediary, "received", continuation)
        page = await self._store.query(DELEGATIONS, query)
        found = [
            await self.get(OrganizationFiscalCode(_party_in(one["id"])), intermediary)
            for one in page.items
        ]
        return DelegationPage(tuple(one for one in found if one), page.continuation)


def _id(role: Role, other: OrganizationFiscalCode) -> str:
    """Return the id of a side's document. `other`: the other side."""
    return f"{role}-{other}"


def _party_in(id_: str) -> str:
    return id_.partition("-")[2]


def _query(party: OrganizationFiscalCode, role: Role, continuation: str | None) -> Query:
    where = (Condition("role", "=", role),)
    return Query(party, limit=PAGE, where=where, continuation=continuation)


def _document(delegation: Delegation) -> Document:
    terms = delegation.terms
    return {
        "id": _id("given", delegation.intermediary_fiscal_code),
        "party": delegation.organization_fiscal_code,
        "role": "given",
        "state": delegation.state.value,
        "service_ids": None if terms.service_ids is None else list(terms.service_ids),
        "ends_at": terms.ends_at,
        "call_limit": terms.call_limit,
        "created_at": delegation.created_at,
        "changed_at": delegation.changed_at,
        "changed_by": delegation.changed_by.value,
        "grants": delegation.grants,
    }


def _delegation_of(document: Document) -> Delegation:
    ids = document["service_ids"]
    return Delegation(
        organization_fiscal_code=document["party"],
        intermediary_fiscal_code=OrganizationFiscalCode(_party_in(document["id"])),
        state=DelegationState(document["state"]),
        terms=Terms(
            None if ids is None else tuple(ids), document["ends_at"], document["call_limit"]
        ),
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        changed_by=Side(document["changed_by"]),
        grants=document["grants"],
    )
