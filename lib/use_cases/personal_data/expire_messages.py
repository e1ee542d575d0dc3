"""Delete the messages whose time has passed."""

import asyncio
import time
from typing import Final

from lib.domain.payments.payment import Payment
from lib.domain.personal_data.erasure_request import NOBODY
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.repositories.payments.payments import Payments
from lib.repositories.personal_data.erasing.citizens_messages import CitizensMessages
from lib.repositories.personal_data.retention_sweeps import Due, RetentionSweeps

PER_QUERY: Final = 100
MAX_RUN_SECONDS: Final = 120.0


class ExpireMessages:
    """Delete messages whose time has passed, for their citizens and their senders.

    First the places that only the message leads to lose the citizen's name: the payment and the
    sender's list. So an erasure that comes later has nothing to find there. Then the content is
    deleted, and a month later the rest, by its time to live.
    Cost: one query over all partitions; for each message a read, a patch and a replace, and for one
    with a payment a read and a write more. None where messages are kept for good.
    Concurrency: a run that dies is repeated. A message that changes meanwhile waits for the next
    run. `days`: how long messages are kept; 0 for good, also those with an end from before.
    """

    def __init__(
        self,
        sweeps: RetentionSweeps,
        payments: Payments,
        found: CitizensMessages,
        clock: Clock,
        *,
        days: int,
    ) -> None:
        self._sweeps = sweeps
        self._payments = payments
        self._found = found
        self._clock = clock
        self._days = days

    async def __call__(self) -> int:
        """Return the number of messages found. The next run goes on where this one ended."""
        end, count = time.monotonic() + MAX_RUN_SECONDS, 0
        while self._days and time.monotonic() < end:
            found = await self._sweeps.due(self._clock.now(), PER_QUERY)
            await asyncio.gather(*map(self._expire, found))
            count += len(found)
            if len(found) < PER_QUERY:
                break
        return count

    async def _expire(self, due: Due) -> None:
        found, now = await self._sweeps.read(due), timestamp(self._clock.now())
        if found is None or (found.message.kept_until or now) > now:
            return
        message = found.message
        if not message.is_delivered:
            # its sender withdrew it, and it ends by its time to live
            await self._sweeps.keep(found, None)
            return
        # an amendment may have moved the due date, and the operator the days
        longer = message.keep_until(parse_timestamp(message.settled_at), self._days)
        if longer is not None and longer > now:
            await self._sweeps.keep(found, longer)
            return
        if message.payment is not None:

            def without(payment: Payment) -> Payment:
                return payment.without_message(message.id, NOBODY)

            await self._payments.change(message.payment.rpt_id, without)
        await self._found.seal(message.sender.service_id, message.id)
        await self._sweeps.expire(found)
