"""Rows of the matrix of rights: the answers to callers without the whole right.

Each area has its rows in tests/functions/<area>/authority.py; test_authority.py joins them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.builders.payment_notices import NUMBER

PAYEE: Final = "09876543210"
"""Not the sender's own organisation."""
RPT_ID: Final = PAYEE + NUMBER
THE_MESSAGE: Final = "<the message>"
"""Stands for the id of the message of which the world tells."""
MAY: Final = 0
"""The caller is not restricted in what this endpoint does: it succeeds, for others as well."""
SENDERS: Final = (
    "no key",
    "unknown key",
    "no group",
    "another group",
    "another network",
    "other recipients",
    "no payee group",
    "other payees",
    "another service",
)
MANAGERS: Final = (
    "no key",
    "unknown key",
    "a sender's key",
    "an operator's key",
    "no group",
    "another group",
    "another network",
    "another organisation",
)
OPERATORS: Final = ("no key", "unknown key", "a sender's key", "a manage key")
CITIZENS: Final = ("no token", "a sender's key", "another citizen")
LINKS: Final = ("another purpose", "another secret")
NO_PAYEE: Final = {"other_recipients": 403, "no_payee_group": 403, "other_payees": 403}


@dataclass(frozen=True)
class Row:
    """A request, and the expected status for each caller; `MAY` where nothing is restricted."""

    cells: Mapping[str, int]
    body: Any = None
    path: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def senders(default: int = MAY, **cells: int) -> dict[str, int]:
    """Return the cells of a sender's endpoint; a key without any right is refused everywhere."""
    nothing = {"no key": 401, "unknown key": 401}
    nothing |= dict.fromkeys(("no group", "another group", "another network"), 403)
    given = {name.replace("_", " "): status for name, status in cells.items()}
    return {**dict.fromkeys(SENDERS, default), **nothing, **given}


def managers(another_organisation: int) -> dict[str, int]:
    """Return the cells of a manager's endpoint; `MAY` where it acts for the caller's own alone."""
    return {
        **dict.fromkeys(MANAGERS, 403),
        "no key": 401,
        "unknown key": 401,
        "another organisation": another_organisation,
    }


def operators() -> dict[str, int]:
    """Return the cells of an operator's endpoint."""
    return {**dict.fromkeys(OPERATORS, 403), "no key": 401, "unknown key": 401}


def citizens(another_citizen: int = MAY) -> dict[str, int]:
    """Return the cells of a citizen's endpoint."""
    return {"no token": 401, "a sender's key": 401, "another citizen": another_citizen}


def links() -> dict[str, int]:
    """Return the cells of an endpoint that a link in an e-mail opens."""
    return dict.fromkeys(LINKS, 404)
