"""Evidence as it is kept: which call it came with, and the evidence itself."""

from dataclasses import dataclass

from lib.domain.shared.identifiers import EvidenceId, PurposeId, ServiceId, VoucherClientId


@dataclass(frozen=True, slots=True, repr=False)
class KeptEvidence:
    """The evidence of one call; `at` is in UTC.

    `user_id`: the account that called. `operation`: the name of the endpoint. `token`: the JWT that
    the client signed, which names a person.
    """

    id: EvidenceId
    service_id: ServiceId
    user_id: str
    client_id: VoucherClientId
    purpose_id: PurposeId
    operation: str
    at: str
    token: str

    def __repr__(self) -> str:
        """Return the id alone: the rest names a person."""
        return f"{type(self).__name__}(id={self.id!r})"
