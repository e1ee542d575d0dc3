"""Turn a row of a batch into its message, or into its payment notice."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ulid import ULID

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.messages.message import Message
from lib.domain.messages.message_id import LANES
from lib.domain.messages.message_parts import (
    Category,
    InlineContent,
    PaymentRequest,
    SharedContent,
)
from lib.domain.messages.words.about import ABOUT, about_of_row
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_request import Term
from lib.domain.payments.brake import DuplicatePolicy
from lib.domain.profiles.choices import DEFAULT_LANGUAGE
from lib.domain.shared.identifiers import BatchId, MessageId, OrganizationFiscalCode

MAX_TEXT_OF_NOTICE: Final = 6000
"""The most UTF-16 code units of a row's text beside what a payment notice says of its sums."""

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
    changes: dict[str, Any] = {
        "id": id_,
        "fiscal_code": row.fiscal_code,
        "reference": row.reference or common.reference,
    }
    about = about_of_row(row.values)
    if about is not None:
        changes["about"] = about.value
    due_date = common.due_date
    if row.due_date is not None:
        due_date = changes["due_date"] = str(row.due_date)
        changes["due_day"] = row.due_date.day
    own: dict[str, Any] = {} if due_date is None else {"due_date": due_date}
    payment = _payment(row, payee)
    if payment is not None:
        own["payment_data"] = {
            "amount": payment.amount,
            "notice_number": payment.notice_number,
            "invalid_after_due_date": payment.is_invalid_after_due_date,
            "payee": {"fiscal_code": payment.payee_fiscal_code},
        }
        changes |= {
            "amount": payment.amount,
            "payment_status": "NOT_PAID",
            "category": Category("PAYMENT", payment.rpt_id),
            "duplicate_policy": policy,
        }
    match common.content:
        case InlineContent(subject, _, fields):
            changes["content"] = InlineContent(subject, payment, {**fields, **own})
        case SharedContent(content_id, subject, _, fields):
            changes["content"] = SharedContent(content_id, subject, payment, {**fields, **own})
    # once, since a copy of a message costs more than all the rest
    return replace(common, **changes)


def _payment(row: Row, payee: OrganizationFiscalCode) -> PaymentRequest | None:
    asked = row.payment
    if asked is None or asked.notice_number is None or asked.amount is None:
        return None
    return PaymentRequest(
        amount=asked.amount,
        notice_number=asked.notice_number,
        payee_fiscal_code=asked.payee or payee,
        is_invalid_after_due_date=asked.invalid_after_due_date,
    )


def row_notice(
    batch: Batch,
    row: Row,
    id_: MessageId,
    created_at: str,
    *,
    payee: OrganizationFiscalCode,
    subject: str,
    markdown: str,
) -> Notice:
    """Return the payment notice of a row with instalments, the same in each run.

    `id_`: that of its message. `payee`: the sender's organisation. `subject`, `markdown`: the text
    of the batch for this row.
    """
    asked = row.payment
    if asked is None or not asked.instalments:
        raise ValueError("the row has no instalments")
    whole: tuple[Term, ...] = ()
    if asked.notice_number is not None and asked.amount is not None and row.due_date is not None:
        due = row.due_date
        whole = (Term(asked.notice_number, asked.amount, str(due), due.day),)
    terms = (*whole, *asked.instalments)
    content = batch.form["content"]
    own = {name: content[name] for name in ("require_secure_channels",) if name in content}
    about = about_of_row(row.values)
    if about is not None:
        own[ABOUT] = about.value.fields
    return Notice(
        payee=asked.payee or payee,
        fiscal_code=row.fiscal_code,
        service_id=batch.service_id,
        user_id=batch.sender_user_id,
        intermediary=batch.intermediary,
        created_at=created_at,
        language=DEFAULT_LANGUAGE,
        subject=subject,
        description=None,
        invalid_after_due_date=asked.invalid_after_due_date,
        terms=terms,
        message_ids=(id_, *(None for _ in terms[1:])),
        has_whole=bool(whole),
        reference=row.reference,
        markdown=markdown,
        settings={**batch.form["message"], **own},
    )
