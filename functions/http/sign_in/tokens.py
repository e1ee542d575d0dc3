"""Endpoints by which an app gets tokens and gives them back."""

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.sign_in.browsers import Browser, Browsers, unless_failing
from functions.http.sign_in.form import FORM, Form
from lib.domain.identity.acting import DelegationId
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.sign_in.errors import TokenRequestError, TooManyLoginsError
from lib.domain.sign_in.rules import BASE
from lib.use_cases.sign_in.exchange_tokens import ExchangeTokens
from lib.use_cases.sign_in.issue_tokens import IssuedTokens

TOKEN_PATH: Final = f"{BASE}/token"
REVOKE_PATH: Final = f"{BASE}/revoke"
EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN_TYPE: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type
DELEGATION_TYPE: Final = "urn:recapito:token-type:delegation"
_Text = Annotated[str, StringConstraints(max_length=4096)]


class TokenForm(Model):
    """A request for tokens."""

    grant_type: Annotated[
        _Text,
        says(
            "The grant: `authorization_code`, `refresh_token`, or "
            "`urn:ietf:params:oauth:grant-type:token-exchange` to act for a party."
        ),
    ] = ""
    client_id: Annotated[_Text, says("The id of the app, as it is registered.")] = ""
    code: Annotated[_Text, says("The code of the login. It serves once.")] = ""
    redirect_uri: Annotated[_Text, says("The address at which the code came, unchanged.")] = ""
    code_verifier: Annotated[
        _Text, says("The text of 43 to 128 characters whose SHA-256 was `code_challenge`.")
    ] = ""
    refresh_token: Annotated[
        _Text, says("The last refresh token of the session. It serves once.")
    ] = ""
    scope: Annotated[
        _Text, says("A part of the session's scope, for the access token. Absent: all of it.")
    ] = ""
    subject_token: Annotated[
        _Text, says("For an exchange: the id of the delegation, which stands for the party.")
    ] = ""
    subject_token_type: Annotated[
        _Text, says("For an exchange: `urn:recapito:token-type:delegation`.")
    ] = ""
    actor_token: Annotated[
        _Text, says("For an exchange: an access token of the citizen who acts.")
    ] = ""
    actor_token_type: Annotated[
        _Text, says("For an exchange: `urn:ietf:params:oauth:token-type:access_token`.")
    ] = ""


class TokenAnswer(Model):
    """The tokens of a session."""

    access_token: Annotated[str, says("The token for calls of the API (RFC 9068).")]
    token_type: Annotated[
        Literal["Bearer"], says("The scheme of the access token, always `Bearer`.")
    ] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: Annotated[int, says("The life of the access token in seconds.")]
    refresh_token: Annotated[
        str | None,
        says(
            "The token for the next tokens. It takes the place of the one before. Absent: the "
            "answer is to an exchange; after a refresh of your own token, exchange again."
        ),
    ] = None
    issued_token_type: Annotated[
        str | None, says("The type of the access token, after an exchange (RFC 8693).")
    ] = None
    scope: Annotated[str, says("The scopes of the access token, with spaces between them.")]
    id_token: Annotated[
        str | None,
        says("Who logged in (OpenID Connect). Only with a code, and with the scope openid."),
    ] = None


class RevocationForm(Model):
    """A token that the app gives back."""

    token: Annotated[_Text, says("A refresh token or an access token.")] = ""
    token_type_hint: Annotated[_Text, says("Not needed, and ignored.")] = ""
    client_id: Annotated[_Text, says("The id of the app, as it is registered.")] = ""


async def _exchange(call: Call[Browser, TokenForm, None]) -> Answer:
    sign_in = call.app.sign_in
    if call.body.grant_type == EXCHANGE:
        return await _act(call)
    issued = await unless_failing(
        sign_in.failed, call.caller, lambda: _granted(sign_in.exchange, call.body)
    )
    answer = TokenAnswer(
        access_token=issued.access_token,
        expires_in=issued.seconds,
        refresh_token=issued.refresh_token,
        scope=" ".join(issued.scope),
        id_token=issued.id_token,
    )
    return Answer(200, answer)


async def _act(call: Call[Browser, TokenForm, None]) -> Answer:
    sign_in, form = call.app.sign_in, call.body
    given = form.subject_token_type, form.actor_token_type
    if given != (DELEGATION_TYPE, ACCESS_TOKEN_TYPE) or not form.actor_token:
        raise TokenRequestError(
            "invalid_request", f"send a {DELEGATION_TYPE} and the actor's {ACCESS_TOKEN_TYPE}"
        )
    issued = await unless_failing(
        sign_in.failed,
        call.caller,
        lambda: sign_in.act(form.client_id, form.actor_token, DelegationId(form.subject_token)),
    )
    answer = TokenAnswer(
        access_token=issued.access_token,
        expires_in=issued.seconds,
        scope=issued.scope,
        issued_token_type=ACCESS_TOKEN_TYPE,
    )
    return Answer(200, answer)


async def _granted(exchange: ExchangeTokens, form: TokenForm) -> IssuedTokens:
    match form.grant_type:
        case "authorization_code":
            return await exchange.by_code(
                form.client_id, form.code, form.redirect_uri, form.code_verifier
            )
        case "refresh_token":
            return await exchange.by_refresh_token(form.client_id, form.refresh_token, form.scope)
        case "":
            raise TokenRequestError("invalid_request", "grant_type is missing")
        case _:
            raise TokenRequestError(
                "unsupported_grant_type",
                f"grant_type must be authorization_code, refresh_token or {EXCHANGE}",
            )


async def _revoke(call: Call[Browser, RevocationForm, None]) -> Answer:
    sign_in, form = call.app.sign_in, call.body
    if not form.token:
        raise TokenRequestError("invalid_request", "token is missing")
    await unless_failing(
        sign_in.failed,
        call.caller,
        lambda: sign_in.exchange.revoke(form.client_id, form.token),
    )
    return Answer(200)


exchange_token = Endpoint[Browser, TokenForm, None](
    name="exchange_token",
    method="POST",
    path=TOKEN_PATH,
    summary="Give an app tokens for a code or a refresh token",
    description=(
        "A code or a refresh token that is used twice ends its session, since somebody else may "
        "have it. If the answer to a refresh is lost, send the same refresh token again within 60 "
        "seconds: it gives the tokens once more. The access token is valid for 15 minutes. With a "
        "delegation and the access token of the citizen who acts, the answer has an access token "
        "for the inbox of the party (RFC 8693); it ends when the citizen's own does."
    ),
    tag="login",
    policy=Browsers(),
    body=Form[TokenForm](
        TokenForm,
        name="TokenForm",
        media_type=FORM,
        limit=16 * 1024,
        example={
            "grant_type": "authorization_code",
            "client_id": "an-app",
            "code": "the-code-of-the-login",
            "redirect_uri": "http://127.0.0.1:49152/callback",
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        },
    ),
    handler=_exchange,
    answers={200: TokenAnswer},
    refusals=(TokenRequestError, TooManyLoginsError),
)
revoke_token = Endpoint[Browser, RevocationForm, None](
    name="revoke_token",
    method="POST",
    path=REVOKE_PATH,
    summary="Revoke a token and its session",
    description=(
        "The session of the token ends (RFC 7009), with all its tokens and the notifications of "
        "its device. A token that is not valid is accepted, and changes nothing."
    ),
    tag="login",
    policy=Browsers(),
    body=Form[RevocationForm](
        RevocationForm,
        name="RevocationForm",
        media_type=FORM,
        limit=16 * 1024,
        example={"token": "the-refresh-token", "client_id": "an-app"},
    ),
    handler=_revoke,
    answers={200: None},
    refusals=(TokenRequestError, TooManyLoginsError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (exchange_token, revoke_token)
