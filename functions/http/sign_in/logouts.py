"""Endpoints of a logout in a browser that an app sends here."""

from typing import Annotated, Final

from pydantic import StringConstraints

from functions.http.callers.cookies import named
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, HtmlPage
from functions.http.sign_in.browsers import Browser, Browsers
from functions.http.sign_in.logins import redirect
from functions.http.sign_in.metadata import END_SESSION_PATH
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.sign_in.errors import UntrustedLoginError
from lib.domain.sign_in.rules import LOGGED_OUT_PATH, SignInRules
from lib.rendering.pages.login_pages import logged_out, logout_impossible
from lib.use_cases.sign_in.outcomes import SentOn

_Text = Annotated[str, StringConstraints(max_length=2048)]
_PAGES: Final = {200: HtmlPage.media_type, 302: None}


class LogoutQuery(Model):
    """The parameters of OpenID Connect's RP-Initiated Logout; others are ignored."""

    id_token_hint: Annotated[_Text, says("The ID token of the session; it may have expired.")] = ""
    client_id: Annotated[_Text, says("The id of the app. Absent: that of the ID token.")] = ""
    post_logout_redirect_uri: Annotated[
        _Text,
        says(
            "Where the browser goes afterwards: exactly a registered address of the app for this. "
            "Absent: a page of this app."
        ),
    ] = ""
    state: Annotated[_Text, says("A value that comes back unchanged, of up to 512 characters.")] = (
        ""
    )


async def _end(call: Call[Browser, None, LogoutQuery]) -> Answer:
    sign_in, query = call.app.sign_in, call.query
    try:
        result = await sign_in.log_out.by_browser(
            query.id_token_hint, query.client_id, query.post_logout_redirect_uri, query.state
        )
    except UntrustedLoginError:
        return Answer(400, HtmlPage(logout_impossible(sign_in.rules.inbox).html))
    return _after(result, sign_in.rules)


async def _return(call: Call[Browser, None, None]) -> Answer:
    sign_in = call.app.sign_in
    name = named("logout", is_local=sign_in.rules.is_local)
    result = sign_in.log_out.after_provider(call.caller.cookies.get(name))
    return _after(result, sign_in.rules)


def _after(result: SentOn | None, rules: SignInRules) -> Answer:
    if result is None:
        return Answer(200, HtmlPage(logged_out(rules.inbox).html))
    return redirect(result, rules)


end_session = Endpoint[Browser, None, LogoutQuery](
    name="end_session",
    method="GET",
    path=END_SESSION_PATH,
    summary="Log out in the browser",
    description=(
        "The app opens this address in a browser. The session of the ID token ends, then the "
        "citizen's session at the provider; then the browser goes to `post_logout_redirect_uri`. "
        "400: a page that says that nothing was ended; the browser is sent nowhere."
    ),
    tag="login",
    policy=Browsers(),
    query=LogoutQuery,
    handler=_end,
    changes=True,
    answers={**_PAGES, 400: HtmlPage.media_type},
)
show_logged_out = Endpoint[Browser, None, None](
    name="show_logged_out",
    method="GET",
    path=LOGGED_OUT_PATH,
    summary="End a logout at a provider",
    description="Providers send the browser here after a logout.",
    tag="login",
    policy=Browsers(),
    handler=_return,
    answers=_PAGES,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (end_session, show_logged_out)
