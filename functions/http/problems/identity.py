"""How the API answers the errors of identity."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from functions.http.contract.problems import GatewayRefusal
from lib.domain.identity.errors import (
    AnonymousUserError,
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    ClientKeyError,
    ClientNotFoundError,
    ClientTakenError,
    ClientVoucherError,
    EvidenceNotFoundError,
    InsufficientScopeError,
    InvalidSenderKeyError,
    InvalidTokenError,
    InvalidVoucherError,
    NoGroupError,
    NotAllowedError,
    NotARelyingPartyError,
    TooManyClientsError,
    TooManyFailuresError,
    VouchersOffError,
)
from lib.domain.identity.vouchers.parts import ALGORITHMS, PROOF

_MISSING_KEY: Final = (
    "Access denied due to missing subscription key. Make sure to include subscription key "
    "when making requests to an API."
)
_INVALID_KEY: Final = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key "
    "for an active subscription."
)
_NOT_ALLOWED: Final = "You do not have enough permission to complete the operation you requested"
_KEY: Final = "#/headers/Ocp-Apim-Subscription-Key"
_LEVEL: Final = "the level of assurance of the login is too low"


def _voucher_challenge(error: InvalidVoucherError) -> str:
    about = f'error_description="{error.reason}"'
    if error.header == PROOF.header:
        return f'DPoP error="invalid_dpop_proof", {about}, algs="{" ".join(ALGORITHMS)}"'
    return f'{error.scheme} error="invalid_token", {about}'


def _token_challenge(error: InvalidTokenError) -> str:
    if error.reason == "no bearer token":
        return "Bearer"
    return f'Bearer error="invalid_token", error_description="{error.reason}"'


def _level_challenge(error: AssuranceLevelTooLowError) -> str:
    return (
        f'Bearer error="insufficient_user_authentication", error_description="{_LEVEL}", '
        f'acr_values="{" ".join(error.acr_values)}"'
    )


def _too_young(error: CitizenTooYoungError) -> str:
    detail = f"Citizens may use this service from the age of {error.minimum_age}."
    if not error.sure:
        detail += " The token has no date of birth, and the fiscal code may be a child's."
    return detail


PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        InvalidSenderKeyError,
        401,
        "Unauthorized",
        lambda error: _MISSING_KEY if error.missing else _INVALID_KEY,
        lambda error: field_error(
            _KEY,
            "is required: the key of your service"
            if error.missing
            else "is not the key of an active service: is it incomplete, or was it replaced?",
        ),
        headers={
            "WWW-Authenticate": 'AzureApiManagementKey realm="recapito",'
            'name="Ocp-Apim-Subscription-Key",type="header"'
        },
        form=GatewayRefusal,
        samples=(InvalidSenderKeyError(missing=True),),
    ),
    Row(
        InvalidVoucherError,
        401,
        "Unauthorized",
        lambda error: f"Access denied: {error.reason}.",
        lambda error: field_error(f"#/headers/{error.header}", error.reason),
        headers=lambda error: {"WWW-Authenticate": _voucher_challenge(error)},
        form=GatewayRefusal,
        samples=(InvalidVoucherError("the voucher has expired", "Authorization"),),
    ),
    Row(
        TooManyFailuresError,
        429,
        "Too many requests",
        "Too many calls from your address had no valid key; call again after the time in "
        "Retry-After.",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        samples=(TooManyFailuresError(60),),
    ),
    Row(
        AnonymousUserError,
        403,
        "Anonymous user",
        "The request could not be associated to a user, missing userId or subscriptionId.",
    ),
    Row(
        InvalidTokenError,
        401,
        "Unauthorized",
        lambda error: error.reason,
        field_error("#/headers/Authorization", "must be `Bearer` and a valid token"),
        headers=lambda error: {"WWW-Authenticate": _token_challenge(error)},
        samples=(InvalidTokenError("the token has expired"),),
    ),
    Row(
        AssuranceLevelTooLowError,
        401,
        "Unauthorized",
        _LEVEL,
        headers=lambda error: {"WWW-Authenticate": _level_challenge(error)},
        samples=(AssuranceLevelTooLowError(("a-level",)),),
    ),
    Row(
        InsufficientScopeError,
        403,
        "You are not allowed here",
        lambda error: f"The token does not have the scope {error.scope}.",
        headers=lambda error: {
            "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.scope}"'
        },
        samples=(InsufficientScopeError("a-scope"),),
    ),
    Row(
        CitizenTooYoungError,
        403,
        "Too young",
        _too_young,
        samples=(CitizenTooYoungError(14, sure=True),),
    ),
    Row(
        NoGroupError,
        403,
        "User has no valid scopes",
        "You are not part of any valid scope, you should ask the administrator to give you "
        "the required permissions.",
    ),
    Row(
        NotAllowedError,
        403,
        "You are not allowed here",
        lambda error: error.detail or _NOT_ALLOWED,
        lambda error: field_error(_KEY, error.rule) if error.rule else (),
    ),
    Row(
        VouchersOffError,
        409,
        "No vouchers",
        "This installation takes no vouchers of PDND.",
    ),
    Row(
        ClientVoucherError,
        400,
        "Invalid voucher",
        lambda error: f"{error.reason}.",
        lambda error: field_error("/voucher", error.reason),
        samples=(ClientVoucherError("the voucher has expired"),),
    ),
    Row(
        ClientKeyError,
        400,
        "Invalid key",
        lambda error: f"The key {error.reason}.",
        lambda error: field_error(f"/keys/{error.number}", error.reason),
        samples=(ClientKeyError(0, "cannot be used"),),
    ),
    Row(
        ClientTakenError,
        409,
        "Client taken",
        "The client acts for another service with this purpose: remove it there, or use another "
        "purpose.",
    ),
    Row(
        ClientNotFoundError,
        404,
        "Not found",
        "The service has no such client with this purpose.",
    ),
    Row(
        TooManyClientsError,
        400,
        "Too many clients",
        lambda error: f"A service may have {error.limit} clients, former ones included.",
        samples=(TooManyClientsError(100),),
    ),
    Row(
        EvidenceNotFoundError,
        404,
        "Not found",
        "There is no such evidence of a call of yours.",
    ),
    Row(
        NotARelyingPartyError,
        404,
        "Not found",
        "This installation is no relying party of identity providers, or is in no federation.",
    ),
)
