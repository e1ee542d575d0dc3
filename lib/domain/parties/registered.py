"""The delegation that a register of representatives gives, and its end."""

from datetime import date, datetime, timedelta
from typing import Final

from lib.domain.identity.acting import DelegationId, Right
from lib.domain.identity.age import day_of_age, youngest_birth_date
from lib.domain.parties.delegation import (
    REGISTER_LIFE,
    Delegation,
    DelegationKind,
    DelegationState,
    Side,
    Terms,
)
from lib.domain.shared.deadline import in_rome, midnight
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked, timestamp

FULL_AGE: Final = 18
_RIGHTS: Final = frozenset({Right.READ, Right.ACT, Right.MANAGE})


def registered(
    id_: DelegationId,
    kind: DelegationKind,
    end: datetime,
    delegate: FiscalCode,
    names: tuple[Masked, Masked],
    now: datetime,
) -> Delegation:
    """Return a delegation in force until `end`. `names`: of the owner, and of the delegate.

    Its delegate has all rights of the owner, for all services, and is told of new messages.
    """
    at, (owner_name, delegate_name) = timestamp(now), names
    return Delegation(
        id=id_,
        kind=kind,
        state=DelegationState.ACTIVE,
        terms=Terms(timestamp(end), _RIGHTS, is_notified=True),
        created_at=at,
        changed_at=at,
        changed_by=Side.REGISTER,
        owner_name=owner_name,
        delegate=delegate,
        delegate_name=delegate_name,
    )


def end_of(
    party: FiscalCode,
    kind: DelegationKind,
    birth_date: date | None,
    last_day: date | None,
    now: datetime,
) -> datetime | None:
    """Return when what a register says now ends; None if it gives no right any more.

    A parent acts until the child is of age, in Italy. Without a date of birth, of the register or
    in the fiscal code, nobody can say when that is, so there is no right.
    """
    ends = [now + REGISTER_LIFE]
    if last_day is not None:
        ends.append(midnight(last_day + timedelta(days=1)) or ends[0])
    if kind is DelegationKind.PARENT:
        born = birth_date or youngest_birth_date(party, in_rome(now).date())
        of_age = None if born is None else midnight(day_of_age(born, FULL_AGE))
        if of_age is None:
            return None
        ends.append(of_age)
    end = min(ends)
    return end if end > now else None
