"""The errors of a send that a mailer, a push service and the payment node have in common."""

from lib.ports.errors import PortError, UnavailableError


class NotSentError(UnavailableError):
    """The request certainly did not go out; another attempt may succeed."""


class DeferredError(NotSentError):
    """The service refused this request for now, and takes other requests."""


class RefusedError(PortError):
    """The service answered that it will never take this request, however often it is sent."""
