"""What the product refuses, and why.

functions/http/contract/refusals.py says how each is answered.
"""

from typing import Literal

FaultCategory = Literal[
    "PAYMENT_UNKNOWN",
    "PAYMENT_DATA_ERROR",
    "PAYMENT_ONGOING",
    "PAYMENT_EXPIRED",
    "PAYMENT_CANCELED",
    "PAYMENT_DUPLICATED",
    "GENERIC_ERROR",
    "PAYMENT_UNAVAILABLE",
    "DOMAIN_UNKNOWN",
]
"""Why pagoPA does not take a payment, by its own names; PAYMENT_DUPLICATED: it is paid."""


class DomainError(Exception):
    """Base of all refusals. None carries personal data."""


class SenderUnknownError(DomainError):
    """No key, or one that no active sender holds. `missing`: no key at all."""

    def __init__(self, *, missing: bool) -> None:
        super().__init__("missing key" if missing else "invalid key")
        self.missing = missing


class TooManyFailuresError(DomainError):
    """Too many calls from this address had no valid key; `seconds` are to be waited."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many failures")
        self.seconds = seconds


class CitizenUnknownError(DomainError):
    """The bearer token is missing, or is refused for `reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LevelTooLowError(DomainError):
    """The citizen did not log in with one of the levels of assurance that are enough."""

    def __init__(self, acr_values: tuple[str, ...]) -> None:
        super().__init__("level of assurance too low")
        self.acr_values = acr_values


class InsufficientScopeError(DomainError):
    """The citizen's token has not the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__("insufficient scope")
        self.scope = scope


class CitizenTooYoungError(DomainError):
    """The citizen is younger than `minimum_age`; not `sure`: or may be, by the fiscal code."""

    def __init__(self, minimum_age: int, *, sure: bool) -> None:
        super().__init__("citizen too young")
        self.minimum_age = minimum_age
        self.sure = sure


class NoGroupError(DomainError):
    """The sender is in no group at all."""


class NotAllowedError(DomainError):
    """The sender may not do this; `detail` where IO says more than that."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or "not allowed")
        self.detail = detail


class RecipientMissingError(DomainError):
    """The recipient stands neither in the path nor in the body."""


class RecipientTwiceError(DomainError):
    """The recipient stands both in the path and in the body."""


class RecipientNotFoundError(DomainError):
    """The citizen has no profile, or its inbox is off: a sender cannot tell which."""


class ConfigurationMissingError(DomainError):
    """Content that the sender keeps is announced without the configuration that fetches it."""


class ConfigurationNotFoundError(DomainError):
    """No such remote content configuration."""


class ConfigurationNotOwnedError(DomainError):
    """The remote content configuration is another user's."""


class AttachmentsNotAllowedError(DomainError):
    """Attachments need feature level ADVANCED."""


class RecipientForbiddenError(DomainError):
    """A limited sender wrote to somebody it is not authorised for."""


class ProductionForbiddenError(DomainError):
    """The sender may not write to citizens at all."""


class AmountTooHighError(DomainError):
    """The amount passes the service's maximum, both in euro cents; `pointer` is its field."""

    def __init__(self, *, amount: int, maximum: int, pointer: str) -> None:
        super().__init__("amount too high")
        self.amount = amount
        self.maximum = maximum
        self.pointer = pointer


class TooManyForPaymentError(DomainError):
    """The service asks for this payment with as many messages as it may have."""


class MessageNotFoundError(DomainError):
    """No such message for this citizen, or not one that the caller may know of."""


class NoPaymentError(DomainError):
    """The message asks for no payment."""


class NothingToPayError(DomainError):
    """The payment is settled, so that there is no code to pay it; `status` says how."""

    def __init__(self, status: Literal["PAID", "CANCELLED", "PAID_OTHERWISE"]) -> None:
        super().__init__(status)
        self.status = status


class NotPaidError(DomainError):
    """The payment of the message is not known to be paid."""


class NoDueDateError(DomainError):
    """The message has no due date."""


class SnoozeError(DomainError):
    """Reminders cannot be put off until then; `rule` says until when they can."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class ProfileNotFoundError(DomainError):
    """The citizen has no profile."""


class ServiceNotFoundError(DomainError):
    """No such service."""


class SettingsConflictError(DomainError):
    """What the citizen asks for does not go with their settings as they are; `detail` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class PolicyChangedError(DomainError):
    """The reminder policy is no longer the one that the sender read."""


class NothingToValidateError(DomainError):
    """The citizen has no e-mail address, or one that is validated."""


class EmailAlreadyTakenError(DomainError):
    """Another citizen has validated the e-mail address."""

    def __init__(self) -> None:
        super().__init__("e-mail address already taken")


class ValidationTooSoonError(DomainError):
    """Too many validation e-mails were asked for; `seconds` are to be waited."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too soon")
        self.seconds = seconds


class NotOwnMessageError(DomainError):
    """The message was sent by another service."""


class DeadLetterNotFoundError(DomainError):
    """No such dead letter."""


class QueueUnknownError(DomainError):
    """No such queue; `known` are the names of those there are."""

    def __init__(self, known: tuple[str, ...]) -> None:
        super().__init__("no such queue")
        self.known = known


class PeriodError(DomainError):
    """The days asked for are none, or more than `maximum`."""

    def __init__(self, maximum: int) -> None:
        super().__init__("a period of no day, or of too many")
        self.maximum = maximum


class IdempotencyKeyReusedError(DomainError):
    """The key came before with another body."""


class PaymentFromFutureError(DomainError):
    """An event lies ahead of our clock."""

    def __init__(self, event_id: str) -> None:
        super().__init__("payment event from the future")
        self.event_id = event_id


class PaymentFaultError(DomainError):
    """pagoPA does not take the payment now; `detail` is its fault code, which the app reads."""

    def __init__(self, category: FaultCategory, detail: str) -> None:
        super().__init__(category)
        self.category = category
        self.detail = detail


class NoticeInvalidError(DomainError):
    """A payment notice breaks a rule of more than one field, or of the day: which, and where."""

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer
        self.detail = detail


class NoticeNotFoundError(DomainError):
    """No such payment notice, or not one of the caller's service."""


class DuplicateNoticeError(DomainError):
    """The notice number is taken; `detail` names the rule."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NoticeClosedError(DomainError):
    """The payment notice is paid or cancelled: nothing of it is sent or changed any more."""

    def __init__(self, status: Literal["PAID", "CANCELLED"]) -> None:
        super().__init__(status)
        self.status = status


class NoticeConflictError(DomainError):
    """What is asked for does not go with the payment notice as it is; `detail` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
