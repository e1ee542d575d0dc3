"""Calls with a voucher of PDND in place of a key."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from lib.composition.app import App
from lib.domain.identity.errors import InvalidVoucherError
from lib.domain.identity.vouchers.evidence import TrackingEvidence
from lib.domain.identity.vouchers.proof import ProvenCall
from lib.domain.services.service import Sender
from lib.domain.services.subscription import KeyHolder
from lib.use_cases.identity.vouchers.voucher_holder import VoucherHolder

AUTHORIZATION: Final = "authorization"
PROOF: Final = "dpop"
EVIDENCE_HEADER: Final = "Recapito-Evidence"
"""The header of an answer with the id of the evidence that came with the call."""


async def holder_of_voucher(
    app: App, headers: Mapping[str, str], method: str, url: str, address: str | None
) -> VoucherHolder:
    """Return the caller of the request's voucher.

    Raise InvalidVoucherError, TooManyFailuresError, UnavailableError.
    """
    authorization, proof = headers.get(AUTHORIZATION, ""), headers.get(PROOF)
    if not authorization.isascii() or not (proof or "").isascii():
        raise InvalidVoucherError("the voucher is malformed", "Authorization")

    def call(bases: tuple[str, ...], is_local: bool) -> ProvenCall:  # noqa: FBT001 - by position
        return ProvenCall(method, _path_of(url), bases, is_local)

    return await app.identity.authenticate_voucher(authorization, proof, call, address)


async def checked_evidence(
    app: App, holder: VoucherHolder, headers: Mapping[str, str], body: bytes
) -> TrackingEvidence | None:
    """Check what is signed beside a voucher; return the evidence, None if there is none.

    Raise InvalidVoucherError, UnavailableError.
    """
    return await app.identity.check_request(holder.voucher, holder.link, headers, body)


async def with_evidence[C](
    app: App, caller: C, evidence: TrackingEvidence, operation: str, answer_headers: dict[str, str]
) -> C:
    """Keep the evidence of a call, and return the caller with its id, if it is a sender.

    The answer's headers get the id: most calls make no message that names the evidence.
    """
    match caller:
        case Sender():
            service_id, user_id = caller.service.id, caller.user_id
            id_ = await app.identity.evidence(evidence, service_id, user_id, operation)
            answer_headers[EVIDENCE_HEADER] = id_
            return replace(caller, evidence_id=id_)
        case KeyHolder(subscription=subscription, service=service) if service is not None:
            user_id = subscription.user_id
            id_ = await app.identity.evidence(evidence, service.id, user_id, operation)
            answer_headers[EVIDENCE_HEADER] = id_
    return caller


def _path_of(url: str) -> str:
    """Return the path of the call; nothing for a malformed Host, so that no proof names it."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
