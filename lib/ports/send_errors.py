"""The errors of a send, for mailers, push services and the payment node."""

from lib.ports.errors import PortError, UnavailableError


class NotSentError(UnavailableError):
    """The request was certainly not sent; another attempt may succeed."""


class DeferredError(NotSentError):
    """The service refused this request for now, and takes other requests."""


class RefusedError(PortError):
    """The service has refused this request for good, so another attempt is useless."""
