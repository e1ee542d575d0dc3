"""Begin a login: check what the client asks for, and send the browser to a provider."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from lib.domain.sign_in.errors import UntrustedLoginError
from lib.domain.sign_in.login import (
    Login,
    LoginRefusedError,
    LoginRequest,
    address_with,
    checked,
)
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.tickets import Tickets
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import OfferedProvider, ProviderRequest
from lib.use_cases.sign_in.outcomes import Choice, Kept, SentOn

LOGIN_LIFE: Final = timedelta(minutes=15)
"""The time that a citizen may take at the provider."""
NAMED_BY: Final = 8
"""The characters of the provider's state that name the cookie of a login."""
_MOST_KEPT: Final = 4000
"""The characters of a login in its cookie. Browsers drop a cookie of more than 4096 with its name.
"""


class BeginLogin:
    """Send the browser to the provider that the citizen chose.

    The login in progress stands in a cookie, encrypted. So another browser cannot end it, and a
    login that nobody ends costs no storage. Cost: no access to the store.
    """

    def __init__(
        self,
        providers: Mapping[str, OfferedProvider],
        tickets: Tickets,
        rules: SignInRules,
        clock: Clock,
    ) -> None:
        self._providers = providers
        self._tickets = tickets
        self._rules = rules
        self._clock = clock

    async def __call__(self, request: LoginRequest) -> SentOn | Choice:
        """Return where the browser goes, or the providers to choose from.

        Raise UntrustedLoginError where the browser must not be sent back to the client.
        """
        client = self._rules.clients.get(request.client_id)
        if client is None:
            raise UntrustedLoginError("client_id is not that of a client")
        if not client.admits(request.redirect_uri):
            raise UntrustedLoginError("redirect_uri is not an address of the client")
        try:
            login = checked(request, client, self._rules.acr_values)
            return await self._at_provider(login, request.provider)
        except LoginRefusedError as error:
            return refused(self._rules, request.redirect_uri, request.state, error)

    async def _at_provider(self, login: Login, chosen: str) -> SentOn | Choice:
        if not self._providers:
            raise LoginRefusedError("server_error", "there is no provider")
        if chosen not in self._providers:
            if len(self._providers) > 1:
                named = ((id_, offered.name) for id_, offered in self._providers.items())
                return Choice(tuple(named))
            (chosen,) = self._providers
        provider = self._providers[chosen].provider
        login = replace(
            login,
            provider=chosen,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            begun_at=provider.seconds(),
        )
        try:
            url = await provider.begin_url(provider_request(login, self._rules))
        except UnavailableError:
            raise LoginRefusedError(
                "temporarily_unavailable", "the provider does not answer"
            ) from None
        sealed = self._tickets.seal("login", login.members(), self._clock.now())
        if len(sealed) > _MOST_KEPT:
            raise LoginRefusedError("invalid_request", "state and nonce are too long together")
        return SentOn(url, Kept("login", sealed, LOGIN_LIFE, login.state[:NAMED_BY]))


def provider_request(login: Login, rules: SignInRules) -> ProviderRequest:
    """Return the request to the provider of a login."""
    return ProviderRequest(
        state=login.state,
        nonce=login.nonce,
        code_verifier=login.verifier,
        redirect_uri=rules.callback,
        acr_values=login.acr_values,
        must_log_in=login.must_log_in,
        begun_at=login.begun_at,
    )


def refused(rules: SignInRules, redirect_uri: str, state: str, error: LoginRefusedError) -> SentOn:
    """Return the way back to the client whose login is refused."""
    told = {
        "error": error.fault,
        "error_description": error.reason,
        "errorCode": error.code,
        "state": state,
        "iss": rules.issuer,
    }
    return SentOn(address_with(redirect_uri, told))
