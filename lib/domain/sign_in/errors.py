"""Errors of logins and sessions."""

from typing import Literal

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
)

type TokenFault = Literal[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "unsupported_grant_type",
]
"""The faults of a request for tokens by their names in RFC 6749, section 5.2."""


class SignInOffError(ResourceNotFoundError):
    """The installation logs nobody in: another issuer gives the citizens' tokens."""


class ConsoleOffError(ResourceNotFoundError):
    """The installation has no secret for the cookies of keys."""


class UntrustedLoginError(InvalidRequestError):
    """The browser must not be sent anywhere: the client, its address or the login is unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TokenRequestError(InvalidRequestError):
    """A client asked for tokens in vain. `reason` says why, for the client's developer."""

    def __init__(self, fault: TokenFault, reason: str) -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason


class SessionNotFoundError(ResourceNotFoundError):
    """The citizen has no such session, or the call comes with a token of another issuer."""


class CrossSiteCallError(ForbiddenError):
    """A call with the cookie of a session may come from another site."""


class TooManyLoginsError(LimitExceededError):
    """Too many logins or refused tokens came from this address. `seconds`: how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many logins")
        self.seconds = seconds
