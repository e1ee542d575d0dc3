"""The sandbox's login in one click: a real session of any citizen, without a provider.

The app makes the session as at the end of a login, and the answer has the cookie of that session.
"""

import json
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from multidict import CIMultiDictProxy

from functions.http.callers.cookies import is_of_other_site, set_cookie
from infra.local.http.host import HttpHost
from infra.local.http.problems import problem
from infra.local.provider.citizens import SandboxCitizen, citizen
from infra.local.sandbox.endpoints import is_fiscal_code
from infra.local.settings.options import external_provider
from lib.composition.app import App
from lib.domain.access_log.access_entry import OWNER, AccessEntry, Action
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked, timestamp
from lib.domain.sign_in.clients import INBOX, AppClient
from lib.domain.sign_in.login import Login, LoginRefusedError
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import ProvenIdentity

if TYPE_CHECKING:
    from lib.use_cases.sign_in.logins.begin_session import Begun

PROVIDER_ID: Final = "sandbox"
_RULE: Final = "fiscal_code must be a fiscal code: 16 characters such as AAAAAA00A00A000A"
_NAME_RULE: Final = "name must be a text of up to 100 characters"
_MOST_CHARACTERS: Final = 100


class _RefusedError(Exception):
    """The session is refused. `field`: the wrong field of the body."""

    def __init__(self, status: int, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.answer = problem(status, detail, field=field)


class SandboxSessions:
    """The endpoint of the login in one click. `app`: None for an app without sessions."""

    def __init__(self, app: App | None) -> None:
        self._app = app if app is not None and app.settings.has_sign_in else None

    def mount(self, http: HttpHost) -> None:
        """Add the endpoint."""
        http.add("POST", "sandbox/session", self._begin)

    async def _begin(self, request: web.BaseRequest, _: dict[str, str]) -> web.Response:
        try:
            app, page = self._page(request.headers)
            person = _person(await request.read())
            begun = await _session(app, page, person)
        except _RefusedError as refusal:
            return refusal.answer
        except LoginRefusedError as error:
            return problem(403, error.reason)
        except UnavailableError:
            return problem(503, "the store does not answer; call again")
        headers = {"Cache-Control": "no-store"}
        if begun.cookie is not None:
            is_local = app.sign_in.rules.is_local
            headers["Set-Cookie"] = set_cookie(begun.cookie, is_local=is_local)
        return web.json_response({"fiscal_code": person.fiscal_code}, headers=headers)

    def _page(self, headers: CIMultiDictProxy[str]) -> tuple[App, AppClient]:
        """Return the app, and the page that gets the session; raise _RefusedError."""
        if self._app is None:
            raise _RefusedError(409, "the app has no sessions: set SIGN_IN_SECRET")
        if (provider := external_provider()) is not None:
            raise _RefusedError(409, f"citizens sign in at {provider}: log in there")
        rules = self._app.sign_in.rules
        if is_of_other_site(headers, rules.issuer):
            raise _RefusedError(403, f"the call must come from a page of {rules.issuer}")
        page = next((one for one in rules.pages if INBOX in one.scopes), None)
        if page is None:
            raise _RefusedError(409, "APP_CLIENTS has no browser with the scope inbox")
        return self._app, page


async def _session(app: App, page: AppClient, person: SandboxCitizen) -> "Begun":
    """Begin the session, and note the login in the citizen's access log."""
    sign_in, now = app.sign_in, app.ports.clock.now()
    levels = sign_in.rules.acr_values
    login = Login(
        client_id=page.id,
        redirect_uri=page.redirect_uris[0],
        scope=page.scopes,
        app_state="",
        app_nonce="",
        challenge="",
        acr_values=levels,
        must_log_in=False,
        device_name=page.name,
        provider=PROVIDER_ID,
    )
    identity = ProvenIdentity(
        fiscal_code=FiscalCode(person.fiscal_code),
        name=Masked(person.given_name),
        family_name=Masked(person.family_name),
        email=Masked(person.email),
        birth_date=Masked(person.birthdate),
        acr=levels[0],
        authenticated_at=now,
        session_hint=Masked(""),
    )
    begun = await sign_in.begin_session(login, identity)
    entry = AccessEntry(timestamp(now), OWNER, Action.LOGIN, None, begun.place.session_id)
    await app.access_log.note(identity.fiscal_code, entry)
    return begun


def _person(content: bytes) -> SandboxCitizen:
    """Return the citizen that a body names, with another name if it has one.

    Raise _RefusedError.
    """
    try:
        body: Any = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise _RefusedError(400, "the body must be a JSON object with fiscal_code")
    code, name = body.get("fiscal_code"), body.get("name", "")
    if not is_fiscal_code(code):
        raise _RefusedError(400, _RULE, "fiscal_code")
    if not isinstance(name, str) or len(name) > _MOST_CHARACTERS:
        raise _RefusedError(400, _NAME_RULE, "name")
    person = citizen(code)
    given_name, _, family_name = name.strip().partition(" ")
    if not given_name:
        return person
    return person._replace(given_name=given_name, family_name=family_name)
