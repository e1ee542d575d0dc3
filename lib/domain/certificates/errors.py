"""Errors of certificates and of the requests for them."""

from lib.domain.shared.errors import (
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)


class CertificateNotFoundError(ResourceNotFoundError):
    """The service offers no such certificate."""


class TooManyCertificatesError(LimitExceededError):
    """The service offers as many certificates as it may."""


class CertificateRequestNotFoundError(ResourceNotFoundError):
    """There is no such request that the caller may see."""


class CertificateRequestStateError(StateConflictError):
    """The request does not have the status for this. `status`: the one that it has."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class AnswerBegunError(StateConflictError):
    """Another answer to the request is being sent, or was sent."""


class RequestOpenError(StateConflictError):
    """The citizen has an open request for the same certificate, with other values."""


class TooManyRequestsError(LimitExceededError):
    """The citizen has made as many requests in a day as one may."""


class WrongValueError(InvalidRequestError):
    """A value of the form breaks its rule. `name`: the field; `detail`: the rule, in words."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(name, detail)
        self.name = name
        self.detail = detail


class AnswerWithoutFileError(InvalidRequestError):
    """A fulfilment has no file, or a refusal has one."""
