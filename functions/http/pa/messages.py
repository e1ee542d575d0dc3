"""Endpoints of messages for senders: submit a message, and read it with its status."""

from dataclasses import replace
from typing import Annotated, Final

from pydantic import StringConstraints

from functions.http.callers.access_log import Logs, LogsNothing, in_path
from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.views.request_warnings import RequestWarning, held_warning, warnings_view
from functions.http.views.sent_messages import SentMessageAnswer, seen_by_sender
from lib.domain.access_log.access_entry import Action
from lib.domain.attachments.errors import AttachmentNotFoundError, AttachmentStateError
from lib.domain.messages.checks.submission_warnings import warnings_of
from lib.domain.messages.errors import (
    AttachmentsNotAllowedError,
    DuplicateRecipientError,
    IdempotencyKeyReusedError,
    MessageNotFoundError,
    MissingRecipientError,
    NoticeMessageError,
    NotOwnMessageError,
    SendTimeError,
)
from lib.domain.messages.new_message import NewMessage
from lib.domain.organizations.errors import TrialCapError
from lib.domain.payments.errors import BrakedPaymentError, TooManyMessagesForPaymentError
from lib.domain.remote_content.errors import (
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
)
from lib.domain.services.errors import (
    AmountTooHighError,
    ProductionForbiddenError,
    RecipientForbiddenError,
)
from lib.domain.services.service import Group, Sender, check_groups
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    AnyMessageIdField,
    FiscalCodeField,
    MessageId,
    MessageIdField,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

IDEMPOTENCY_KEY = "idempotency-key"
BODY_LIMIT = 256 * 1024
"""The limit in bytes: 10,000 UTF-16 units of markdown take 60 kB if each one is a JSON escape."""

IDEMPOTENCY_KEY_RULES: Final = (
    StringConstraints(pattern="^[!-~]{1,255}$"),
    IOType(
        ("Idempotency-Key of 1 to 255 visible ASCII characters",),
        "must be 1 to 255 visible ASCII characters",
    ),
)
IdempotencyKey = Annotated[
    str,
    says(
        "A key of your choice for this submission. The same request with the same key is the same "
        "submission for 24 hours. Absent: each request is a new message."
    ),
    *IDEMPOTENCY_KEY_RULES,
]

WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)), check=check_groups)
READERS = Senders(frozenset((Group.MESSAGE_READ,)))


class CreatedMessage(Model):
    """The accepted message."""

    id: MessageIdField
    warnings: Annotated[
        list[RequestWarning] | None,
        says(
            "The warnings about the accepted request. Present with `Prefer: include=warnings` "
            "only, and then always."
        ),
    ] = None


async def _submit(call: Call[Sender, NewMessage, None]) -> Answer:
    now = call.app.ports.clock.now()
    recipient, second = call.path.get("fiscal_code"), call.caller.service.second_language
    call.warn(warnings_of(call.body, call.sent, recipient, now, second))
    submitted = await call.app.messages.submit(
        call.caller,
        call.body,
        recipient_in_path=recipient,
        idempotency_key=call.headers.get(IDEMPOTENCY_KEY),
    )
    if submitted.held is not None:
        call.warnings.append(held_warning(submitted.held))
    headers = {"Location": f"/api/v1/messages/{submitted.recipient}/{submitted.message_id}"}
    if submitted.replayed:
        headers["Idempotent-Replay"] = "true"
    warnings = warnings_view(call.warnings) if "warnings" in call.includes else None
    return Answer(201, CreatedMessage(id=submitted.message_id, warnings=warnings), headers)


async def _read(call: Call[Sender, None, None]) -> Answer:
    sent = await call.app.messages.read_sent(
        call.caller,
        call.path["fiscal_code"],
        MessageId(call.path["id"]),
        with_channels="channels" in call.includes,
    )
    return Answer(200, seen_by_sender(sent, call.includes))


_EXAMPLE = {
    "content": {
        "subject": "Tassa sui rifiuti 2027",
        "markdown": "La prima rata della tassa sui rifiuti scade il 30 giugno: "
        "trovi qui importo e codice avviso.",
        "due_date": "2027-06-30T21:59:59Z",
        "payment_data": {"amount": 8450, "notice_number": "302000000000000184"},
    }
}
SUBMISSION = Body[NewMessage](
    NewMessage,
    name="NewMessage",
    title="Invalid message structure",
    limit=BODY_LIMIT,
    example={"fiscal_code": "RSSMRA80A01H501U", **_EXAMPLE},
)
RIGHTS = (
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
    AttachmentsNotAllowedError,
    RecipientForbiddenError,
    ProductionForbiddenError,
    AmountTooHighError,
)
"""The refusals of a message that the sender has no right to send."""
CHECKS = (
    MissingRecipientError,
    DuplicateRecipientError,
    *RIGHTS,
    TooManyMessagesForPaymentError,
    BrakedPaymentError,
    MessageNotFoundError,
    NotOwnMessageError,
    NoticeMessageError,
    SendTimeError,
    AttachmentNotFoundError,
    AttachmentStateError,
)
_DESCRIPTION = (
    "201 means that the message is durable and will be processed. With an Idempotency-Key the "
    "same request may be sent again within 24 hours: it gets the first answer, with the header "
    "Idempotent-Replay: true. The header Recapito-Warnings has the number of warnings about an "
    "accepted request, such as an unknown field; `Prefer: include=warnings` lists them. With "
    "`Prefer: handling=strict` the request is refused where there would be a warning. With "
    "`send_at` the message is sent at that time, if your service may still send it then; until "
    "then `/api/v1/scheduled-messages` lists and cancels it. `attachments` names files that you "
    "have uploaded to `/api/v1/attachments`."
)

submit_message = Endpoint(
    name="submit_message",
    method="POST",
    path="/api/v1/messages",
    summary="Submit a message (recipient in the body)",
    description=_DESCRIPTION,
    tag="sender",
    policy=WRITERS,
    headers={IDEMPOTENCY_KEY: IdempotencyKey},
    includes=("warnings",),
    has_strict_mode=True,
    body=SUBMISSION,
    handler=_submit,
    logs=LogsNothing("the message in the inbox is its own evidence"),
    answers={201: CreatedMessage},
    outage=problems.try_again,
    refusals=(*CHECKS, IdempotencyKeyReusedError, TrialCapError),
)

submit_message_to = replace(
    submit_message,
    name="submit_message_to",
    path="/api/v1/messages/{fiscal_code}",
    summary="Submit a message (recipient in the path)",
    body=replace(SUBMISSION, example=_EXAMPLE),
    parameters={"fiscal_code": FiscalCodeField},
)

read_sent_message = Endpoint(
    name="read_sent_message",
    method="GET",
    path="/api/v1/messages/{fiscal_code}/{id}",
    summary="Read a message that you sent, and its status",
    description=(
        "The status is ACCEPTED until the message is processed. Only the service that sent a "
        "message can read it; another service is answered 403."
    ),
    tag="sender",
    policy=READERS,
    parameters={"fiscal_code": FiscalCodeField, "id": AnyMessageIdField},
    includes=(
        "history",
        "channels",
        "reference",
        "about",
        "rejection",
        "withdrawal",
        "evidence",
        "variants",
    ),
    handler=_read,
    logs=Logs(Action.MESSAGE_STATUS_READ, in_path, names_message=True),
    answers={200: SentMessageAnswer},
    outage=problems.try_again,
    refusals=(MessageNotFoundError, NotOwnMessageError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (submit_message, submit_message_to, read_sent_message)
