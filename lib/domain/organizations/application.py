"""An application: somebody asks that an organisation may send."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from lib.domain.shared.identifiers import ULID_PATTERN, OrganizationFiscalCode

CODE_LIFE: Final = timedelta(days=7)
MAILS_A_DAY: Final = 5
"""The most e-mails with a code for one organisation in a day of Italy, whoever applies."""
_SECRET_BYTES: Final = 16
_CODE: Final = re.compile(rf"({ULID_PATTERN[1:-1]})-([0-9a-f]{{{2 * _SECRET_BYTES}}})")
MAX_CODE_LENGTH: Final = 26 + 1 + 2 * _SECRET_BYTES


class ApplicationState(StrEnum):
    """The state of an application.

    PENDING_CHECK: the register has not been asked yet, or was away. CODE_SENT: the e-mail with the
    code was handed to the mail server. REFUSED: the register does not have the organisation or the
    address, or the organisation got too many e-mails today. CONFIRMED: the code came back.
    """

    PENDING_CHECK = "PENDING_CHECK"
    CODE_SENT = "CODE_SENT"
    REFUSED = "REFUSED"
    CONFIRMED = "CONFIRMED"


@dataclass(frozen=True, slots=True)
class Application:
    """An application; `created_at` is in UTC.

    `email`: the address that the applicant names; empty for the first one in the register.
    `domicile`: the address to which the code goes, once it is known; an operator who registers an
    intermediary names it. `is_counted`: whether its e-mail is counted in the organisation's day.
    `code_hash`: the keyed hash of the code.
    """

    id: str
    fiscal_code: OrganizationFiscalCode
    created_at: str
    email: str = field(default="", repr=False)
    state: ApplicationState = ApplicationState.PENDING_CHECK
    domicile: str = field(default="", repr=False)
    name: str = ""
    ipa_code: str = ""
    is_counted: bool = False
    code_hash: str = field(default="", repr=False)


def new_code(application_id: str) -> str:
    """Return a new code for the application, with 128 random bits."""
    return f"{application_id}-{secrets.token_hex(_SECRET_BYTES)}"


def application_named(code: str) -> str | None:
    """Return the id of the application that the code is for; None for another text."""
    found = _CODE.fullmatch(code)
    return found[1] if found else None
