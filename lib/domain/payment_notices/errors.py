"""Errors of payment notices."""

from typing import Literal

from lib.domain.shared.errors import (
    InvalidRequestError,
    ResourceNotFoundError,
    StateConflictError,
)


class NoticeInvalidError(InvalidRequestError):
    """The payment notice breaks a rule that concerns several fields or the current day.

    `pointer`: the JSON pointer of the field to correct. `detail`: the rule.
    """

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


class NoticeNotFoundError(ResourceNotFoundError):
    """The payment notice does not exist, or belongs to another service."""


class DuplicateNoticeError(StateConflictError):
    """The notice number is already in use. `detail`: the rule that the number breaks."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NoticeClosedError(StateConflictError):
    """The payment notice is paid or cancelled, so the sender can no longer send or change it."""

    def __init__(self, status: Literal["PAID", "CANCELLED"]) -> None:
        super().__init__(status)
        self.status = status


class NoticeConflictError(StateConflictError):
    """The change conflicts with the state of the payment notice. `detail` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
