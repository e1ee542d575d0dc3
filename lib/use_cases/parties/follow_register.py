"""Bring the delegations of a person to what the registers of representatives say."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from ulid import ULID

from lib import telemetry
from lib.domain.identity.acting import DelegationId
from lib.domain.identity.citizen import Citizen
from lib.domain.parties.delegation import ASKED_AGAIN, Delegation
from lib.domain.parties.given import Given
from lib.domain.parties.held import Held, Lead
from lib.domain.parties.registered import end_of, registered
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.registers.representatives import Representatives, Represented
from lib.repositories.parties.parties import Parties
from lib.repositories.profiles.delegate_flags import DelegateFlags

MOST_LISTED: Final = 50
"""The most parties that a register may list for one person; what is beyond it is left out."""

type IsLeaving = Callable[[FiscalCode], Awaitable[bool]]
"""Tells whether the data of a citizen is being deleted: then nothing is written for them."""


class Tell(Protocol):
    """Notes in a citizen's access log that a delegation of a register begins or ends."""

    async def __call__(
        self, fiscal_code: FiscalCode, delegation_id: DelegationId, *, begins: bool
    ) -> None:
        """Note it in the log of one of the two sides."""
        ...


class _Plan(NamedTuple):
    """The delegations of one owner before and after an answer, and those that it lists.

    `lost`: leads that lead nowhere.
    """

    before: Given
    after: Given
    listed: tuple[Delegation, ...]
    lost: frozenset[DelegationId] = frozenset()


class FollowRegister:
    """Ask the registers about a person, at most once in a day, and store what they say.

    A delegation that they list is in force for 30 days at the longest, and ends when they list it
    no more. While they do not answer, the stored delegations stay until their end.
    Cost: one point read, and no more without registers. Once in a day: one call, two point reads
    and one write, and for each party two point reads and one write; a party that is new or has
    ended costs a point read, a write, two entries of access logs and a patch of a profile more.
    Concurrency: the leads are written before the delegations, and the time of the answer last: a
    crash in between leaves a lead that lists leave out, and the next call goes on. Two calls at the
    same time store the same delegations.
    """

    def __init__(
        self,
        register: Representatives | None,
        parties: Parties,
        flags: DelegateFlags,
        is_leaving: IsLeaving,
        tell: Tell,
        clock: Clock,
    ) -> None:
        self._register = register
        self._parties = parties
        self._flags = flags
        self._is_leaving = is_leaving
        self._tell = tell
        self._clock = clock

    def is_due(self, asked_at: str) -> bool:
        """Tell whether an answer of that time counts no more; no answer does without a register."""
        if self._register is None:
            return False
        return asked_at <= timestamp(self._clock.now() - ASKED_AGAIN)

    async def __call__(self, person: Citizen) -> Held:
        """Return the leads of the person. Raise UnavailableError."""
        held = await self._parties.held(person.fiscal_code)
        if self._register is None or not self.is_due(held.asked_at):
            return held
        try:
            listed = await self._register.represented_by(person.fiscal_code)
        except UnavailableError as error:
            telemetry.register_unasked(error)
            return held
        if await self._is_leaving(person.fiscal_code):
            return held
        return await self._store(person, held, listed[:MOST_LISTED])

    async def _store(self, person: Citizen, held: Held, listed: Iterable[Represented]) -> Held:
        now, delegate = self._clock.now(), person.fiscal_code
        by_owner = dict.fromkeys((lead.owner for lead in held.all), tuple[Represented, ...]())
        for one in listed:
            if one.party != delegate:
                by_owner[one.party] = (*by_owner.get(one.party, ()), one)
        plans = await asyncio.gather(
            *(self._plan(person, held, owner, all_, now) for owner, all_ in by_owner.items())
        )
        leads = [Lead(one.before.owner, found.id) for one in plans for found in one.listed]
        if held.registered(leads) != held:
            await self._parties.change_held(delegate, lambda one: one.registered(leads))
        # of two calls at the same time, the first one decides about the ids
        stored = await asyncio.gather(*(self._change(one, delegate, now) for one in plans))
        final = [lead for leads_ in stored for lead in leads_]
        lost = frozenset(id_ for one in plans for id_ in one.lost)
        at = timestamp(now)
        return await self._parties.change_held(
            delegate, lambda one: one.without(lost).registered(final, at)
        )

    async def _plan(
        self,
        person: Citizen,
        held: Held,
        owner: FiscalCode,
        listed: Iterable[Represented],
        now: datetime,
    ) -> _Plan:
        given = await self._parties.given(owner)
        # a crash may have left a lead to a delegation that was not written
        free = [one.id for one in held.all if one.owner == owner and given.find(one.id) is None]
        found = list[Delegation]()
        for one in listed:
            end = end_of(owner, one.kind, one.birth_date, one.last_day, now)
            if end is None:
                continue
            id_ = free.pop() if free else DelegationId(str(ULID.from_datetime(now)))
            names = one.name, Masked(f"{person.name} {person.family_name}".strip())
            delegation = registered(id_, one.kind, end, person.fiscal_code, names, now)
            known = given.of_register(delegation)
            found.append(delegation if known is None else delegation.confirmed(known))
        after = given.registered(person.fiscal_code, tuple(found), now)
        if after.began(given, now) and await self._is_leaving(owner):
            return _Plan(given, given, ())
        return _Plan(given, after, tuple(found), frozenset(free))

    async def _change(self, plan: _Plan, delegate: FiscalCode, now: datetime) -> list[Lead]:
        before, after, listed, _ = plan
        owner = before.owner
        if after == before:
            return []
        if after.began(before, now):
            # before the delegation, so that no fan-out passes over a representative
            await self._flags.set(owner)
        # told before the write: after a crash in between, the next call tells it again
        for begins, ids in ((True, after.began(before, now)), (False, before.began(after, now))):
            for id_ in ids:
                await self._tell(owner, id_, begins=begins)
                await self._tell(delegate, id_, begins=begins)
        stored = await self._parties.change_given(
            owner, lambda given: given.registered(delegate, listed, now)
        )
        return [Lead(owner, one.id) for one in filter(None, map(stored.of_register, listed))]
