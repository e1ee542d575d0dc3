"""How the API answers the errors of messages."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.messages.errors import (
    AlreadySentError,
    AlreadyWrittenError,
    AttachmentsNotAllowedError,
    DuplicateRecipientError,
    EmptySelectionError,
    HeldMessageNotFoundError,
    IdempotencyKeyReusedError,
    MessageNotFoundError,
    MissingRecipientError,
    NoticeMessageError,
    NotOwnMessageError,
    NoTranslatorError,
    RecallNotFoundError,
    ScheduledMessageNotFoundError,
    SendTimeError,
    TranslationForbiddenError,
    TranslationTicketError,
)

_RECIPIENT: Final = "The fiscalcode parameter must be specified in the path or in the payload"

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        DuplicateRecipientError,
        400,
        "Bad parameters",
        f"{_RECIPIENT} but not in both",
        field_error("/fiscal_code", "is in the path already: leave it out of the body"),
    ),
    Row(
        MissingRecipientError,
        400,
        "Bad parameters",
        _RECIPIENT,
        field_error("/fiscal_code", "is required, here or at the end of the path", "REQUIRED"),
    ),
    Row(
        AttachmentsNotAllowedError,
        403,
        "Attachments call forbidden",
        # the misspelling is IO's own
        "You are not allowed to send messages with attachmens with STANDARD messages, "
        "please use ADVANCED",
    ),
    Row(
        IdempotencyKeyReusedError,
        422,
        "Idempotency key reused",
        "The Idempotency-Key came before with another body; use a new key for a new message.",
        field_error("#/headers/Idempotency-Key", "already used with another body"),
    ),
    Row(
        MessageNotFoundError,
        404,
        "Message not found",
        "The message that you requested was not found in the system.",
    ),
    Row(
        TranslationForbiddenError,
        403,
        "Translation forbidden",
        "The sender lets no machine translate this message, or the message is confidential.",
    ),
    Row(
        AlreadyWrittenError,
        409,
        "Already in this language",
        "The sender wrote the message in this language: read it with `language`.",
    ),
    Row(
        NoTranslatorError,
        404,
        "No translations",
        "No service translates messages here.",
    ),
    Row(
        TranslationTicketError,
        404,
        "Unknown address",
        "The address is not one for a translation, or is too old.",
    ),
    Row(
        HeldMessageNotFoundError,
        404,
        "Held message not found",
        "Your service holds no message with this id: it was released or dropped, or never held.",
    ),
    Row(
        SendTimeError,
        400,
        "Invalid set time",
        lambda error: f"{error.pointer}: {error.detail}",
        lambda error: field_error(error.pointer, error.detail),
        samples=(SendTimeError("is more than 90 days ahead"),),
    ),
    Row(
        ScheduledMessageNotFoundError,
        404,
        "Scheduled message not found",
        "Your service has scheduled no message with this id.",
    ),
    Row(
        AlreadySentError,
        409,
        "Message already sent",
        "The set time of the message has come. The message can be withdrawn: POST "
        "/api/v1/messages/{fiscal_code}/{id}/withdrawal.",
    ),
    Row(
        NotOwnMessageError,
        403,
        "You are not allowed here",
        "You are not allowed to read this message, you can only read messages that you have sent",
    ),
    Row(
        RecallNotFoundError,
        404,
        "Recall not found",
        "Your service made no recall of this id in the last 30 days.",
    ),
    Row(
        EmptySelectionError,
        400,
        "Empty selection",
        "The selection of messages ends before it begins.",
        field_error("/until", "must be later than since", "NOT_LATER"),
    ),
    Row(
        NoticeMessageError,
        409,
        "Message of a payment notice",
        "The message belongs to a payment notice: cancel or amend the notice, with DELETE or PUT "
        "/api/v1/payment-notices/{rpt_id}.",
    ),
)
