"""Exchange a citizen's access token for one with which the citizen acts for another party."""

from collections.abc import Awaitable, Callable
from typing import Final

from cachetools import LRUCache

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.identity.errors import (
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    InsufficientScopeError,
    InvalidTokenError,
)
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.domain.sign_in.errors import TokenRequestError
from lib.ports.clock import Clock
from lib.use_cases.parties.list_parties import Party
from lib.use_cases.profiles.create_profile import CreateProfile
from lib.use_cases.sign_in.authenticate_session import AuthenticateSession
from lib.use_cases.sign_in.issue_tokens import ActingToken, IssueTokens

type Acting = Callable[[Access, DelegationId], Awaitable[Party | None]]
"""Returns the party of a delegation that is in force for this person; None without one."""


_MOST_WELCOMED: Final = 10_000


class WelcomeParty:
    """Give a party that a register gave a profile, as a citizen gets one at the first login.

    Nobody else logs in for it. Cost: what CreateProfile costs, once in a process.
    """

    def __init__(self, create_profile: CreateProfile) -> None:
        self._create_profile = create_profile
        self._welcomed = LRUCache[FiscalCode, None](_MOST_WELCOMED)

    async def __call__(self, party: FiscalCode) -> None:
        """Return once there is a profile; raise UnavailableError."""
        if party not in self._welcomed:
            await self._create_profile(party, Masked(""))
            self._welcomed[party] = None


class ActForParty:
    """Give an app a token that names the party and the citizen who acts (RFC 8693).

    The token has the session, the scope and the end of the citizen's own token. There is no refresh
    token: after a refresh of its own, an app asks again. Each call reads the delegation anew.
    Cost: the look at the session, two point reads; what FollowRegister costs; for a party of a
    register what WelcomeParty costs.
    """

    def __init__(
        self,
        authenticate: AuthenticateSession,
        issue: IssueTokens,
        acting: Acting,
        welcome: WelcomeParty,
        clock: Clock,
    ) -> None:
        self._authenticate = authenticate
        self._issue = issue
        self._acting = acting
        self._welcome = welcome
        self._clock = clock

    async def __call__(
        self, client_id: str, actor_token: str, delegation_id: DelegationId
    ) -> ActingToken:
        """Return the token; raise TokenRequestError, UnavailableError."""
        try:
            access = await self._authenticate(actor_token)
            claims = self._authenticate.access_claims(actor_token)
        except (
            InvalidTokenError,
            AssuranceLevelTooLowError,
            InsufficientScopeError,
            CitizenTooYoungError,
        ):
            raise _invalid("the actor_token is not valid") from None
        if claims["client_id"] != client_id:
            raise _invalid("the actor_token is of another client")
        if access.actor.acting is not None:
            raise _invalid("the actor_token names a party: nobody passes a delegation on")
        party = await self._acting(access, delegation_id)
        if party is None:
            raise _invalid("no delegation of this id is in force")
        if party.delegation.is_registered:
            await self._welcome(party.owner)
        return self._issue.acting(claims, party.owner, delegation_id, self._clock.now())


def _invalid(reason: str) -> TokenRequestError:
    return TokenRequestError("invalid_grant", reason)
