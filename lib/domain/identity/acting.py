"""The bounds of a delegate, who acts in the inbox of another party."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, NewType

from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.values import Masked

_NONE: Final = Masked("")

DelegationId = NewType("DelegationId", str)
"""The id of a delegation between an owner and a delegate: a ULID."""


class Right(StrEnum):
    """A right that a delegation gives.

    READ: to read messages with their papers. ACT: to archive, to set stars, to mark, to put off
    reminders. MANAGE: to do in settings, delegations and personal data what the owner may; only a
    register gives it, for owners who cannot do it themselves.
    """

    READ = "READ"
    ACT = "ACT"
    MANAGE = "MANAGE"


@dataclass(frozen=True, slots=True)
class ActingClaim:
    """The party for whom the person of a call acts. Nothing of it is verified yet.

    `party`: None for a page, which knows the delegation alone. `delegation_id`: None for the
    delegation that is in force between the two.
    """

    party: FiscalCode | None
    delegation_id: DelegationId | None = None


class Told(NamedTuple):
    """A delegate whom the owner of an inbox lets be told of its messages."""

    delegate: FiscalCode
    delegation_id: DelegationId


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of a delegate's access. `service_ids`: None for all services.

    `owner_name`: the name of the party, for whom the delegate's own token has none.
    """

    delegation_id: DelegationId
    rights: frozenset[Right]
    service_ids: frozenset[ServiceId] | None = None
    owner_name: Masked = _NONE

    def include(self, service_id: ServiceId) -> bool:
        """Tell whether the delegate may see messages of this service."""
        return self.service_ids is None or service_id in self.service_ids
