"""Errors of messages."""

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    ResourceNotFoundError,
    StateConflictError,
)


class MissingRecipientError(InvalidRequestError):
    """Neither the path nor the body names the recipient."""


class DuplicateRecipientError(InvalidRequestError):
    """Both the path and the body name the recipient."""


class AttachmentsNotAllowedError(ForbiddenError):
    """The message has attachments; only the feature level ADVANCED allows them."""


class IdempotencyKeyReusedError(InvalidRequestError):
    """The sender has already used the idempotency key with another body."""


class MessageNotFoundError(ResourceNotFoundError):
    """The message does not exist, or the caller has no right to know that it exists."""


class NotOwnMessageError(ForbiddenError):
    """Another service sent the message."""


class RecallNotFoundError(ResourceNotFoundError):
    """The recall does not exist, or another service made it."""


class EmptySelectionError(InvalidRequestError):
    """The selection of sent messages ends before it begins."""


class NoticeMessageError(StateConflictError):
    """The message belongs to a payment notice, and changes with the notice only."""


class SendTimeError(InvalidRequestError):
    """The set time of a message is not possible. `detail`: the rule; `pointer`: the field."""

    def __init__(self, detail: str, pointer: str = "/send_at") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class ScheduledMessageNotFoundError(ResourceNotFoundError):
    """The service has scheduled no message with this id."""


class AlreadySentError(StateConflictError):
    """The message was sent at its set time, so it cannot be cancelled any more."""


class HeldMessageNotFoundError(ResourceNotFoundError):
    """The service holds no message with this id."""


class TranslationForbiddenError(ForbiddenError):
    """The sender of the message lets no machine translate it, or the message is confidential."""


class AlreadyWrittenError(StateConflictError):
    """The sender wrote the message in this language, so no machine translates it."""


class NoTranslatorError(ResourceNotFoundError):
    """The installation has no service that translates."""


class TranslationTicketError(ResourceNotFoundError):
    """The address for a translation is not one of the app, or is too old."""
