"""Endpoints of payment notices for senders. Recapito writes the messages of a notice."""

from collections.abc import Iterator

from functions.http.callers.access_log import LogsNothing
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import READERS
from functions.http.views.payment_notices import (
    PaymentNoticeReceipt,
    PaymentNoticeView,
    message_status,
    seen_by_sender,
)
from functions.http.views.request_warnings import warnings_view
from lib.domain.messages.checks.submission_warnings import (
    fiscal_code_warnings,
    organisation_warnings,
)
from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.organizations.errors import TrialCapError
from lib.domain.payment_notices.errors import (
    DuplicateNoticeError,
    NoticeClosedError,
    NoticeConflictError,
    NoticeInvalidError,
    NoticeNotFoundError,
)
from lib.domain.payment_notices.notice_request import NewPaymentNotice, NoticeAmendment
from lib.domain.services.errors import (
    AmountTooHighError,
    ProductionForbiddenError,
    RecipientForbiddenError,
)
from lib.domain.services.service import Group, Sender, check_payee
from lib.domain.shared.identifiers import RptId, RptIdField
from lib.use_cases.payment_notices.apply_payment_notice import NoticeState

PATH = "/api/v1/payment-notices"


def _check_payee(sender: Sender, notice: NewPaymentNotice) -> None:
    if notice.payee is not None:
        check_payee(sender, notice.payee)


_GROUPS = frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE))
WRITERS = Senders(_GROUPS)
_FORBIDDEN = (RecipientForbiddenError, ProductionForbiddenError)


def _receipt(state: NoticeState, warnings: list[SubmissionWarning]) -> Answer:
    notice = state.notice
    receipt = PaymentNoticeReceipt(
        rpt_id=notice.rpt_id,
        message_id=notice.message_id,
        version=notice.version,
        status=message_status(state),
        payment_status=state.payment_status,
        changed=list(state.changed) or None,
        contested=state.is_contested or None,
        warnings=warnings_view(warnings) or None,
    )
    headers = {"Location": f"{PATH}/{notice.rpt_id}"}
    return Answer(201, receipt, headers) if state.is_new else Answer(200, receipt)


async def _submit(call: Call[Sender, NewPaymentNotice, None]) -> Answer:
    call.warn(notice_warnings(call.body))
    state = await call.app.payment_notices.submit(call.caller, call.body)
    return _receipt(state, call.warnings)


def notice_warnings(notice: NewPaymentNotice) -> Iterator[SubmissionWarning]:
    """Yield the warnings about a valid payment notice."""
    yield from fiscal_code_warnings(notice.fiscal_code, "/fiscal_code")
    yield from organisation_warnings(notice.payee, "/payee")


async def _amend(call: Call[Sender, NoticeAmendment, None]) -> Answer:
    state = await call.app.payment_notices.amend(call.caller, RptId(call.path["rpt_id"]), call.body)
    return _receipt(state, call.warnings)


async def _read(call: Call[Sender, None, None]) -> Answer:
    state = await call.app.payment_notices.read_sent(call.caller, RptId(call.path["rpt_id"]))
    return Answer(200, seen_by_sender(state))


async def _cancel(call: Call[Sender, None, None]) -> Answer:
    state = await call.app.payment_notices.cancel(call.caller, RptId(call.path["rpt_id"]))
    return Answer(200, seen_by_sender(state))


async def _reopen(call: Call[Sender, None, None]) -> Answer:
    state = await call.app.payment_notices.reopen(call.caller, RptId(call.path["rpt_id"]))
    return Answer(200, seen_by_sender(state))


_EXAMPLE = {
    "amount_cents": 4225,
    "due_date": "2027-06-30",
    "subject": "Mensa scolastica, maggio 2027",
}

submit_payment_notice = Endpoint(
    name="submit_payment_notice",
    is_ours=True,
    has_strict_mode=True,
    method="POST",
    path=PATH,
    summary="Send a payment notice; Recapito writes the message",
    description=(
        "The message is in the citizen's language and shows `description` as plain text. Amounts "
        "are in euro cents. 201 means that the notice is durable and will be sent. The same "
        "notice again is answered 200 and sends nothing; with other terms or words it amends the "
        "first. 409 refuses a notice number that another debtor, another service or a message with "
        "payment data uses already, and a notice that is paid or cancelled. The payee's own "
        "service takes the place of another service; `contested` tells of it. Notice numbers must "
        "have the right check digits. Each instalment has its own notice number: the first "
        "message lists all instalments and asks for the whole sum, or for the first instalment "
        "where the notice has instalments alone; each later instalment becomes a message 30 days "
        "before it is due. With `Prefer: handling=strict` a notice with a warning is refused."
    ),
    tag="sender",
    policy=Senders(_GROUPS, check=_check_payee),
    body=Body[NewPaymentNotice](
        NewPaymentNotice,
        name="PaymentNotice",
        example={
            "fiscal_code": "RSSMRA80A01H501U",
            "notice_number": "302000000000001909",
            **_EXAMPLE,
        },
    ),
    handler=_submit,
    logs=LogsNothing("the message in the inbox is its own evidence"),
    answers={200: PaymentNoticeReceipt, 201: PaymentNoticeReceipt},
    refusals=(
        NoticeInvalidError,
        *_FORBIDDEN,
        AmountTooHighError,
        DuplicateNoticeError,
        NoticeClosedError,
        NoticeConflictError,
        TrialCapError,
    ),
)

read_sent_notice = Endpoint(
    name="read_sent_notice",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{rpt_id}}",
    summary="Read a payment notice that you sent, and its status",
    description=(
        "The answer has the notice as it is now, its amendments, and whether it is paid. Only the "
        "service that sent a notice can read it."
    ),
    tag="sender",
    policy=READERS,
    parameters={"rpt_id": RptIdField},
    handler=_read,
    answers={200: PaymentNoticeView},
    refusals=(NoticeNotFoundError, NoticeConflictError),
)

amend_payment_notice = Endpoint(
    name="amend_payment_notice",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{rpt_id}}",
    summary="Amend a payment notice",
    description=(
        "The body is the new state of the notice, without debtor, payee and notice numbers, which "
        "cannot change. `version` is the version of the notice that you read last. The message "
        "changes in place, and shows when. A notice that a row of a batch made keeps the text of "
        "the batch until it has a `description`. The same amendment may be sent again when its "
        "answer was lost."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"rpt_id": RptIdField},
    body=Body[NoticeAmendment](
        NoticeAmendment, name="PaymentNotice", example={"version": 1, **_EXAMPLE}
    ),
    handler=_amend,
    answers={200: PaymentNoticeReceipt},
    refusals=(
        NoticeInvalidError,
        NoticeNotFoundError,
        *_FORBIDDEN,
        AmountTooHighError,
        NoticeClosedError,
        NoticeConflictError,
    ),
)

cancel_payment_notice = Endpoint(
    name="cancel_payment_notice",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{rpt_id}}",
    summary="Cancel a payment notice",
    description=(
        "The messages of the notice stay in the inbox and say CANCELLED a moment later. A second "
        "cancellation changes nothing. A paid notice cannot be cancelled. A cancelled notice can "
        "be reopened under the same notice number."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"rpt_id": RptIdField},
    handler=_cancel,
    answers={200: PaymentNoticeView},
    refusals=(
        NoticeNotFoundError,
        *_FORBIDDEN,
        NoticeClosedError,
        NoticeConflictError,
    ),
)

reopen_payment_notice = Endpoint(
    name="reopen_payment_notice",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{rpt_id}}/reopening",
    summary="Reopen a cancelled payment notice",
    description=(
        "The notice keeps its number, which may be printed on paper. No new message is sent: the "
        "messages of the notice, their codes, printed notices, calendar entries and reminders are "
        "valid again. A paid instalment stays paid. A request for a notice that is open already "
        "changes nothing, so the same request may be sent again when its answer was lost. Change a "
        "due date that has passed by an amendment afterwards."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"rpt_id": RptIdField},
    handler=_reopen,
    answers={200: PaymentNoticeView},
    refusals=(
        NoticeNotFoundError,
        NoticeConflictError,
        AmountTooHighError,
        *_FORBIDDEN,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    submit_payment_notice,
    read_sent_notice,
    amend_payment_notice,
    cancel_payment_notice,
    reopen_payment_notice,
)
