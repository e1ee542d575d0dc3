"""The leads of one person to the delegations that others gave to that person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from lib.domain.identity.acting import DelegationId
from lib.domain.parties.errors import TooManyPartiesError
from lib.domain.shared.identifiers import FiscalCode

MOST_HELD: Final = 50
"""The most parties for which one person may act."""


class Lead(NamedTuple):
    """The place of a delegation: its owner and its id."""

    owner: FiscalCode
    id: DelegationId


@dataclass(frozen=True, slots=True)
class Held:
    """The leads of one person. A lead may lead nowhere: the delegation itself decides.

    `asked_at`: when the registers of representatives told all about the person the last time, as
    `values.timestamp` writes it; "" for never.
    """

    all: tuple[Lead, ...] = ()
    asked_at: str = ""

    @property
    def is_full(self) -> bool:
        """Whether no lead has room."""
        return len(self.all) >= MOST_HELD

    def find(self, id_: DelegationId) -> Lead | None:
        """Return the lead to a delegation; None where there is none."""
        return next((one for one in self.all if one.id == id_), None)

    def including(self, lead: Lead) -> "Held":
        """Return them with this lead; raise TooManyPartiesError."""
        if lead in self.all:
            return self
        if self.is_full:
            raise TooManyPartiesError(MOST_HELD)
        return replace(self, all=(*self.all, lead))

    def registered(self, leads: Iterable[Lead], asked_at: str | None = None) -> "Held":
        """Return them with leads of a register, which the bound of MOST_HELD does not count.

        `asked_at`: None leaves the time as it is.
        """
        new = tuple(one for one in dict.fromkeys(leads) if one not in self.all)
        return Held((*self.all, *new), self.asked_at if asked_at is None else asked_at)

    def without(self, dead: frozenset[DelegationId]) -> "Held":
        """Return them without the leads to these delegations."""
        return replace(self, all=tuple(one for one in self.all if one.id not in dead))
