"""Payment updates and fan-outs in any order, again and at once: what results is the true order."""

import asyncio
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, override

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from functions.queues.messages import fan_out_message, update_payment_status
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.domain.payments.payment import PaymentEvent
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document
from lib.ports.queueing.names import PAYMENT_UPDATED
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE, a_payment
from tests.doubles.clock import START
from tests.stack import Stack, take
from tests.stored import stored_message

pytestmark = pytest.mark.slow

CITIZENS = (CITIZEN, "RSSMRA80A01H501U")
NOTICES = ("301000000000000017", "301000000000000025")
STATUS = {"PAID": "PAID", "CANCELLED": "CANCELLED", "REVERSED": "NOT_PAID"}
CHOICES = st.lists(st.integers(0, 1000), min_size=1, max_size=4)


class PaymentMachine(RuleBasedStateMachine):
    """`told` are the updates that pagoPA sent, `sent` the messages, each by its notice."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self.updates: list[tuple[str, Document]] = []
        self.told: list[tuple[str, Document]] = []
        self.sent: list[tuple[str, str, str]] = []

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    @initialize()
    def start(self) -> None:
        """Open the stack."""

        async def opened() -> Stack:
            return await Stack(Path(self._folder.name)).start()

        self.stack: Stack = self.run(opened())

    @rule(
        notice=st.sampled_from(NOTICES),
        minute=st.integers(0, 2),
        outcome=st.sampled_from(tuple(STATUS)),
        prefix=st.sampled_from("abc"),
    )
    def happen(self, notice: str, minute: int, outcome: str, prefix: str) -> None:
        """Make an event at pagoPA, which may be reported later or never."""
        update = {
            "event_id": f"{prefix}{len(self.updates)}",
            "occurred_at": timestamp(START + timedelta(minutes=minute)),
            "outcome": outcome,
        }
        self.updates.append((PAYEE + notice, update))

    @rule(notice=st.sampled_from(NOTICES), citizen=st.sampled_from(CITIZENS))
    def send(self, notice: str, citizen: str) -> None:
        """Submit a message, whose fan-out comes later."""
        content = {"payment_data": a_payment(notice_number=notice)}
        id_ = self.run(self.stack.submit(fiscal_code=citizen, content=content))
        self.sent.append((PAYEE + notice, citizen, id_))

    @precondition(lambda self: self.updates or self.sent)
    @rule(updates=CHOICES, messages=CHOICES, batch=st.booleans())
    def all_at_once(self, updates: list[int], messages: list[int], batch: bool) -> None:
        """Report some updates and fan some messages out at the same time, new or again."""
        chosen = [self.updates[one % len(self.updates)] for one in updates if self.updates]
        items = [self.sent[one % len(self.sent)] for one in messages if self.sent]
        self.told += chosen

        async def together() -> None:
            await asyncio.gather(
                *([self.tell_all(chosen)] if batch else [self.tell(*one) for one in chosen]),
                *(self.fan_out(citizen, id_) for _, citizen, id_ in items),
                self.mark(done=False),
            )

        self.run(together())

    @rule(done=st.booleans())
    def marks(self, done: bool) -> None:
        """Run the queued marks; where not `done`, they come once more."""
        self.run(self.mark(done=done))

    async def tell(self, rpt_id: str, update: Document) -> None:
        """Send an update until it is accepted."""
        while True:
            reply = await self.stack.call(
                "update_payment", update, path={"rpt_id": rpt_id}, key=PAYMENTS_KEY
            )
            if reply.status == 200:
                return
            assert reply.status == 503, reply

    async def tell_all(self, updates: list[tuple[str, Document]]) -> None:
        """Send updates as one batch until it is accepted."""
        body = {"updates": [{"rpt_id": rpt_id, **update} for rpt_id, update in updates]}
        while updates:
            reply = await self.stack.call("update_payments", body, key=PAYMENTS_KEY)
            if reply.status == 200:
                return
            assert reply.status == 503, reply

    async def fan_out(self, citizen: str, id_: str) -> None:
        """Fan a message out; its queued item comes later as well."""
        await fan_out_message.consume(
            self.stack.app, submitted(MessageId(id_), citizen).text(), last=False
        )

    async def mark(self, *, done: bool) -> None:
        """Run the queued items of payments."""
        queue = self.stack.queue
        for item in await take(queue, PAYMENT_UPDATED):
            await update_payment_status.consume(self.stack.app, item.text, last=False)
            if done:
                await queue.delete(PAYMENT_UPDATED, item)
            else:
                await queue.update(PAYMENT_UPDATED, item, visibility_timeout=timedelta(0))

    @override
    def teardown(self) -> None:
        """Run all that is left, and check the end against the true order of events."""
        try:
            if hasattr(self, "stack"):
                self.run(self.check())
                self.run(self.stack.app.close())
        finally:
            self._runner.close()
            self._folder.cleanup()

    async def check(self) -> None:
        """Check each payment and each of its messages against the updates that were sent."""
        await self.stack.drain()
        self.stack.clock.advance(timedelta(hours=1))
        await self.stack.drain()
        for rpt_id in (PAYEE + notice for notice in NOTICES):
            events = [
                PaymentEvent(update["event_id"], update["outcome"], update["occurred_at"], "")
                for named, update in self.told
                if named == rpt_id
            ]
            last = max(events, key=lambda one: one.order, default=None)
            status = STATUS[last.outcome] if last else "NOT_PAID"
            carriers = {id_: citizen for named, citizen, id_ in self.sent if named == rpt_id}
            payment = await self.stack.app.repositories.payments.get(RptId(rpt_id))
            if payment is None:
                assert not events
                assert not carriers
                continue
            assert (payment.event and payment.event.id) == (last and last.id)
            assert payment.status == status
            assert {one.message_id: one.fiscal_code for one in payment.carriers} == carriers
            for id_, citizen in carriers.items():
                message = await stored_message(self.stack, id_, citizen)
                assert message.status == "PROCESSED"
                assert message.payment_status == status


TestPayments = PaymentMachine.TestCase
TestPayments.settings = settings(
    max_examples=30,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
