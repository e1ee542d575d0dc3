"""From a domain error to its answer: the one table."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from functions.http.contract.problems import GatewayRefusal, Problem, unavailable
from lib.domain.payments.payment import MAX_OF_CITIZEN, MAX_OF_SERVICE
from lib.domain.shared import errors

_MISSING_KEY: Final = (
    "Access denied due to missing subscription key. Make sure to include subscription key "
    "when making requests to an API."
)
_INVALID_KEY: Final = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key "
    "for an active subscription."
)
_NOT_ALLOWED: Final = "You do not have enough permission to complete the operation you requested"
_BAD_RECIPIENT: Final = "The fiscalcode parameter must be specified in the path or in the payload"


def _fixed(status: int, title: str, detail: str) -> Callable[[Any], Problem]:
    problem = Problem(status, title, detail)
    return lambda _: problem


def _recipient(detail: str, rule: str) -> Problem:
    errors_ = ({"pointer": "/fiscal_code", "detail": rule},)
    return Problem(400, "Bad parameters", detail, errors_)


def _amount(error: errors.AmountTooHighError) -> Problem:
    return Problem(
        400,
        "Error while sending payment metadata",
        f"The requested amount ({error.amount} cents) exceeds the maximum allowed "
        f"for this service ({error.maximum} cents)",
        ({"pointer": error.pointer, "detail": f"must be at most {error.maximum} cents"},),
    )


_CONFIGURATION: Final = "/content/third_party_data/configuration_id"
_MESSAGES: Final = f"at most {MAX_OF_CITIZEN} for one citizen, {MAX_OF_SERVICE} altogether"
_FAULTS: Final[Mapping[errors.FaultCategory, tuple[int, str]]] = {
    "PAYMENT_UNKNOWN": (404, "Payment not found"),
    "PAYMENT_DATA_ERROR": (404, "Payment not found"),
    "PAYMENT_ONGOING": (409, "Payment not possible"),
    "PAYMENT_EXPIRED": (409, "Payment not possible"),
    "PAYMENT_CANCELED": (409, "Payment not possible"),
    "PAYMENT_DUPLICATED": (409, "Payment not possible"),
    "GENERIC_ERROR": (502, "pagoPA failed"),
    "PAYMENT_UNAVAILABLE": (502, "pagoPA failed"),
    "DOMAIN_UNKNOWN": (503, "Payee not reachable"),
}


def _fault(error: errors.PaymentFaultError) -> Problem:
    status, title = _FAULTS[error.category]
    members = {"faultCodeCategory": error.category, "faultCodeDetail": error.detail}
    return Problem(status, title, members=members)


def _citizen(error: errors.CitizenUnknownError) -> Problem:
    missing = error.reason == "no bearer token"
    challenge = (
        "Bearer" if missing else f'Bearer error="invalid_token", error_description="{error.reason}"'
    )
    return Problem(
        401,
        "Unauthorized",
        error.reason,
        ({"pointer": "#/headers/Authorization", "detail": "must be `Bearer` and a valid token"},),
        headers={"WWW-Authenticate": challenge},
    )


def _level(error: errors.LevelTooLowError) -> Problem:
    detail = "the level of assurance of the login is too low"
    challenge = (
        f'Bearer error="insufficient_user_authentication", error_description="{detail}", '
        f'acr_values="{" ".join(error.acr_values)}"'
    )
    return Problem(401, "Unauthorized", detail, headers={"WWW-Authenticate": challenge})


def _scope(error: errors.InsufficientScopeError) -> Problem:
    challenge = f'Bearer error="insufficient_scope", scope="{error.scope}"'
    return Problem(
        403,
        "You are not allowed here",
        f"The token does not have the scope {error.scope}.",
        headers={"WWW-Authenticate": challenge},
    )


def _too_young(error: errors.CitizenTooYoungError) -> Problem:
    detail = f"Citizens may use this service from the age of {error.minimum_age}."
    if not error.sure:
        detail += " The token tells no date of birth, and the fiscal code may be a child's."
    return Problem(403, "Too young", detail)


_CLOSED: Final = {
    "PAID": "The notice is paid already: nothing is sent, and nothing changes.",
    "CANCELLED": (
        "The notice was cancelled: reopen it with POST /api/v1/payment-notices/{rpt_id}/reopening, "
        "or send a new one under a notice number of its own."
    ),
}

_SETTLED: Final = {
    "PAID": "The payment is made, so there is no code to pay it.",
    "CANCELLED": "The notice was cancelled, so there is no code to pay it.",
    "PAID_OTHERWISE": (
        "The sum is paid in instalments, or the instalment with the whole sum, so there is no code "
        "to pay it."
    ),
}

ANSWERS: Final[Mapping[type[errors.DomainError], Callable[[Any], Problem | GatewayRefusal]]] = {
    errors.SenderUnknownError: lambda error: GatewayRefusal(
        401,
        "Unauthorized",
        _MISSING_KEY if error.missing else _INVALID_KEY,
        {
            "WWW-Authenticate": 'AzureApiManagementKey realm="recapito",'
            'name="Ocp-Apim-Subscription-Key",type="header"'
        },
        (
            {
                "pointer": "#/headers/Ocp-Apim-Subscription-Key",
                "detail": "is required: the key of your service"
                if error.missing
                else "is no key of an active service: is it cut, or replaced meanwhile?",
            },
        ),
    ),
    errors.TooManyFailuresError: lambda error: Problem(
        429,
        "Too many requests",
        "Too many calls from your address had no valid key; call again after Retry-After.",
        headers={
            "Retry-After": str(error.seconds),
            "x-rate-limit-retry-after": str(error.seconds),
        },
    ),
    errors.CitizenUnknownError: _citizen,
    errors.LevelTooLowError: _level,
    errors.InsufficientScopeError: _scope,
    errors.CitizenTooYoungError: _too_young,
    errors.NoGroupError: _fixed(
        403,
        "User has no valid scopes",
        "You are not part of any valid scope, you should ask the administrator to give you "
        "the required permissions.",
    ),
    errors.NotAllowedError: lambda error: Problem(
        403, "You are not allowed here", error.detail or _NOT_ALLOWED
    ),
    errors.RecipientTwiceError: lambda _: _recipient(
        f"{_BAD_RECIPIENT} but not in both", "is in the path already: leave it out of the body"
    ),
    errors.RecipientMissingError: lambda _: _recipient(
        _BAD_RECIPIENT, "is required, here or at the end of the path"
    ),
    errors.ConfigurationMissingError: lambda _: Problem(
        403,
        "No configuration id for remote content",
        "You did not send any configuration id for your remote content in third_party_data",
        ({"pointer": _CONFIGURATION, "detail": "is needed beside third_party_data"},),
    ),
    errors.ConfigurationNotFoundError: lambda _: Problem(
        404,
        "Remote Content Configuration NOT FOUND",
        "There is no remote content configuration of this configuration_id.",
        ({"pointer": _CONFIGURATION, "detail": "names no configuration"},),
    ),
    errors.ConfigurationNotOwnedError: lambda _: Problem(
        403,
        "Not your configuration",
        "You're not the owner of the configuration related to the given configuration_id",
        ({"pointer": _CONFIGURATION, "detail": "names a configuration of another user"},),
    ),
    errors.AttachmentsNotAllowedError: _fixed(
        403,
        "Attachments call forbidden",
        # the misspelling is IO's own
        "You are not allowed to send messages with attachmens with STANDARD messages, "
        "please use ADVANCED",
    ),
    errors.RecipientForbiddenError: _fixed(
        403, "Recipient forbidden", "You are not allowed to issue requests for the recipient."
    ),
    errors.ProductionForbiddenError: _fixed(
        403,
        "Production call forbidden",
        "You are not allowed to issue production calls at this time.",
    ),
    errors.AmountTooHighError: _amount,
    errors.TooManyForPaymentError: lambda _: Problem(
        400,
        "Error while sending payment metadata",
        f"Too many messages of this service ask for the payment: {_MESSAGES}. Amend or cancel a "
        "payment notice in place of sending it again.",
        ({"pointer": "/content/payment_data/notice_number", "detail": _MESSAGES},),
    ),
    errors.MessageNotFoundError: _fixed(
        404,
        "Message not found",
        "The message that you requested was not found in the system.",
    ),
    errors.NoPaymentError: _fixed(
        404,
        "No payment",
        "The message has no payment, so there is no code, notice or receipt of it.",
    ),
    errors.NothingToPayError: lambda error: Problem(
        409, "Nothing to pay", _SETTLED[error.status], members={"payment_status": error.status}
    ),
    errors.NotPaidError: _fixed(
        404, "Not paid", "The payment is not known to be paid, so there is no receipt of it."
    ),
    errors.NoDueDateError: _fixed(
        404, "No due date", "The message has no due date, so there is nothing for a calendar."
    ),
    errors.SnoozeError: lambda error: Problem(
        422,
        "Snooze not possible",
        f"The end of a snooze {error.rule}.",
        ({"pointer": "/until", "detail": error.rule},),
    ),
    errors.RecipientNotFoundError: _fixed(
        404, "Profile not found", "The profile you requested was not found in the system."
    ),
    errors.ProfileNotFoundError: _fixed(
        404,
        "Profile not found",
        "You have no profile yet: the first update, with version 0, makes it.",
    ),
    errors.ServiceNotFoundError: _fixed(
        404, "Service not found", "There is no service of this id."
    ),
    errors.SettingsConflictError: lambda error: Problem(409, "Conflict", error.detail),
    errors.PolicyChangedError: _fixed(
        412,
        "Precondition failed",
        "The policy is not the one that If-Match names: read it again, then change it.",
    ),
    errors.NothingToValidateError: _fixed(
        400,
        "Nothing to validate",
        "Your profile has no e-mail address, or one that is validated already.",
    ),
    errors.EmailAlreadyTakenError: lambda _: Problem(
        412,
        "Precondition Failed",
        "Another citizen has validated this e-mail address: give another one.",
        ({"pointer": "/email", "detail": "is another citizen's validated address"},),
        members={"type": "https://ioapp.it/problems/email-already-taken"},
    ),
    errors.ValidationTooSoonError: lambda error: Problem(
        429,
        "Too many requests",
        "One e-mail a minute validates an address, and five in 24 hours for each citizen and each "
        "address; ask again after Retry-After.",
        headers={"Retry-After": str(math.ceil(error.seconds))},
    ),
    errors.NotOwnMessageError: _fixed(
        403,
        "You are not allowed here",
        "You are not allowed to read this message, you can only read messages that you have sent",
    ),
    errors.DeadLetterNotFoundError: _fixed(
        404, "Dead letter not found", "There is no dead letter of this id on this queue."
    ),
    errors.QueueUnknownError: lambda error: Problem(
        404,
        "Queue not found",
        f"There is no queue of this name; the queues are {', '.join(error.known)}.",
        ({"pointer": "#/path/queue", "detail": f"must be one of {', '.join(error.known)}"},),
    ),
    errors.PaymentFromFutureError: lambda error: Problem(
        422,
        "Payment event from the future",
        f"The event {error.event_id} is more than five minutes ahead of our clock; nothing of "
        "what was sent is recorded.",
    ),
    errors.PaymentFaultError: _fault,
    errors.PeriodError: lambda error: Problem(
        400,
        "Invalid query parameters",
        f"The period is 1 to {error.maximum} days, both ends included.",
        ({"pointer": "#/query/from", "detail": f"at most {error.maximum - 1} days before `to`"},),
    ),
    errors.NoticeInvalidError: lambda error: Problem(
        400,
        "Invalid PaymentNotice",
        f"{error.pointer}: {error.detail}",
        ({"pointer": error.pointer, "detail": error.detail},),
    ),
    errors.NoticeNotFoundError: _fixed(
        404, "Payment notice not found", "Your service sent no payment notice of this rpt_id."
    ),
    errors.DuplicateNoticeError: lambda error: Problem(
        409, "Duplicate payment notice", f"{error.detail} Nothing is sent."
    ),
    errors.NoticeClosedError: lambda error: Problem(
        409,
        "Payment notice closed",
        _CLOSED[error.status],
        members={"payment_status": error.status},
    ),
    errors.NoticeConflictError: lambda error: Problem(409, "Conflict", error.detail),
    errors.IdempotencyKeyReusedError: lambda _: Problem(
        422,
        "Idempotency key reused",
        "The Idempotency-Key came before with another body; use a new key for a new message.",
        ({"pointer": "#/headers/Idempotency-Key", "detail": "already used with another body"},),
    ),
}


def payment_unavailable(retry_after: float | None) -> Problem:
    """Return the answer to an outage on the way to pagoPA, with the fault that IO's app knows."""
    fault = _fault(errors.PaymentFaultError("DOMAIN_UNKNOWN", "PPT_STAZIONE_INT_PA_TIMEOUT"))
    outage = unavailable(retry_after)
    return replace(fault, detail=outage.detail, headers=outage.headers)
