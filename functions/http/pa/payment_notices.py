"""The sender's side: payment notices, of which Recapito makes the messages."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.http.endpoint import Answer, Body, Call, Endpoint
from functions.http.pa.messages import READERS, RequestWarning, warnings_view
from functions.http.policies import Senders
from lib.domain import errors
from lib.domain.notice_request import NewPaymentNotice, NoticeAmendment
from lib.domain.payment import Payment, PaymentStatus, RptId
from lib.domain.recipient import Language
from lib.domain.service import Group, Sender, check_payee
from lib.domain.standing import NoticePaymentStatus
from lib.domain.values import FiscalCodeField, MessageId
from lib.domain.warned import Warned
from lib.use_cases.carry_notice import NoticeState

PATH = "/api/v1/payment-notices"

NoticeStatus = Literal["ACCEPTED", "PROCESSED", "REJECTED", "FAILED", "INCOMPLETE"]
"""Where the message stands; INCOMPLETE: there is none, and the same notice sent again makes it."""


def _check_payee(sender: Sender, asked: NewPaymentNotice) -> None:
    if asked.payee is not None:
        check_payee(sender, asked.payee)


_GROUPS = frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE))
WRITERS = Senders(_GROUPS)
_NOT_ITS_OWN = (errors.RecipientForbiddenError, errors.ProductionForbiddenError)


class PaymentNoticeReceipt(BaseModel):
    """Where the notice stands; `changed` names what this call amended, where it did."""

    rpt_id: RptId
    message_id: MessageId
    version: int
    status: NoticeStatus
    payment_status: NoticePaymentStatus
    changed: list[str] | None = None
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
    """When the notice came to a version, and which fields changed."""

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
    language: Language
    created_at: str
    version: int
    amendments: list[AmendmentView]
    cancelled_at: str | None = None
    message_id: MessageId
    status: NoticeStatus
    payment_status: NoticePaymentStatus
    paid_at: str | None = None


def _view(state: NoticeState) -> PaymentNoticeView:
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
        language=notice.language,
        created_at=notice.created_at,
        version=notice.version,
        amendments=[AmendmentView.model_validate(one._asdict()) for one in notice.amendments],
        cancelled_at=notice.cancelled_at,
        message_id=notice.message_id,
        status=_status(state),
        payment_status=state.payment_status,
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


def _status(state: NoticeState) -> NoticeStatus:
    return state.message_status or "INCOMPLETE"  # type: ignore[return-value]  # the model checks it


def _receipt(state: NoticeState, warnings: list[Warned]) -> Answer:
    notice = state.notice
    receipt = PaymentNoticeReceipt(
        rpt_id=notice.rpt_id,
        message_id=notice.message_id,
        version=notice.version,
        status=_status(state),
        payment_status=state.payment_status,
        changed=list(state.changed) or None,
        warnings=warnings_view(warnings) or None,
    )
    headers = {"Location": f"{PATH}/{notice.rpt_id}"}
    return Answer(201, receipt, headers) if state.is_new else Answer(200, receipt)


async def _submit(call: Call[Sender, NewPaymentNotice, None]) -> Answer:
    state = await call.app.submit_payment_notice(call.caller, call.body)
    return _receipt(state, call.warnings)


async def _amend(call: Call[Sender, NoticeAmendment, None]) -> Answer:
    state = await call.app.amend_payment_notice(call.caller, call.path["rpt_id"], call.body)
    return _receipt(state, call.warnings)


async def _read(call: Call[Sender, None, None]) -> Answer:
    return Answer(200, _view(await call.app.read_sent_notice(call.caller, call.path["rpt_id"])))


async def _cancel(call: Call[Sender, None, None]) -> Answer:
    return Answer(
        200, _view(await call.app.cancel_payment_notice(call.caller, call.path["rpt_id"]))
    )


submit_payment_notice = Endpoint(
    name="submit_payment_notice",
    method="POST",
    path=PATH,
    summary="Send a payment notice, of which a message is made",
    description=(
        "The message is in the citizen's language and shows `description` as plain text. Amounts "
        "are in euro cents. 201 means that the notice is durable and will be sent. The same "
        "notice again is answered 200 and sends nothing; with other terms or words it amends the "
        "first. A number that another debtor, another service, or a message with payment data has "
        "already is answered 409, and so is what is paid or cancelled. Notice numbers must have "
        "the right check digits. Instalments have notice numbers of their own: the first message "
        "lists them all and asks for the whole sum, or for the first where there are instalments "
        "alone; each later one becomes a message 30 days before it is due."
    ),
    tag="sender",
    policy=Senders(_GROUPS, check=_check_payee),
    body=Body[NewPaymentNotice](NewPaymentNotice, name="PaymentNotice"),
    handler=_submit,
    answers={200: PaymentNoticeReceipt, 201: PaymentNoticeReceipt},
    refusals=(
        errors.NoticeInvalidError,
        *_NOT_ITS_OWN,
        errors.AmountTooHighError,
        errors.DuplicateNoticeError,
        errors.NoticeClosedError,
        errors.NoticeConflictError,
    ),
)

read_sent_notice = Endpoint(
    name="read_sent_notice",
    method="GET",
    path=f"{PATH}/{{rpt_id}}",
    summary="See a payment notice you sent, and what became of it",
    tag="sender",
    policy=READERS,
    parameters={"rpt_id": RptId},
    handler=_read,
    answers={200: PaymentNoticeView},
    refusals=(errors.NoticeNotFoundError, errors.NoticeConflictError),
)

amend_payment_notice = Endpoint(
    name="amend_payment_notice",
    method="PUT",
    path=f"{PATH}/{{rpt_id}}",
    summary="Change what a payment notice asks or says",
    description=(
        "The body is the notice as it is to be, but for debtor, payee and notice numbers, which "
        "cannot change; `version` is that of the notice as last read. The message changes in "
        "place, and says when. The same amendment may be sent again when its answer was lost."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"rpt_id": RptId},
    body=Body[NoticeAmendment](NoticeAmendment, name="PaymentNotice"),
    handler=_amend,
    answers={200: PaymentNoticeReceipt},
    refusals=(
        errors.NoticeInvalidError,
        errors.NoticeNotFoundError,
        *_NOT_ITS_OWN,
        errors.AmountTooHighError,
        errors.NoticeClosedError,
        errors.NoticeConflictError,
    ),
)

cancel_payment_notice = Endpoint(
    name="cancel_payment_notice",
    method="DELETE",
    path=f"{PATH}/{{rpt_id}}",
    summary="Take a payment notice back",
    description=(
        "Its messages stay and say CANCELLED, a moment later. Cancelled again it stays as it is; "
        "what is paid cannot be cancelled."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"rpt_id": RptId},
    handler=_cancel,
    answers={200: PaymentNoticeView},
    refusals=(
        errors.NoticeNotFoundError,
        *_NOT_ITS_OWN,
        errors.NoticeClosedError,
        errors.NoticeConflictError,
    ),
)
