"""The categories of domain errors: the reasons to refuse a request, in all areas.

Each area derives its errors from these in `lib/domain/<area>/errors.py`. The errors of the ports
(`lib/ports/errors.py`) are another kind: an engine raises them, and no caller sees them.
"""


class DomainError(Exception):
    """Base of all errors that refuse a request. No domain error carries personal data."""


class InvalidRequestError(DomainError):
    """The request contradicts itself or breaks a rule. The same request fails every time."""


class UnauthenticatedError(DomainError):
    """The caller did not prove their identity with the required assurance."""


class ForbiddenError(DomainError):
    """The caller is known, and has no right to the requested operation."""


class ResourceNotFoundError(DomainError):
    """The resource does not exist, or the caller has no right to know that it exists."""


class StateConflictError(DomainError):
    """The request conflicts with the current state of the resource."""


class LimitExceededError(DomainError):
    """The request exceeds a limit of amount, number or rate."""


class UpstreamRefusalError(DomainError):
    """Another system that the request needs refused the request or failed."""
