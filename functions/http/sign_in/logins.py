"""Endpoints of a login: where it begins, and where the provider sends the browser back."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from pydantic import StringConstraints

from functions.http.callers.access_log import Found, Logs
from functions.http.callers.cookies import named, set_cookie
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, HtmlPage
from functions.http.sign_in.browsers import Browser, Browsers, count_login
from lib.domain.access_log.access_entry import Action
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.sign_in.errors import TooManyLoginsError, UntrustedLoginError
from lib.domain.sign_in.login import LoginRequest
from lib.domain.sign_in.rules import BASE, CALLBACK_PATH, SignInRules
from lib.rendering.pages.login_pages import LOGIN_HEADING, LOGIN_QUESTION, login_impossible
from lib.rendering.pages.provider_page import ProviderLink, provider_page
from lib.use_cases.sign_in.logins.begin_login import NAMED_BY
from lib.use_cases.sign_in.logins.finish_login import ProviderAnswer
from lib.use_cases.sign_in.outcomes import Choice, SentOn

_Text = Annotated[str, StringConstraints(max_length=2048)]
"""The login's own rules are stricter, and tell the client. No address takes longer ones."""


class LoginQuery(Model):
    """The parameters of OAuth and OpenID Connect that this app reads; others are ignored."""

    client_id: Annotated[_Text, says("The id of the app, as it is registered.")] = ""
    redirect_uri: Annotated[
        _Text,
        says(
            "Where the browser goes after the login: exactly a registered address of the app. For "
            "an address of 127.0.0.1 the port may be any."
        ),
    ] = ""
    response_type: Annotated[
        _Text, says("The response type: `code` for an app, `none` for a page of this app's origin.")
    ] = ""
    scope: Annotated[
        _Text,
        says("Of openid, profile, email and inbox, those wanted. Absent: all that the app may."),
    ] = ""
    state: Annotated[_Text, says("A value that comes back unchanged, of up to 512 characters.")] = (
        ""
    )
    nonce: Annotated[_Text, says("A value for the ID token, of up to 512 characters.")] = ""
    code_challenge: Annotated[
        _Text, says("The SHA-256 of the app's verifier in base64url (PKCE, RFC 7636).")
    ] = ""
    code_challenge_method: Annotated[
        _Text, says("The method of `code_challenge`, always `S256`.")
    ] = ""
    prompt: Annotated[
        _Text, says("With `login` the citizen logs in anew, also with a session at the provider.")
    ] = ""
    acr_values: Annotated[
        _Text,
        says("The levels of assurance wanted, the preferred one first. Absent: all accepted."),
    ] = ""
    max_age: Annotated[
        _Text, says("How old the login may be, in seconds; any number asks for a new login.")
    ] = ""
    provider: Annotated[
        _Text, says("The id of the provider. Absent: the citizen chooses it on a page.")
    ] = ""
    device_name: Annotated[
        _Text, says("The device's name in the list of sessions. Absent: the app's name.")
    ] = ""


class CallbackQuery(Model):
    """The answer of a provider, as the browser brings it; other parameters are ignored."""

    state: Annotated[_Text, says("The state of the login, as the provider got it.")] = ""
    code: Annotated[_Text, says("The provider's code. Absent: the login failed.")] = ""
    iss: Annotated[_Text, says("The provider's issuer (RFC 9207).")] = ""
    error: Annotated[_Text, says("Why the login failed. Absent: it did not.")] = ""


async def _begin(call: Call[Browser, None, LoginQuery]) -> Answer:
    sign_in = call.app.sign_in
    count_login(sign_in.logins, call.caller)
    given = call.query.model_dump(exclude_defaults=True)
    try:
        result = await sign_in.begin(LoginRequest(**given))
    except UntrustedLoginError:
        return _refused(sign_in.rules)
    if isinstance(result, Choice):
        links = tuple(
            ProviderLink(name, f"?{urlencode({**given, 'provider': id_})}")
            for id_, name in result.providers
        )
        return Answer(200, HtmlPage(provider_page(LOGIN_HEADING, LOGIN_QUESTION, links)))
    return redirect(result, sign_in.rules)


async def _finish(call: Call[Browser, None, CallbackQuery]) -> Answer:
    sign_in, query = call.app.sign_in, call.query
    # each code is asked for at the provider, and a login's own browser can bring any number
    count_login(sign_in.logins, call.caller)
    name = named("login", query.state[:NAMED_BY], is_local=sign_in.rules.is_local)
    answer = ProviderAnswer(query.state, query.code, query.iss, query.error)
    try:
        result = await sign_in.finish(answer, call.caller.cookies.get(name))
    except UntrustedLoginError:
        return _refused(sign_in.rules)
    if result.begun is not None:
        call.found = Found(result.begun.fiscal_code, about=result.begun.session_id)
    return redirect(result, sign_in.rules)


def redirect(to: SentOn, rules: SignInRules) -> Answer:
    """Return the answer that sends the browser on, with its cookie."""
    headers = {"Location": to.url}
    if to.cookie is not None:
        headers["Set-Cookie"] = set_cookie(to.cookie, is_local=rules.is_local)
    return Answer(302, headers=headers)


def _refused(rules: SignInRules) -> Answer:
    return Answer(400, HtmlPage(login_impossible(rules.inbox).html))


_PAGES: Final[dict[int, Any]] = {302: None, 400: HtmlPage.media_type}

begin_login = Endpoint[Browser, None, LoginQuery](
    name="begin_login",
    method="GET",
    path=f"{BASE}/authorize",
    summary="Log a citizen in",
    description=(
        "The app opens this address in a browser (RFC 8252). The citizen logs in with SPID or CIE, "
        "and the browser goes to `redirect_uri` with `code`, `state` and `iss`, or with `error`. "
        "The code is valid for 60 seconds and serves once, with the verifier of "
        "`code_challenge`. A login that is refused for the citizen's age has `errorCode=1001`, one "
        "of a citizen whose account is being deleted `errorCode=1002`, as in IO. 400: a page that "
        "says that the login cannot go on; the browser is sent nowhere."
    ),
    tag="login",
    policy=Browsers(),
    query=LoginQuery,
    handler=_begin,
    answers={200: HtmlPage.media_type, **_PAGES},
    refusals=(TooManyLoginsError,),
)
finish_login = Endpoint[Browser, None, CallbackQuery](
    name="finish_login",
    method="GET",
    path=CALLBACK_PATH,
    summary="End a login at a provider",
    description=(
        "Providers send the browser here. Only the browser that began the login can end it, within "
        "15 minutes."
    ),
    tag="login",
    policy=Browsers(),
    query=CallbackQuery,
    handler=_finish,
    changes=True,
    logs=Logs(Action.LOGIN),
    answers=_PAGES,
    refusals=(TooManyLoginsError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (begin_login, finish_login)
