"""Payment notices as their sender sees them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.http.pa.messages import RequestWarning
from lib.domain.payment import Payment, PaymentStatus, RptId
from lib.domain.recipient import Language
from lib.domain.standing import NoticePaymentStatus
from lib.domain.values import FiscalCodeField, MessageId
from lib.use_cases.carry_notice import NoticeState

NoticeStatus = Literal["ACCEPTED", "PROCESSED", "REJECTED", "FAILED", "INCOMPLETE"]
"""Where the message stands; INCOMPLETE: there is none, and the same notice sent again makes it."""


Contested = Annotated[
    bool | None,
    Field(
        description="true where another service asks for this payment, too, or did until your "
        "notice took its place: the notice of the payee's own service counts"
    ),
]


class PaymentNoticeReceipt(BaseModel):
    """Where the notice stands; `changed` names what this call amended, where it did."""

    rpt_id: RptId
    message_id: MessageId
    version: int
    status: NoticeStatus
    payment_status: NoticePaymentStatus
    changed: list[str] | None = None
    contested: Contested = None
    warnings: list[RequestWarning] | None = None


class InstalmentView(BaseModel):
    """An instalment, and what became of its payment; its message comes 30 days before it is due."""

    notice_number: str
    amount_cents: int
    due_date: str
    message_id: MessageId | None = None
    payment_status: PaymentStatus
    paid_at: str | None = None


class AmendmentView(BaseModel):
    """When the notice came to a version, and which fields changed, or `reopened`."""

    version: int
    at: str
    changed: list[str]


class PaymentNoticeView(BaseModel):
    """A notice as it is now; `amendments` are the last ten.

    `payment_status` is PARTLY_PAID once an instalment is paid, and PAID with the last of them or
    with the whole sum; `paid_at` is when the whole sum was paid at once.
    """

    rpt_id: RptId
    fiscal_code: FiscalCodeField
    payee: str
    notice_number: Annotated[str | None, Field(description="of the whole sum")] = None
    amount_cents: int | None = None
    due_date: str | None = None
    instalments: list[InstalmentView] | None = None
    subject: str
    description: str | None = None
    invalid_after_due_date: bool
    language: Annotated[
        Language | None, Field(description="the message's, once it is PROCESSED")
    ] = None
    created_at: str
    version: int
    amendments: list[AmendmentView]
    cancelled_at: str | None = None
    reopened_at: str | None = None
    message_id: MessageId
    status: NoticeStatus
    payment_status: NoticePaymentStatus
    paid_at: str | None = None
    contested: Contested = None


def seen_by_sender(state: NoticeState) -> PaymentNoticeView:
    """Build the view of a notice as it was read."""
    notice = state.notice
    whole = notice.terms[0] if notice.has_whole else None
    return PaymentNoticeView(
        rpt_id=notice.rpt_id,
        fiscal_code=notice.fiscal_code,
        payee=notice.payee,
        notice_number=whole and whole.notice_number,
        amount_cents=whole and whole.amount,
        due_date=whole and whole.due_date,
        instalments=_instalments(state) or None,
        subject=notice.subject,
        description=notice.description,
        invalid_after_due_date=notice.invalid_after_due_date,
        language=state.language,
        created_at=notice.created_at,
        version=notice.version,
        amendments=[AmendmentView.model_validate(one._asdict()) for one in notice.amendments],
        cancelled_at=notice.cancelled_at,
        reopened_at=notice.reopened_at,
        message_id=notice.message_id,
        status=message_status(state),
        payment_status=state.payment_status,
        contested=state.is_contested or None,
        paid_at=_paid_at(state.payments[0]) if whole and state.payments else None,
    )


def _paid_at(payment: Payment | None) -> str | None:
    if payment is None or payment.event is None or payment.status != "PAID":
        return None
    return payment.event.paid_at or payment.event.occurred_at


def _instalments(state: NoticeState) -> list[InstalmentView]:
    notice = state.notice
    first = int(notice.has_whole)
    return [
        InstalmentView(
            notice_number=term.notice_number,
            amount_cents=term.amount,
            due_date=term.due_date,
            message_id=message_id,
            payment_status=payment.status if payment else "NOT_PAID",
            paid_at=_paid_at(payment),
        )
        for term, message_id, payment in zip(
            notice.instalments, notice.message_ids[first:], state.payments[first:], strict=True
        )
    ]


def message_status(state: NoticeState) -> NoticeStatus:
    """Return where the notice's own message stands."""
    return state.message_status or "INCOMPLETE"  # type: ignore[return-value]  # the model checks it
