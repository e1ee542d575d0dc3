"""Keep the evidence of who acted in a call, and return it to the sender that called."""

from ulid import ULID

from lib.domain.identity.errors import EvidenceNotFoundError
from lib.domain.identity.vouchers.evidence import TrackingEvidence
from lib.domain.identity.vouchers.kept_evidence import KeptEvidence
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import EvidenceId, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.identity.kept_evidence import EvidenceLog


class KeepEvidence:
    """Keep evidence before the call's work begins, so no work is without its evidence.

    A call that is refused later, or dies, has left its evidence: it tells of calls, and not of what
    came of them. Cost: one create, or one point read.
    """

    def __init__(self, log: EvidenceLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def __call__(
        self, evidence: TrackingEvidence, service_id: ServiceId, user_id: str, operation: str
    ) -> EvidenceId:
        """Store the evidence of a call of this account for this service; return its id."""
        now = self._clock.now()
        id_ = EvidenceId(str(ULID.from_datetime(now)))
        await self._log.keep(
            KeptEvidence(
                id=id_,
                service_id=service_id,
                user_id=user_id,
                client_id=evidence.client_id,
                purpose_id=evidence.purpose_id,
                operation=operation,
                at=timestamp(now),
                token=evidence.token,
            )
        )
        return id_

    async def read(self, sender: Sender, id_: EvidenceId) -> KeptEvidence:
        """Return evidence of the sender's own calls; raise EvidenceNotFoundError."""
        kept = await self._log.get(sender.service.id, id_)
        if kept is None or not sender.owns(kept.service_id, kept.user_id):
            raise EvidenceNotFoundError
        return kept
