"""A case of the matrix of rights: a request about the things of one owner, and who may make it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lib.domain.identity.acting import Right
from tests.functions.identity.rights.callers import (
    CALLERS,
    CITIZEN_TOKEN,
    CITIZENS,
    DELEGATES,
    INTERMEDIARIES,
    INTERMEDIARY,
    LIMITED,
    MANAGER,
    OF_INTERMEDIARY,
    OF_SERVICE,
    OPERATOR,
    REPRESENTATIVE,
    SERVICE_KEYS,
    SIBLING,
    WITHOUT_CREDENTIALS,
    WITHOUT_DELEGATION,
)

OWN: Final = 0
"""The caller acts for itself: it succeeds, and meets nothing of the owner's."""


@dataclass(frozen=True)
class Case:
    """A request.

    `owner`: whose things it names; `"<name>"` in path, body, query or header stands for the thing.
    `holders`: the callers who have the right to it. `others`: the status for the other callers that
    satisfy the endpoint's scheme. `cells`: the statuses of single callers, before all other rules.
    `shows`: the things that the answer to a holder has. `like`: another caller, whose answer is
    that of each caller that has nothing itself.
    `shared`: containers in whose documents the request itself may add something of the caller's.
    """

    owner: str
    holders: tuple[str, ...]
    others: int
    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, int] = field(default_factory=dict)
    shows: tuple[str, ...] = ()
    like: str | None = None
    shared: tuple[str, ...] = ()

    def is_held_by(self, caller: str, right: Right | None) -> bool:
        """Tell whether the caller has the right; a representative has those of the citizen.

        `right`: the one that a delegate needs; None where the endpoint admits no delegate.
        """
        if caller == REPRESENTATIVE:
            return right is not None and CITIZEN_TOKEN in self.holders
        return caller in self.holders

    def expected(self, scheme: str | None, caller: str, right: Right | None) -> int | None:
        """Return the status for a caller, OWN, or None for a holder; `right` as `is_held_by`."""
        if scheme == "CitizenToken" and caller in DELEGATES:
            is_refused = right is None or (right is Right.MANAGE and caller != REPRESENTATIVE)
            if is_refused or caller in WITHOUT_DELEGATION:
                return 403
        if caller in self.cells:
            return self.cells[caller]
        if self.is_held_by(caller, right):
            return None
        if scheme is None or CALLERS[caller].scheme == scheme:
            return self.others
        if scheme == "CitizenToken" or caller in WITHOUT_CREDENTIALS:
            return 401
        return 401 if caller in CITIZENS else 403


def sent(others: int, *, writes: bool = False, **case: Any) -> tuple[Case, ...]:
    """Return the cases of a request about something sent: by the service, by an intermediary.

    `writes`: the request needs the right to write to the citizen.
    """
    cells = case.pop("cells", {})
    keys: tuple[str, ...] = SERVICE_KEYS
    if writes:
        cells = {LIMITED: 403, **cells}
        keys = tuple(key for key in keys if key != LIMITED)
    return (
        Case(OF_SERVICE, keys, others, cells=cells, **case),
        Case(OF_INTERMEDIARY, (*keys, INTERMEDIARY), others, cells=cells, **case),
    )


def of_service(**case: Any) -> tuple[Case, ...]:
    """Return the case of a setting of the service, which no intermediary may read or change."""
    cells = {**dict.fromkeys(INTERMEDIARIES, 403), **case.pop("cells", {})}
    return (Case(OF_SERVICE, SERVICE_KEYS, case.pop("others", OWN), cells=cells, **case),)


def of_payee(**case: Any) -> tuple[Case, ...]:
    """Return the case of a payment: each service of the payee may tell of it."""
    return (Case(OF_SERVICE, (*SERVICE_KEYS, SIBLING), 403, **case),)


def managed(
    others: int, owner: str, holders: Iterable[str] = (MANAGER,), **case: Any
) -> tuple[Case, ...]:
    """Return the case of something that an organisation manages."""
    return (Case(owner, tuple(holders), others, **case),)


def operated(**case: Any) -> tuple[Case, ...]:
    """Return the case of something that operators do."""
    return (Case(case.pop("owner", "the operators"), (OPERATOR,), 403, **case),)


def of_citizen(others: int, **case: Any) -> tuple[Case, ...]:
    """Return the case of something of a citizen; `holders`: the citizen alone by default."""
    holders = case.pop("holders", (CITIZEN_TOKEN,))
    return (Case(case.pop("owner", "the citizen"), holders, others, **case),)


def public(status: int = OWN, **case: Any) -> tuple[Case, ...]:
    """Return the case of a public endpoint; `status`: for everybody."""
    return (Case("the operators", (), status, **case),)
