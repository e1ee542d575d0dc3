"""Give a client tokens for its code or its refresh token, and take tokens back."""

import secrets
from collections.abc import Callable

from lib.domain.identity.errors import InvalidTokenError
from lib.domain.sign_in.clients import AppClient
from lib.domain.sign_in.errors import TokenRequestError
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.session import Outcome, Session
from lib.domain.sign_in.sessions import Sessions
from lib.domain.sign_in.tickets import Place, Tickets
from lib.ports.clock import Clock
from lib.use_cases.sign_in.authenticate_session import AuthenticateSession
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.issue_tokens import IssuedTokens, IssueTokens

type _Change = tuple[Sessions, tuple[str, Session] | Outcome]


class ExchangeTokens:
    """Exchange codes and refresh tokens, each of which serves once.

    A code or a token that was used before ends its session, since one of the two users stole it. A
    crash after the write and before the answer loses the tokens of a code: the citizen logs in
    again. After a refresh, the client sends the same token again within the time of grace.
    Cost: one point read and one conditional write; a text that this app did not make costs nothing.
    Concurrency: of two exchanges at the same time one is the first, and the other a repetition.
    """

    def __init__(
        self,
        change: ChangeSessions,
        issue: IssueTokens,
        authenticate: AuthenticateSession,
        tickets: Tickets,
        rules: SignInRules,
        clock: Clock,
    ) -> None:
        self._change = change
        self._issue = issue
        self._authenticate = authenticate
        self._tickets = tickets
        self._rules = rules
        self._clock = clock

    async def by_code(
        self, client_id: str, code: str, redirect_uri: str, verifier: str
    ) -> IssuedTokens:
        """Return the first tokens of a session; raise TokenRequestError, UnavailableError."""
        client, now = self._client(client_id), self._clock.now()
        place = self._tickets.read_code(code, now)
        if place is None:
            raise _invalid("the code is not valid")

        exchange = secrets.token_hex(8)

        def step(sessions: Sessions) -> _Change:
            session = sessions.find(place.session_id)
            if session is None or session.client_id != client.id:
                return sessions, "refused"
            after = session.after_code(redirect_uri, verifier, exchange, now)
            return _changed(sessions, session, after)

        return await self._given(place, step, set(), is_first=True)

    async def by_refresh_token(self, client_id: str, token: str, scope: str) -> IssuedTokens:
        """Return the next tokens of a session; raise TokenRequestError, UnavailableError.

        `scope`: a part of the session's scope, for the access token alone.
        """
        client, now = self._client(client_id), self._clock.now()
        found = self._tickets.read_refresh_token(token, now)
        if found is None:
            raise _invalid("the refresh token is not valid")
        place, generation = found
        wanted = set(scope.split())

        def step(sessions: Sessions) -> _Change:
            session = sessions.find(place.session_id)
            if session is None or session.client_id != client.id:
                return sessions, "refused"
            if not wanted <= set(session.scope):
                raise TokenRequestError("invalid_scope", "scope has more than the session's")
            return _changed(sessions, session, session.after_refresh(generation, now))

        return await self._given(place, step, wanted, is_first=False)

    async def revoke(self, client_id: str, token: str) -> None:
        """End the session of a refresh token or an access token (RFC 7009).

        A token that is not valid changes nothing. Raise TokenRequestError, UnavailableError.
        """
        client, now = self._client(client_id), self._clock.now()
        found = self._tickets.read_refresh_token(token, now)
        place = found[0] if found else self._place_of_access_token(token)
        if place is None:
            return

        def without(sessions: Sessions) -> tuple[Sessions, bool]:
            session = sessions.find(place.session_id)
            if session is not None and session.client_id != client.id:
                return sessions, False
            return sessions.without(place.session_id), True

        if not await self._change(place.fiscal_code, without):
            raise _invalid("the token is of another client")

    def _client(self, client_id: str) -> AppClient:
        client = self._rules.clients.get(client_id)
        if client is None or client.kind != "native":
            raise TokenRequestError("invalid_client", "client_id is not that of an app")
        return client

    def _place_of_access_token(self, token: str) -> Place | None:
        try:
            return self._authenticate.place_of(token)
        except InvalidTokenError:
            return None

    async def _given(
        self, place: Place, step: Callable[[Sessions], _Change], scope: set[str], *, is_first: bool
    ) -> IssuedTokens:
        """Write the exchange, then make its tokens. `scope`: empty for that of the session."""
        result = await self._change(place.fiscal_code, step)
        if isinstance(result, str):
            reused = "was used before: its session has ended"
            raise _invalid(f"the code or token {reused if result == 'reused' else 'is not valid'}")
        subject, session = result
        given = tuple(one for one in session.scope if not scope or one in scope)
        now = self._clock.now()
        return self._issue(place, session, subject, given, now, with_id_token=is_first)


def _changed(sessions: Sessions, session: Session, after: Session | Outcome) -> _Change:
    """Return the sessions after an exchange: it changes the session, or ends it, or neither."""
    if isinstance(after, Session):
        return sessions.changed(after), (sessions.subject, after)
    return (sessions.without(session.id) if after == "reused" else sessions), after


def _invalid(reason: str) -> TokenRequestError:
    return TokenRequestError("invalid_grant", reason)
