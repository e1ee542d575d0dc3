"""Wires the use cases of citizens' logins and sessions."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from lib.composition.areas.devices import DeviceUseCases
from lib.composition.areas.profiles import ProfileUseCases
from lib.composition.secrets import pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.settings.tokens import ACR_VALUES, words
from lib.composition.stacks import Ports
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.sign_in.clients import parse_clients
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.signing_keys import SigningKeys
from lib.domain.sign_in.tickets import Tickets
from lib.repositories.sign_in.sessions import CitizensSessions
from lib.use_cases.identity.failed_calls import FailedCalls
from lib.use_cases.sign_in.authenticate_session import AuthenticateSession
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.look_up_session import LookUpSession
from lib.use_cases.sign_in.own_sessions import OwnSessions
from lib.use_cases.sign_in.use_cookie import UseCookie

if TYPE_CHECKING:
    from lib.use_cases.identity.authenticate_key import AuthenticateKey
    from lib.use_cases.sign_in.act_for_party import ActForParty, Acting, WelcomeParty
    from lib.use_cases.sign_in.exchange_tokens import ExchangeTokens
    from lib.use_cases.sign_in.hold_keys import HoldKeys
    from lib.use_cases.sign_in.log_out import LogOut
    from lib.use_cases.sign_in.logins.begin_login import BeginLogin
    from lib.use_cases.sign_in.logins.begin_session import BeginSession
    from lib.use_cases.sign_in.logins.finish_login import FinishLogin


MOST_STEPS: Final = 1200
"""The logins that an address may begin and end in a minute, each counted.

Many citizens share the address of their network.
"""


class SignInUseCases:
    """Logins of citizens in apps and browsers.

    Most calls only authenticate: what logs in, and the areas that it needs, load at their first
    use. `devices`, `profiles`: return these areas. `acting`: see ActForParty. `authenticate_key`:
    returns the use case of keys.
    """

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        devices: Callable[[], DeviceUseCases],
        profiles: Callable[[], ProfileUseCases],
        acting: "Acting",
        authenticate_key: "Callable[[], AuthenticateKey]",
    ) -> None:
        self._ports, self._profiles, self._acting = ports, profiles, acting
        self._authenticate_key = authenticate_key
        clock = ports.clock
        self.rules = _rules_of(settings)
        self.keys = SigningKeys(
            _bytes(settings.sign_in_secret),
            _bytes(settings.sign_in_secret_next),
            _bytes(settings.sign_in_secret_previous),
        )
        self._tickets = Tickets(
            _bytes(settings.sign_in_secret), _bytes(settings.sign_in_secret_previous)
        )
        sessions = CitizensSessions(ports.store)
        look_up = LookUpSession(sessions, clock, self.rules)

        async def end_notifications(fiscal_code: FiscalCode, device: str) -> None:
            await devices().remove.by_hash(fiscal_code, device)

        self.logins, self.failed = FailedCalls(MOST_STEPS), FailedCalls()
        self._change = ChangeSessions(sessions, end_notifications, look_up)
        self.authenticate = AuthenticateSession(self.keys, look_up, self.rules, clock)
        self.use_cookie = UseCookie(self._tickets, look_up, self._change, clock)
        self.own = OwnSessions(self._change, look_up, clock, pseudonyms_of(settings))

    @property
    def hidden(self) -> Callable[[str], str]:
        """The keyed hash that stands for a text in an answer."""
        return self._tickets.hidden

    @cached_property
    def begin(self) -> "BeginLogin":
        from lib.use_cases.sign_in.logins.begin_login import BeginLogin

        return BeginLogin(self._ports.providers, self._tickets, self.rules, self._ports.clock)

    @cached_property
    def finish(self) -> "FinishLogin":
        from lib.use_cases.sign_in.logins.finish_login import FinishLogin

        return FinishLogin(
            self._ports.providers, self._tickets, self.rules, self._ports.clock, self.begin_session
        )

    @cached_property
    def begin_session(self) -> "BeginSession":
        from lib.use_cases.sign_in.logins.begin_session import BeginSession

        profiles = self._profiles()
        return BeginSession(
            self.rules,
            self._ports.clock,
            self._change,
            profiles.create,
            self.use_cookie,
            profiles.refuse_leaving,
        )

    @cached_property
    def exchange(self) -> "ExchangeTokens":
        from lib.use_cases.sign_in.exchange_tokens import ExchangeTokens
        from lib.use_cases.sign_in.issue_tokens import IssueTokens

        issue = IssueTokens(self.keys, self._tickets, self.rules)
        return ExchangeTokens(
            self._change, issue, self.authenticate, self._tickets, self.rules, self._ports.clock
        )

    @cached_property
    def act(self) -> "ActForParty":
        from lib.use_cases.sign_in.act_for_party import ActForParty
        from lib.use_cases.sign_in.issue_tokens import IssueTokens

        issue = IssueTokens(self.keys, self._tickets, self.rules)
        return ActForParty(self.authenticate, issue, self._acting, self.welcome, self._ports.clock)

    @cached_property
    def welcome(self) -> "WelcomeParty":
        from lib.use_cases.sign_in.act_for_party import WelcomeParty

        return WelcomeParty(self._profiles().create)

    @cached_property
    def hold_keys(self) -> "HoldKeys":
        from lib.use_cases.sign_in.hold_keys import HoldKeys

        return HoldKeys(self._authenticate_key(), self._tickets, self._ports.clock)

    @cached_property
    def log_out(self) -> "LogOut":
        from lib.use_cases.sign_in.log_out import LogOut

        return LogOut(
            self._ports.providers,
            self.own,
            self._change,
            self.authenticate,
            self._tickets,
            self.rules,
            self._ports.clock,
        )


def _rules_of(settings: Settings) -> SignInRules:
    clients = parse_clients(settings.app_clients)
    return SignInRules(
        issuer=settings.public_url,
        clients={client.id: client for client in clients},
        acr_values=words(settings.citizen_token_acr_values, ACR_VALUES),
        minimum_age=settings.citizen_minimum_age,
        lives={
            "native": timedelta(days=settings.session_days),
            "browser": timedelta(hours=settings.browser_session_hours),
        },
    )


def _bytes(secret: SecretStr) -> bytes:
    return secret.get_secret_value().encode()
