"""A session of a citizen, to vary."""

from datetime import timedelta
from typing import Any

from lib.domain.personal_data.erasure_request import ErasureRequest, ErasureStatus
from lib.domain.shared.identifiers import SessionId
from lib.domain.shared.values import Masked, timestamp
from lib.domain.sign_in.session import Session
from lib.domain.sign_in.sessions import Sessions
from lib.repositories.personal_data.erasures import Erasures
from lib.repositories.sign_in.sessions import CitizensSessions
from tests.doubles.clock import START
from tests.stack import Stack


def a_session(**changes: Any) -> Session:
    """Return a session that began at the start of the tests' clock."""
    values: dict[str, Any] = {
        "id": SessionId("01KAQNY5G0SESS10N000000000"),
        "client_id": "an-app",
        "device_name": "Telefono di Maria",
        "scope": ("openid", "inbox"),
        "created_at": START,
        "last_used_at": START,
        "ends_at": START + timedelta(days=30),
        "authenticated_at": START,
        "acr": "https://www.spid.gov.it/SpidL2",
        "provider": "spid",
        "name": Masked("Maria"),
        "family_name": Masked("Rossi"),
        "email": Masked("maria@example.org"),
        "birth_date": Masked("1980-01-01"),
        "hint": Masked("the-hint"),
        "generation": 1,
        "rotated_at": START,
    }
    return Session(**{**values, **changes})


async def with_session(stack: Stack, fiscal_code: str, session: Session) -> None:
    """Give the citizen a session."""
    sessions = Sessions("a-subject", (session,))
    await CitizensSessions(stack.store).write(fiscal_code, sessions, None)


async def with_deletion(stack: Stack, fiscal_code: str, status: ErasureStatus) -> None:
    """Let the deletion of the citizen's data have this status."""
    at = timestamp(START)
    await Erasures(stack.store).write(
        fiscal_code, ErasureRequest("a-request", at, at, at, status=status), None
    )
