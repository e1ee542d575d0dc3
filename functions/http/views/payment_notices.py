"""Payment notices in answers to their sender."""

from typing import Annotated, Literal

from functions.http.views.request_warnings import RequestWarning
from lib.domain.payment_notices.standing import NoticePaymentStatus
from lib.domain.payments.payment import Payment, PaymentStatus
from lib.domain.profiles.choices import Language
from lib.domain.shared.described import (
    AMOUNT_CENTS,
    CHANGED,
    DUE_AT,
    INVALID_AFTER_DUE_DATE,
    NOTICE_MESSAGE,
    NOTICE_PAYMENT_STATUS,
    NOTICE_STATUS,
    NOTICE_VERSION,
    PAID_AT,
    PAYMENT_STATUS,
    REFERENCE,
    says,
)
from lib.domain.shared.identifiers import (
    FiscalCodeField,
    MessageIdField,
    NoticeNumber,
    OrganizationFiscalCode,
    Reference,
    RptIdField,
)
from lib.domain.shared.model import Model
from lib.use_cases.payment_notices.apply_payment_notice import NoticeState

NoticeStatus = Literal["ACCEPTED", "PROCESSED", "REJECTED", "FAILED", "HELD", "INCOMPLETE"]
"""The status of the message. INCOMPLETE: there is none; the same notice sent again creates it."""


Contested = Annotated[
    bool | None,
    says(
        "True where another service asks for this payment as well, or did until your notice took "
        "the place of its own. The notice of the payee's own service counts. Absent: none does."
    ),
]


class PaymentNoticeReceipt(Model):
    """The status of the notice. `changed` names the fields that this call changed."""

    rpt_id: RptIdField
    message_id: Annotated[MessageIdField, NOTICE_MESSAGE]
    version: Annotated[int, NOTICE_VERSION]
    status: Annotated[NoticeStatus, NOTICE_STATUS]
    payment_status: Annotated[NoticePaymentStatus, NOTICE_PAYMENT_STATUS]
    changed: Annotated[
        list[str] | None,
        says("The names of the fields that this call changed. Absent: it changed nothing."),
    ] = None
    contested: Contested = None
    warnings: Annotated[
        list[RequestWarning] | None,
        says("The warnings about the accepted request. Absent: there are none."),
    ] = None


class InstalmentView(Model):
    """An instalment and its payment. Its message comes 30 days before the due date."""

    notice_number: Annotated[NoticeNumber, says("The notice number of the instalment, 18 digits.")]
    amount_cents: Annotated[int, AMOUNT_CENTS]
    due_date: Annotated[str, DUE_AT]
    message_id: Annotated[
        MessageIdField | None,
        says(
            "The id of the instalment's own message. Absent: it has none yet; it "
            "comes 30 days before the due date."
        ),
    ] = None
    payment_status: Annotated[PaymentStatus, PAYMENT_STATUS]
    paid_at: Annotated[str | None, PAID_AT] = None


class AmendmentView(Model):
    """A version of the notice: its time, and the fields that changed, or `reopened`."""

    version: Annotated[int, NOTICE_VERSION]
    at: Annotated[str, says("When the notice came to this version: date and time in UTC.")]
    changed: Annotated[list[str], CHANGED]


class PaymentNoticeView(Model):
    """The present state of a notice, with its last ten amendments.

    `payment_status` is PARTLY_PAID once an instalment is paid, and PAID once all instalments or the
    whole sum are paid. `paid_at`: the time at which the whole sum was paid at once.
    """

    rpt_id: RptIdField
    fiscal_code: Annotated[FiscalCodeField, says("The fiscal code of the debtor.")]
    payee: Annotated[
        OrganizationFiscalCode, says("The fiscal code of the organisation that is paid, 11 digits.")
    ]
    notice_number: Annotated[
        NoticeNumber | None,
        says("The notice number of the whole sum, 18 digits. Absent: there are instalments alone."),
    ] = None
    amount_cents: Annotated[
        int | None, says("The whole sum, in euro cents. Absent: there are instalments alone.")
    ] = None
    due_date: Annotated[
        str | None,
        says(
            "When the whole sum is due: date and time in UTC. Absent: there are instalments alone."
        ),
    ] = None
    instalments: Annotated[
        list[InstalmentView] | None,
        says("The instalments, the earliest first. Absent: the notice has none."),
    ] = None
    subject: Annotated[str, says("The subject of the message that was made of the notice.")]
    description: Annotated[
        str | None,
        says("What the payment is for, in plain text. Absent: the notice says nothing more."),
    ] = None
    invalid_after_due_date: Annotated[bool, INVALID_AFTER_DUE_DATE]
    language: Annotated[
        Language | None,
        says(
            "The language of the message. Absent until the message is PROCESSED, "
            "since it is the citizen's choice."
        ),
    ] = None
    created_at: Annotated[str, says("When the notice was accepted: date and time in UTC.")]
    version: Annotated[int, NOTICE_VERSION]
    amendments: Annotated[
        list[AmendmentView], says("The last ten changes of the notice, the oldest first.")
    ]
    cancelled_at: Annotated[
        str | None,
        says("When the notice was cancelled: date and time in UTC. Absent: it is valid."),
    ] = None
    reopened_at: Annotated[
        str | None,
        says("When a cancelled notice was made valid again: date and time in UTC. Absent: never."),
    ] = None
    message_id: Annotated[MessageIdField, NOTICE_MESSAGE]
    reference: Annotated[Reference | None, REFERENCE] = None
    status: Annotated[NoticeStatus, NOTICE_STATUS]
    payment_status: Annotated[NoticePaymentStatus, NOTICE_PAYMENT_STATUS]
    paid_at: Annotated[
        str | None,
        says(
            "When the whole sum was paid at once: date and time in UTC. Absent: it "
            "was not, or in instalments."
        ),
    ] = None
    contested: Contested = None


def seen_by_sender(state: NoticeState) -> PaymentNoticeView:
    """Return the sender's view of a notice."""
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
        reference=notice.reference,
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
    """Return the status of the notice's own message."""
    return state.message_status or "INCOMPLETE"
