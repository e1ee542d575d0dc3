"""Evidence of who acts at the caller's: `Agid-JWT-TrackingEvidence`.

These are the patterns AUDIT_REST_01 and, with a digest in the voucher, AUDIT_REST_02 of the State's
guidelines (ModI). The evidence has personal data of the administration's clerk.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from lib.domain.identity.vouchers.parts import EVIDENCE
from lib.domain.identity.vouchers.voucher import Voucher
from lib.domain.shared.identifiers import PurposeId, VoucherClientId

LONGEST_LIFE: Final = timedelta(hours=24)
"""The longest life: the evidence of a voucher's digest lives as long as the voucher."""
LONGEST_TEXT: Final = 512
_ABOUT_PERSONS: Final = ("userID", "userLocation", "LoA", "loa")


@dataclass(frozen=True, slots=True, repr=False)
class TrackingEvidence:
    """Evidence that was verified. `token`: the whole JWT, which names a person."""

    client_id: VoucherClientId
    purpose_id: PurposeId
    token: str

    def __repr__(self) -> str:
        """Show nothing of the person."""
        return f"{type(self).__name__}(***)"


def check_claims(claims: Mapping[str, Any], voucher: Voucher, now: float) -> None:
    """Refuse evidence that is not of the voucher's purpose, or of another time."""
    EVIDENCE.check_end(EVIDENCE.expiry(claims, now, LONGEST_LIFE), now)
    EVIDENCE.text(claims, "jti")
    purpose = claims.get("purposeId", voucher.purpose_id)
    if not isinstance(purpose, str) or purpose.lower() != voucher.purpose_id:
        raise EVIDENCE.refusal("is for another purpose")
    for name in _ABOUT_PERSONS:
        if name in claims:
            EVIDENCE.text(claims, name, LONGEST_TEXT)


def check_against(voucher: Voucher, token: str | None) -> None:
    """Refuse a call without the evidence of which the voucher has the digest."""
    if voucher.evidence_digest is None:
        return
    if token is None:
        raise EVIDENCE.refusal("is missing, and the voucher has its digest")
    # before it is encoded: a header may have bytes that are no text
    EVIDENCE.check_form(token)
    digest = hashlib.sha256(token.encode()).hexdigest()
    if not hmac.compare_digest(digest, voucher.evidence_digest):
        raise EVIDENCE.refusal("is not that of the voucher's digest")
