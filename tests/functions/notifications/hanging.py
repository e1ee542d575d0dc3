"""Services that hang, for the tests of what they hold up."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from functions.queues.contract import Consumer
from lib.domain.shared.identifiers import RptId
from lib.ports.errors import UnavailableError
from lib.ports.mailer import Mail
from lib.ports.payment_node import PaymentInfo
from lib.ports.push import PushNotification
from tests.stack import Stack

SLOTS: Final = 64
"""Items of one queue that an instance runs at a time, as host.json says."""


HANGS: Final = 1.5
"""Seconds until a call that hangs is given up, in place of a neighbour's own time-out."""


SOON: Final = 0.75
"""Seconds: half of that, for all that does not concern the neighbour."""


class Hanging:
    """A mailer, push service and payment node that never answers."""

    def __init__(self) -> None:
        self.asked = 0

    async def _hang(self) -> None:
        self.asked += 1
        await asyncio.sleep(HANGS)
        raise UnavailableError("no answer")

    async def send(self, _: Mail | PushNotification) -> None:
        """Take a notification, and do not answer."""
        await self._hang()

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Do not answer."""
        await self._hang()
        raise AssertionError(rpt_id)

    async def close(self) -> None:
        """Do nothing."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail where the block takes more than twice these seconds."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 2 * seconds


async def run(stack: Stack, consumer: Consumer[Any], items: list[Any]) -> None:
    """Run items as an instance does: SLOTS at a time, in their order."""
    slots = asyncio.Semaphore(SLOTS)

    async def one(item: Any) -> None:
        async with slots:
            await consumer.consume(stack.app, item.text(), last=False)

    await asyncio.gather(*map(one, items))
