"""Errors of documents: the message lacks the facts that the document needs."""

from typing import Literal

from lib.domain.shared.errors import ResourceNotFoundError, StateConflictError


class NoPaymentError(ResourceNotFoundError):
    """The message asks for no payment."""


class NothingToPayError(StateConflictError):
    """The payment is settled, so no code to pay it is given. `status`: how it was settled."""

    def __init__(self, status: Literal["PAID", "CANCELLED", "PAID_OTHERWISE"]) -> None:
        super().__init__(status)
        self.status = status


class WithdrawnError(ResourceNotFoundError):
    """The sender withdrew the message, so its document is no longer valid."""


class NotPaidError(ResourceNotFoundError):
    """The payment of the message is not known to be paid."""


class NoDueDateError(ResourceNotFoundError):
    """The message has no due date."""
