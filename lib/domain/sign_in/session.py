"""A session: one login of a citizen in one app on one device, or in one browser."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, Self

from lib.domain.identity.citizen import Citizen
from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.shared.values import Masked
from lib.domain.sign_in.clients import Scope

CODE_LIFE: Final = timedelta(seconds=60)
"""The time in which an app exchanges its code; an app does so at once."""
GRACE: Final = timedelta(seconds=60)
"""The time in which a rotated token gives the same successor again, after an answer was lost."""

type Outcome = Literal["given", "refused", "reused"]
"""`reused`: a code or a token that was used before; the session must end."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The conditions under which an app gets the tokens of a new session."""

    redirect_uri: str
    challenge: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session. Its repr shows no personal data.

    `generation`: the number of the refresh token that is valid now; 0 before the first one.
    `rotated_at`: when that token came into being. `hint`: what ends the session at the provider.
    `device`: the hash of the installation that gets push notifications; empty for none.
    `exchange`: the request that exchanged the code, which knows its own write by it.
    """

    id: SessionId
    client_id: str
    device_name: str
    scope: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime
    authenticated_at: datetime
    acr: str
    provider: str
    name: Masked = field(repr=False)
    family_name: Masked = field(repr=False)
    email: Masked = field(repr=False)
    birth_date: Masked = field(repr=False)
    hint: Masked = field(repr=False)
    nonce: str = ""
    pending: Pending | None = None
    generation: int = 0
    rotated_at: datetime | None = None
    device: str = ""
    exchange: str = ""

    def is_live(self, now: datetime) -> bool:
        """Tell whether the session has tokens or a cookie that are valid."""
        return self.pending is None and now < self.ends_at

    def is_over(self, now: datetime) -> bool:
        """Tell whether nothing can be done with the session any more."""
        ends_at = self.ends_at if self.pending is None else self.pending.ends_at
        return now >= ends_at

    def citizen(self, fiscal_code: FiscalCode) -> Citizen:
        """Return the citizen as the provider named them at the login."""
        return Citizen(fiscal_code, self.name, self.family_name, self.email, self.birth_date)

    def after_code(
        self, redirect_uri: str, verifier: str, exchange: str, now: datetime
    ) -> Self | Outcome:
        """Return the session after the exchange of its code, or why there is none."""
        if self.pending is None:
            # the store's client may send a write twice, and the second one fails
            return self if exchange == self.exchange else "reused"
        proven = _challenge(verifier)
        if (
            now >= self.pending.ends_at
            or redirect_uri != self.pending.redirect_uri
            or not hmac.compare_digest(proven, self.pending.challenge)
        ):
            return "refused"
        return replace(
            self, pending=None, generation=1, rotated_at=now, last_used_at=now, exchange=exchange
        )

    def after_refresh(self, generation: int, now: datetime) -> Self | Outcome:
        """Return the session after the use of the refresh token with this number.

        The predecessor of the valid token changes nothing within the time of grace.
        """
        if not self.is_live(now):
            return "refused"
        if generation == self.generation:
            return replace(self, generation=generation + 1, rotated_at=now, last_used_at=now)
        rotated_at = self.rotated_at
        is_repeated = generation == self.generation - 1 and rotated_at is not None
        if is_repeated and rotated_at is not None and now - rotated_at < GRACE:
            return self
        return "reused"


def _challenge(verifier: str) -> str:
    """Return the challenge of a verifier (S256, RFC 7636)."""
    digest = hashlib.sha256(verifier.encode(errors="surrogatepass")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
