"""Log a citizen out: end the session here, and at the provider."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from lib.domain.identity.access import Access
from lib.domain.identity.citizen_token import PREFIX
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.sign_in.errors import SessionNotFoundError, UntrustedLoginError
from lib.domain.sign_in.login import MOST_CHARACTERS, address_with
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.session import Session
from lib.domain.sign_in.sessions import Sessions
from lib.domain.sign_in.tickets import Tickets
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import OfferedProvider
from lib.use_cases.sign_in.authenticate_session import AuthenticateSession
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.issue_tokens import ID_TYPE
from lib.use_cases.sign_in.outcomes import Kept, SentOn
from lib.use_cases.sign_in.own_sessions import OwnSessions

_LOGOUT_LIFE: Final = timedelta(minutes=10)


class LogOut:
    """End a session on the word of the citizen's app, or of a browser that an app sends here.

    The session ends here first. A provider that does not answer keeps its own session, which ends
    by itself. Cost: one point read and one conditional write; the provider.
    """

    def __init__(
        self,
        providers: Mapping[str, OfferedProvider],
        own: OwnSessions,
        change: ChangeSessions,
        authenticate: AuthenticateSession,
        tickets: Tickets,
        rules: SignInRules,
        clock: Clock,
    ) -> None:
        self._providers = providers
        self._own = own
        self._change = change
        self._authenticate = authenticate
        self._tickets = tickets
        self._rules = rules
        self._clock = clock

    async def __call__(self, access: Access) -> SentOn | None:
        """End the session of the call; return where the provider's session ends, if it does.

        A page of this app's origin is shown again afterwards. Raise SessionNotFoundError,
        UnavailableError.
        """
        if access.session_id is None:
            raise SessionNotFoundError
        session = await self._own.end(access, access.session_id)
        at_provider = await self._at_provider(session)
        if at_provider is None:
            return None
        client = self._rules.clients.get(session.client_id)
        if client is None or client.kind != "browser":
            return SentOn(at_provider)
        return self._and_back(at_provider, client.redirect_uris[0])

    async def by_browser(
        self, id_token: str, client_id: str, return_to: str, state: str
    ) -> SentOn | None:
        """End the session of an ID token (RP-Initiated Logout); return where the browser goes.

        An ID token that has expired still names its session. Raise UntrustedLoginError where the
        browser must not be sent on, UnavailableError.
        """
        claims = self._claims(id_token, client_id)
        client = self._rules.clients[claims["aud"]]
        if return_to and not client.admits_after_logout(return_to):
            raise UntrustedLoginError("post_logout_redirect_uri is not an address of the client")
        if len(state) > MOST_CHARACTERS:
            raise UntrustedLoginError("state is too long")
        session_id = SessionId(claims["sid"])

        def without(sessions: Sessions) -> tuple[Sessions, Session | None]:
            return sessions.without(session_id), sessions.find(session_id)

        fiscal_code = FiscalCode(claims["fiscal_number"].removeprefix(PREFIX))
        ended = await self._change(fiscal_code, without)
        after = address_with(return_to, {"state": state}) if return_to else ""
        at_provider = None if ended is None else await self._at_provider(ended)
        if at_provider is None:
            return SentOn(after) if after else None
        return self._and_back(at_provider, after)

    def after_provider(self, cookie: str | None) -> SentOn | None:
        """Return where the browser goes after the provider's logout; None for our own page."""
        members = cookie and self._tickets.open("logout", cookie, self._clock.now(), _LOGOUT_LIFE)
        return SentOn(members["to"]) if members and members["to"] else None

    def _and_back(self, at_provider: str, after: str) -> SentOn:
        """Return the way to the provider, with what `after_provider` reads."""
        sealed = self._tickets.seal("logout", {"to": after}, self._clock.now())
        return SentOn(at_provider, Kept("logout", sealed, _LOGOUT_LIFE))

    def _claims(self, id_token: str, client_id: str) -> dict[str, str]:
        """Return the claims of an ID token for this client, or for any without one."""
        clients = self._rules.clients.keys()
        try:
            return self._authenticate.claims_of(
                id_token, ID_TYPE, clients & {client_id} if client_id else clients
            )
        except InvalidTokenError:
            raise UntrustedLoginError("id_token_hint is not an ID token of the client") from None

    async def _at_provider(self, session: Session) -> str | None:
        offered = self._providers.get(session.provider)
        if offered is None:
            return None
        try:
            return await offered.provider.end_url(session.hint, self._rules.logged_out)
        except UnavailableError:
            return None
