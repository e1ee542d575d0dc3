"""An identity provider in memory: who logs in, and how, is what a test sets."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from infra.local.sandbox.seed import CITIZEN
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.identity_provider import ProvenIdentity, ProviderRequest
from tests.doubles.clock import START

LEVEL_2 = "https://www.spid.gov.it/SpidL2"
LEVEL_3 = "https://www.spid.gov.it/SpidL3"


@dataclass
class KeptProvider:
    """A provider that proves one citizen, and gives each code once.

    `fault`: raised in place of an answer. `requests`: the logins that came here.
    """

    fiscal_code: str = CITIZEN
    acr: str = LEVEL_2
    email: str = "maria@example.org"
    birth_date: str = "1980-01-01"
    authenticated_at: datetime = START
    fault: Exception | None = None
    requests: list[ProviderRequest] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    hints: list[str] = field(default_factory=list)

    def seconds(self) -> int:
        """Return a fixed time."""
        return int(START.timestamp())

    async def begin_url(self, request: ProviderRequest) -> str:
        """Return the address of the login."""
        if self.fault is not None:
            raise self.fault
        self.requests.append(request)
        return f"https://provider.example/login?{urlencode({'state': request.state})}"

    async def finish(self, request: ProviderRequest, code: str, _issuer: str) -> ProvenIdentity:
        """Return the citizen once for each code."""
        if self.fault is not None:
            raise self.fault
        if code in self.used or request not in self.requests:
            raise InvalidTokenError("the code is not valid")
        self.used.add(code)
        return ProvenIdentity(
            fiscal_code=FiscalCode(self.fiscal_code),
            name=Masked("Maria"),
            family_name=Masked("Rossi"),
            email=Masked(self.email),
            birth_date=Masked(self.birth_date),
            acr=self.acr,
            authenticated_at=self.authenticated_at,
            session_hint=Masked("the-hint"),
        )

    async def end_url(self, session_hint: Masked, return_to: str) -> str | None:
        """Return the address of the logout."""
        self.hints.append(str(session_hint))
        return f"https://provider.example/logout?{urlencode({'to': return_to})}"

    async def close(self) -> None:
        """Do nothing."""
