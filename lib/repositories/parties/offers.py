"""Store open offers by the keyed hashes of their codes; an offer is deleted after its time."""

from collections.abc import Iterable

from lib.domain.identity.acting import DelegationId
from lib.domain.parties.held import Lead
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import PARTY_OFFERS


class Offers:
    """Keep and find offers."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, code_hash: str, lead: Lead) -> None:
        """Store an offer. Cost: one write."""
        document = {"id": code_hash, "fiscal_code": lead.owner, "delegation_id": lead.id}
        await self._store.upsert(PARTY_OFFERS, document)

    async def find(self, code_hashes: Iterable[str]) -> Lead | None:
        """Return the offer under one of these hashes of a code; None where there is none.

        Cost: one point read for each hash, which are two during a rotation of the secret.
        """
        for code_hash in code_hashes:
            try:
                stored = await self._store.read(PARTY_OFFERS, code_hash, code_hash)
            except NotFoundError:
                continue
            document = stored.document
            return Lead(
                FiscalCode(document["fiscal_code"]), DelegationId(document["delegation_id"])
            )
        return None
