"""Errors of identity: the caller is unknown, or has no right to call."""

from typing import Literal

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
    UnauthenticatedError,
)

type VoucherScheme = Literal["Bearer", "DPoP"]
"""The scheme of the Authorization header: DPoP is for vouchers that are bound to a key."""


class InvalidSenderKeyError(UnauthenticatedError):
    """The request has no sender key (`missing`), or no active sender has the key."""

    def __init__(self, *, missing: bool) -> None:
        super().__init__("missing key" if missing else "invalid key")
        self.missing = missing


class AnonymousUserError(ForbiddenError):
    """The trusted gateway named no user or no subscription."""


class TooManyFailuresError(LimitExceededError):
    """Too many calls from this address had no valid key. `seconds`: how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many failures")
        self.seconds = seconds


class InvalidTokenError(UnauthenticatedError):
    """The citizen's bearer token is missing or not valid. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AssuranceLevelTooLowError(UnauthenticatedError):
    """The level of assurance of the login is too low. `acr_values`: the levels allowed."""

    def __init__(self, acr_values: tuple[str, ...]) -> None:
        super().__init__("level of assurance too low")
        self.acr_values = acr_values


class InsufficientScopeError(ForbiddenError):
    """The citizen's token does not have the scope `scope`."""

    def __init__(self, scope: str) -> None:
        super().__init__("insufficient scope")
        self.scope = scope


class CitizenTooYoungError(ForbiddenError):
    """The citizen is younger than `minimum_age` years.

    `sure` is False where the token has no date of birth and the fiscal code may be that of a child.
    """

    def __init__(self, minimum_age: int, *, sure: bool) -> None:
        super().__init__("citizen too young")
        self.minimum_age = minimum_age
        self.sure = sure


class NoGroupError(ForbiddenError):
    """The sender is in no group."""


class NotAllowedError(ForbiddenError):
    """The sender has no right to this operation.

    `detail`: the text of IO, where IO has a text. `rule`: the rule that the key breaks,
    if it breaks one.
    """

    def __init__(self, detail: str | None = None, *, rule: str | None = None) -> None:
        super().__init__(detail or "not allowed")
        self.detail = detail
        self.rule = rule


class InvalidVoucherError(UnauthenticatedError):
    """A voucher, or what is signed beside it, is missing or not valid.

    `reason` says why, without personal data. `header`: the header that has the fault.
    """

    def __init__(self, reason: str, header: str, scheme: VoucherScheme = "Bearer") -> None:
        super().__init__(reason)
        self.reason = reason
        self.header = header
        self.scheme = scheme


class VouchersOffError(StateConflictError):
    """The installation takes no vouchers."""


class ClientVoucherError(InvalidRequestError):
    """The voucher by which a client is to be linked is not valid. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ClientKeyError(InvalidRequestError):
    """A public key of a client cannot be used. `number`: its place. `reason` says why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number
        self.reason = reason


class ClientTakenError(StateConflictError):
    """The client acts for another service with this purpose."""


class ClientNotFoundError(ResourceNotFoundError):
    """The service has no such client."""


class TooManyClientsError(LimitExceededError):
    """The service has as many clients as a service may have: `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__("too many clients")
        self.limit = limit


class NotARelyingPartyError(ResourceNotFoundError):
    """The installation is no relying party, or is in no federation."""


class EvidenceNotFoundError(ResourceNotFoundError):
    """There is no such evidence of the caller's."""
