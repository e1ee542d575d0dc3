"""Predict what sending the rows of a batch would do, without doing it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_refusal import row_refusal
from lib.domain.payments.brake import ACCEPT, brake_of
from lib.domain.profiles.choices import Rejection, decide
from lib.domain.services.service import Group, Sender
from lib.domain.shared.identifiers import rpt_id_of
from lib.ports.clock import Clock
from lib.repositories.payments.payments import Payments
from lib.repositories.profiles.many_profiles import ManyProfiles
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.batches.notice_rows import NoticeRows

READS_AT_ONCE: Final = 32
REACHABLE: Final = "REACHABLE"
"""The expected outcome of a row whose citizen gets its message."""
type TrialRoom = Callable[[Sender, datetime], Awaitable[int | None]]
"""Returns the messages of a trial that are left on a day; None for a sender not on trial."""


class Prediction(NamedTuple):
    """Rows by the outcome that they would have now: REACHABLE, or the reason against it.

    `counted`: the rows that would count for the cap of a trial, whatever their outcome.
    """

    counts: Counter[str]
    counted: int


class PredictRows:
    """Count rows by the outcome that they would have now.

    A row whose payment was asked for, paid or cancelled before is not REACHABLE where sending
    refuses or holds it.
    Whether citizens can be reached is counted only where the sender may ask so. Of a row that the
    sender may not send, nothing but that is told.
    Cost: two reads in bulk, three for a SPECIAL service; one read for each row with a payment; for
    each row with instalments that of NoticeRows.refusal.
    """

    def __init__(
        self,
        find_sender: FindSender,
        citizens: ManyProfiles,
        payments: Payments,
        notices: NoticeRows,
        trial_room: TrialRoom,
        clock: Clock,
    ) -> None:
        self._find_sender = find_sender
        self._citizens = citizens
        self._payments = payments
        self._notices = notices
        self._trial_room = trial_room
        self._clock = clock

    async def __call__(self, batch: Batch, rows: list[Row]) -> Prediction:
        """Return the numbers of rows by outcome."""
        sender = await self._find_sender(batch)
        if sender is None:
            return Prediction(Counter({"SENDER_NOT_ALLOWED": len(rows)}), 0)
        places = asyncio.Semaphore(READS_AT_ONCE)

        async def brake(row: Row) -> str | None:
            async with places:
                if row.is_notice:
                    return await self._notices.refusal(sender, batch, row)
                return await self._brake(sender, row)

        refusals = [row_refusal(sender, batch, row) for row in rows]
        counts = Counter(str(one) for one in refusals if one is not None)
        allowed = [row for row, one in zip(rows, refusals, strict=True) if one is None]
        with_payment = [row for row in allowed if row.payment is not None]
        braked = await asyncio.gather(*map(brake, with_payment))
        reasons = {
            row.number: reason
            for row, reason in zip(with_payment, braked, strict=True)
            if reason is not None
        }
        if Group.LIMITED_PROFILE_READ in sender.groups:
            reached = await self._reached(sender, allowed)
            for row, rejection in zip(allowed, reached, strict=True):
                counts.update(_outcomes(sender, row, rejection, reasons.get(row.number)))
        else:
            counts.update(reasons.values())
        return Prediction(counts, len(allowed))

    async def above_cap(self, batch: Batch, counted: int, start: datetime) -> int:
        """Return how many of the `counted` rows are above what a trial has left on that day.

        Cost: one point read for a sender on trial.
        """
        sender = await self._find_sender(batch)
        room = None if sender is None else await self._trial_room(sender, start)
        return 0 if room is None else max(0, counted - room)

    async def _brake(self, sender: Sender, row: Row) -> str | None:
        """Return why one more message for the payment of a row would be braked; None if not."""
        asked = row.payment
        if asked is None or asked.notice_number is None:
            return None
        payee = asked.payee or sender.service.organization_fiscal_code
        payment = await self._payments.get(rpt_id_of(payee, asked.notice_number))
        # a service that accepts duplicates is told of them too
        brake = brake_of("REFUSE", payment, sender.service.id)
        return None if brake is None else brake.reason

    async def _reached(self, sender: Sender, rows: list[Row]) -> list[Rejection | None]:
        """Return why each citizen is not reached, None where they are."""
        service, codes = sender.service, list({row.fiscal_code for row in rows})
        special = service.category == "SPECIAL"
        profiles, preferences, activations = await asyncio.gather(
            self._citizens.profiles(codes),
            self._citizens.preferences(codes, service.id),
            self._citizens.activations(codes if special else [], service.id),
        )
        now = self._clock.now()
        return [
            decide(
                profiles.get(row.fiscal_code),
                preferences.get(row.fiscal_code),
                service.id,
                special=special,
                activation=activations.get(row.fiscal_code),
                now=now,
            ).rejection
            for row in rows
        ]


def _outcomes(
    sender: Sender, row: Row, rejection: Rejection | None, reason: str | None
) -> Iterator[str]:
    """Yield the outcome of a row: what sending it meets first.

    `reason`: that against one more notice or message for its payment. A service that accepts
    duplicates sends such a message, so it is told of both.
    """
    if rejection is not None:
        yield str(rejection)
        return
    if reason is not None:
        yield reason
    if reason is None or (not row.is_notice and sender.service.duplicate_policy == ACCEPT):
        yield REACHABLE
