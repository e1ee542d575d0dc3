"""Errors of requests for personal data."""

from lib.domain.shared.errors import ResourceNotFoundError, StateConflictError


class DataRequestNotFoundError(ResourceNotFoundError):
    """The citizen made no such request."""


class DataRequestOpenError(StateConflictError):
    """A request of the citizen is not finished yet."""


class ArchiveNotFoundError(ResourceNotFoundError):
    """The citizen has no archive: none was asked for, it is not ready, or it has expired."""


class ErasureNotPendingError(StateConflictError):
    """A deletion of all data cannot be aborted: it has begun, or it was aborted before."""
