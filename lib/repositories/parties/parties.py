"""Store the delegations of each owner in one document, and the leads of each delegate in another.

One document has all delegations of an owner, so that their number is bounded also under concurrent
calls, and one point read tells whether a delegate may act.
"""

import contextlib
from collections.abc import Callable, Iterable

from lib.domain.identity.acting import DelegationId
from lib.domain.parties.delegation import Delegation
from lib.domain.parties.given import Given
from lib.domain.parties.held import Held, Lead
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.documents import Document, DocumentStore, Stored
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import PARTIES
from lib.repositories.parties.delegation_mapping import delegation_document, delegation_of
from lib.repositories.shared.optimistic import until_written

GIVEN_ID = "given"
HELD_ID = "held"


class Parties:
    """Read and change delegations and leads. Cost: one point read; a change one write more."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def given(self, owner: FiscalCode) -> Given:
        """Return all delegations of an owner."""
        return _given_of(owner, await self._read(owner, GIVEN_ID))

    async def held(self, delegate: FiscalCode) -> Held:
        """Return the leads of a person."""
        return _held_of(await self._read(delegate, HELD_ID))

    async def change_given(self, owner: FiscalCode, change: Callable[[Given], Given]) -> Given:
        """Store what `change` returns of the present delegations; return it."""

        async def attempt() -> Given:
            stored = await self._read(owner, GIVEN_ID)
            before = _given_of(owner, stored)
            after = change(before)
            if after != before:
                await self._write(stored, _given_document(after))
            return after

        return await until_written("the delegations of a citizen", attempt)

    async def change_held(self, delegate: FiscalCode, change: Callable[[Held], Held]) -> Held:
        """Store what `change` returns of the present leads; return it."""

        async def attempt() -> Held:
            stored = await self._read(delegate, HELD_ID)
            before = _held_of(stored)
            after = change(before)
            if after != before:
                await self._write(stored, _held_document(delegate, after))
            return after

        return await until_written("the parties of a citizen", attempt)

    async def without_leads(self, given: Iterable[Delegation]) -> frozenset[DelegationId]:
        """Take the leads to these delegations from their delegates; return the ids.

        Cost: a read and a write for each delegate.
        """
        all_ = tuple(given)
        ids = frozenset(one.id for one in all_)
        for delegate in {one.delegate for one in all_ if one.delegate is not None}:
            await self.change_held(delegate, lambda held: held.without(ids))
        return ids

    async def forget(self, fiscal_code: FiscalCode) -> None:
        """Delete both documents, of an erased citizen. Cost: two deletes."""
        for id_ in (GIVEN_ID, HELD_ID):
            with contextlib.suppress(NotFoundError):
                await self._store.delete(PARTIES, fiscal_code, id_)

    async def _read(self, fiscal_code: FiscalCode, id_: str) -> Stored | None:
        try:
            return await self._store.read(PARTIES, fiscal_code, id_)
        except NotFoundError:
            return None

    async def _write(self, stored: Stored | None, document: Document) -> None:
        if stored is None:
            await self._store.create(PARTIES, document)
        else:
            await self._store.replace(PARTIES, document, if_match=stored.etag)


def _given_of(owner: FiscalCode, stored: Stored | None) -> Given:
    documents = () if stored is None else stored.document["delegations"]
    return Given(owner, tuple(map(delegation_of, documents)))


def _given_document(given: Given) -> Document:
    return {
        "id": GIVEN_ID,
        "fiscal_code": given.owner,
        "delegations": [delegation_document(one) for one in given.all],
    }


def _held_of(stored: Stored | None) -> Held:
    documents = () if stored is None else stored.document["parties"]
    leads = (Lead(FiscalCode(one["owner"]), DelegationId(one["id"])) for one in documents)
    # absent in what was stored before there were registers
    asked_at = "" if stored is None else stored.document.get("asked_at", "")
    return Held(tuple(leads), asked_at)


def _held_document(delegate: FiscalCode, held: Held) -> Document:
    return {
        "id": HELD_ID,
        "fiscal_code": delegate,
        "parties": [{"owner": one.owner, "id": one.id} for one in held.all],
        "asked_at": held.asked_at,
    }
