"""Turn a row of a batch into its message."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ulid import ULID

from lib.domain.batches.recipients.row import Row
from lib.domain.messages.message import Message
from lib.domain.messages.message_id import LANES
from lib.domain.messages.message_parts import (
    Category,
    InlineContent,
    PaymentRequest,
    SharedContent,
)
from lib.domain.payments.brake import DuplicatePolicy
from lib.domain.shared.identifiers import BatchId, MessageId, OrganizationFiscalCode

_RANDOM: Final = 6
"""The first random byte of a ULID."""


def row_message_id(batch_id: BatchId, row: int, chunk: int, began: datetime) -> MessageId:
    """Return the id of a row's message, the same in each run.

    `began`: the time of its part, which is that of the first run. The rows of a chunk have one lane
    (message_id), so that their writes can share requests.
    """
    octets = bytearray(ULID.from_datetime(began).bytes)
    digest = hashlib.blake2b(f"{batch_id}/{row}".encode(), digest_size=len(octets) - _RANDOM)
    octets[_RANDOM:] = digest.digest()
    octets[_RANDOM] = (octets[_RANDOM] & 0x0F) | (chunk % LANES) << 4
    return MessageId(str(ULID.from_bytes(bytes(octets))))


def row_message(
    common: Message,
    row: Row,
    id_: MessageId,
    *,
    payee: OrganizationFiscalCode,
    policy: DuplicatePolicy,
) -> Message:
    """Return the message of a row.

    `common`: the message of the batch in the citizen's language, with the text for this row.
    `payee`: the sender's organisation. `policy`: the service's treatment of a second message for a
    payment.
    """
    message = replace(
        common, id=id_, fiscal_code=row.fiscal_code, reference=row.reference or common.reference
    )
    if row.due_date is not None:
        message = replace(message, due_date=str(row.due_date), due_day=row.due_date.day)
    own: dict[str, Any] = {} if message.due_date is None else {"due_date": message.due_date}
    asked = row.payment
    payment = None
    if asked is not None and asked.notice_number is not None and asked.amount is not None:
        payment = PaymentRequest(
            amount=asked.amount,
            notice_number=asked.notice_number,
            payee_fiscal_code=asked.payee or payee,
            is_invalid_after_due_date=asked.invalid_after_due_date,
        )
        own["payment_data"] = {
            "amount": payment.amount,
            "notice_number": payment.notice_number,
            "invalid_after_due_date": payment.is_invalid_after_due_date,
            "payee": {"fiscal_code": payment.payee_fiscal_code},
        }
        message = replace(
            message,
            amount=payment.amount,
            payment_status="NOT_PAID",
            category=Category("PAYMENT", payment.rpt_id),
            duplicate_policy=policy,
        )
    content = message.content
    match content:
        case InlineContent():
            content = InlineContent(content.subject, payment, {**content.fields, **own})
        case SharedContent():
            content = replace(content, payment=payment, fields={**content.fields, **own})
    return replace(message, content=content)
