"""How the API answers the errors of logins and sessions."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from functions.http.contract.problems import TokenRefusal
from lib.domain.sign_in.errors import (
    ConsoleOffError,
    CrossSiteCallError,
    SessionNotFoundError,
    SignInOffError,
    TokenRequestError,
    TooManyLoginsError,
    UntrustedLoginError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        SignInOffError,
        404,
        "No login",
        "This installation logs nobody in: another issuer gives the citizens' tokens.",
    ),
    Row(
        ConsoleOffError,
        404,
        "No console",
        "Browsers keep no keys here: the installation has no SIGN_IN_SECRET. Send the key with "
        "each call.",
    ),
    Row(
        UntrustedLoginError,
        400,
        "Invalid login",
        lambda error: error.reason,
        samples=(UntrustedLoginError("client_id is not that of a client"),),
    ),
    Row(
        TokenRequestError,
        400,
        "Invalid token request",
        lambda error: error.reason,
        members=lambda error: {"error": error.fault, "error_description": error.reason},
        form=TokenRefusal,
        samples=(TokenRequestError("invalid_grant", "the code is not valid"),),
    ),
    Row(
        SessionNotFoundError,
        404,
        "Not found",
        "You have no such session. A token of another issuer has none here.",
    ),
    Row(
        CrossSiteCallError,
        403,
        "Call of another site",
        "A call with a cookie must come from a page of this app, and one that writes needs the "
        "header Recapito-CSRF.",
        field_error("#/headers/Recapito-CSRF", "is required in a call that writes with a cookie"),
    ),
    Row(
        TooManyLoginsError,
        429,
        "Too many requests",
        "Too many logins came from your address; call again after the time in Retry-After.",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        samples=(TooManyLoginsError(60),),
    ),
)
