"""Endpoints for a page of this origin: who is logged in, and where a login begins."""

from typing import Annotated, Final
from urllib.parse import urlencode

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.sign_in.browsers import Browser, Browsers, sign_in_of
from lib.domain.identity.access import Access
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.domain.sign_in.errors import SessionNotFoundError, SignInOffError
from lib.domain.sign_in.rules import BASE, SignInRules
from lib.domain.sign_in.session import Session
from lib.ports.identity_provider import OfferedProvider

_Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
_CACHED: Final = {"Cache-Control": "public, max-age=60"}


class OwnSessionView(Model):
    """The session of the call, and its citizen."""

    id: Annotated[str, says("The id of the session.")]
    fiscal_code: Annotated[FiscalCodeField, says("The fiscal code of the citizen.")]
    name: Annotated[
        str | None, says("The first name. Absent: the provider of the login did not tell it.")
    ] = None
    family_name: Annotated[
        str | None, says("The family name. Absent: the provider of the login did not tell it.")
    ] = None
    provider: Annotated[str, says("The id of the provider of the login.")]
    created_at: Annotated[_Time, says("When the citizen logged in: date and time in UTC.")]
    expires_at: Annotated[_Time, says("When the session ends by itself: date and time in UTC.")]


class LoginProvider(Model):
    """An identity provider at which citizens log in."""

    id: Annotated[str, says("The id of the provider.")]
    name: Annotated[str, says("The name of the provider, for a button.")]
    login_url: Annotated[
        str | None,
        says(
            "Where a page of this origin sends the browser to log in; the browser comes back to "
            "the page with a cookie, or with `error`. The page may add `&state=`, which comes back "
            "unchanged. Absent: the installation has no such page."
        ),
    ] = None


class LoginProviders(Model):
    """The identity providers of the installation, in the order in which they are offered."""

    items: Annotated[list[LoginProvider], says("The providers; none where no login is possible.")]


async def _read(call: Call[Access, None, None]) -> Answer:
    session = await sign_in_of(call.app).own.current(call.caller)
    view = _session_view(session, call.caller)
    return Answer(200, view, headers={"Cache-Control": "no-store"})


def _session_view(session: Session, access: Access) -> OwnSessionView:
    return OwnSessionView(
        id=session.id,
        fiscal_code=access.subject,
        name=str(session.name) or None,
        family_name=str(session.family_name) or None,
        provider=session.provider,
        created_at=timestamp(session.created_at),
        expires_at=timestamp(session.ends_at),
    )


async def _list(call: Call[Browser, None, None]) -> Answer:
    rules = call.app.sign_in.rules
    items = [
        _provider_view(rules, id_, offered) for id_, offered in call.app.ports.providers.items()
    ]
    return Answer(200, LoginProviders(items=items), headers=_CACHED)


def _provider_view(rules: SignInRules, id_: str, offered: OfferedProvider) -> LoginProvider:
    page = rules.inbox_page
    if page is None:
        return LoginProvider(id=id_, name=offered.name)
    query = {
        "client_id": page.id,
        "redirect_uri": page.redirect_uris[0],
        "response_type": "none",
        "provider": id_,
    }
    url = f"{rules.issuer}{BASE}/authorize?{urlencode(query)}"
    return LoginProvider(id=id_, name=offered.name, login_url=url)


read_own_session = Endpoint[Access, None, None](
    name="read_own_session",
    is_ours=True,
    method="GET",
    path="/api/identity/v1/session",
    summary="Read who is logged in",
    description=(
        "The web pages call it, and the browser sends the session cookie. 401: there is no "
        "session. 404: another provider issued the token that was sent, so this app has no "
        "session for it."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    handler=_read,
    answers={200: OwnSessionView},
    refusals=(SessionNotFoundError, SignInOffError),
)
list_login_providers = Endpoint[Browser, None, None](
    name="list_login_providers",
    is_ours=True,
    method="GET",
    path=f"{BASE}/providers",
    summary="List the providers at which citizens log in",
    description="An answer may be kept for a minute.",
    tag="login",
    policy=Browsers(),
    handler=_list,
    answers={200: LoginProviders},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_login_providers,)
OF_CITIZENS: tuple[AnyEndpoint, ...] = (read_own_session,)
