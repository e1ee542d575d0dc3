"""Store the evidence that came with calls, sealed, by the service for which they were made."""

import hashlib

from lib.domain.identity.vouchers.kept_evidence import KeptEvidence
from lib.domain.shared.identifiers import EvidenceId, ServiceId
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import LimitError, NotFoundError
from lib.ports.schema.senders import TRACKING_EVIDENCE
from lib.repositories.identity.evidence_seal import EvidenceSeal


class EvidenceLog:
    """Keep evidence for two years, and return it by its id.

    `seal`: None for an installation that takes no vouchers, which keeps nothing.
    """

    def __init__(self, store: DocumentStore, seal: EvidenceSeal | None) -> None:
        self._store = store
        self._seal = seal

    async def keep(self, evidence: KeptEvidence) -> None:
        """Store new evidence. Cost: one create."""
        if self._seal is None:
            raise ValueError("there is no secret for evidence")
        document: Document = {
            "id": evidence.id,
            "service_id": evidence.service_id,
            "user_id": evidence.user_id,
            "client_id": evidence.client_id,
            "purpose_id": evidence.purpose_id,
            "operation": evidence.operation,
            "at": evidence.at,
            "sha256": hashlib.sha256(evidence.token.encode()).hexdigest(),
            "sealed": self._seal.seal(evidence.id, evidence.token),
        }
        await self._store.create(TRACKING_EVIDENCE, document)

    async def get(self, service_id: ServiceId, id_: EvidenceId) -> KeptEvidence | None:
        """Return the evidence; None if there is none with this id. Cost: one point read."""
        try:
            stored = await self._store.read(TRACKING_EVIDENCE, service_id, id_)
        except (NotFoundError, LimitError):  # the id comes from outside, and may be none
            return None
        if self._seal is None:
            return None
        document = stored.document
        return KeptEvidence(
            id=document["id"],
            service_id=document["service_id"],
            user_id=document["user_id"],
            client_id=document["client_id"],
            purpose_id=document["purpose_id"],
            operation=document["operation"],
            at=document["at"],
            token=self._seal.open(document["id"], document["sealed"]),
        )
