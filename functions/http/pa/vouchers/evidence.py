"""Read the evidence that came with a call of the sender's own."""

import hashlib
from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.identity.errors import EvidenceNotFoundError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    EvidenceId,
    PurposeIdField,
    UlidField,
    VoucherClientIdField,
)
from lib.domain.shared.model import Model

READERS = Senders(frozenset((Group.MESSAGE_READ,)))


class Evidence(Model):
    """Evidence of who acted at the sender's, as it came with a call."""

    id: Annotated[UlidField, says("The id of the evidence.")]
    at: Annotated[str, says("When the call came: date and time in UTC.")]
    operation: Annotated[str, says("The operation that was called, by its `operationId`.")]
    client_id: VoucherClientIdField
    purpose_id: PurposeIdField
    evidence: Annotated[
        str, says("The JWT of the header `Agid-JWT-TrackingEvidence`, as the client signed it.")
    ]
    sha256: Annotated[str, says("The SHA-256 of the JWT, as a voucher names it: 64 digits.")]


async def _read(call: Call[Sender, None, None]) -> Answer:
    kept = await call.app.identity.evidence.read(call.caller, EvidenceId(call.path["evidence_id"]))
    answer = Evidence(
        id=kept.id,
        at=kept.at,
        operation=kept.operation,
        client_id=kept.client_id,
        purpose_id=kept.purpose_id,
        evidence=kept.token,
        sha256=hashlib.sha256(kept.token.encode()).hexdigest(),
    )
    return Answer(200, answer, {"Cache-Control": "no-store"})


read_evidence = Endpoint(
    name="read_evidence",
    is_ours=True,
    method="GET",
    path="/api/v1/evidence/{evidence_id}",
    summary="Read the evidence that came with a call of yours",
    description=(
        "The evidence of a call with a voucher is kept for two years, encrypted. The answer to the "
        "call has its id in the header `Recapito-Evidence`; a message names its evidence with "
        "`Prefer: include=evidence`."
    ),
    tag="sender",
    policy=READERS,
    parameters={"evidence_id": Annotated[UlidField, says("The id of the evidence.")]},
    handler=_read,
    answers={200: Evidence},
    refusals=(EvidenceNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_evidence,)
