"""Notices sent, amended, cancelled, paid and fanned out in any order, again and at once."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, override

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from functions.queues.messages import fan_out_message, update_payment_status
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.domain.messages.message import Message
from lib.domain.shared.values import timestamp
from lib.ports.queueing.names import MESSAGE_SUBMITTED, PAYMENT_UPDATED
from tests.builders.payment_notices import a_notice, an_amendment, number
from tests.builders.payments import PAYEE
from tests.stack import Reply, Stack, take
from tests.stored import stored_messages, stored_notice, stored_payment

pytestmark = pytest.mark.slow

CITIZENS = (CITIZEN, "RSSMRA80A01H501U")
NUMBERS = (number(1), number(2))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ("send", "send", "amend", "cancel", "cancel", "reopen", "pay", "fan out", "mark")
        ),
        st.sampled_from(NUMBERS),
        st.sampled_from((*CITIZENS[:1] * 4, CITIZENS[1])),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=5,
)
FINE = {200, 201, 404, 409, 503}


class NoticeMachine(RuleBasedStateMachine):
    """By notice number: the messages that answers named, how many were 201, and what was told.

    `unsent` were paid before anybody sent them; `reopened` are those that somebody reopened.
    """

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self.made: dict[str, list[str]] = {one: [] for one in NUMBERS}
        self.firsts: Counter[str] = Counter()
        self.unsent: set[str] = set()
        self.paid: set[str] = set()
        self.cancelled: set[str] = set()
        self.reopened: set[str] = set()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine to its end."""
        return self._runner.run(work)

    @initialize()
    def start(self) -> None:
        """Open the stack."""

        async def opened() -> Stack:
            return await Stack(Path(self._folder.name)).start()

        self.stack: Stack = self.run(opened())

    @rule(acts=ACTS)
    def all_at_once(self, acts: list[tuple[str, str, str, int]]) -> None:
        """Run some acts at the same time, and then advance the clock by a second."""
        self.unsent |= {one for one in self.paid if not self.made[one]}

        async def together() -> None:
            await asyncio.gather(*(self.act(*one) for one in acts))

        self.run(together())
        self.stack.clock.advance(timedelta(seconds=1))

    async def act(self, what: str, notice: str, citizen: str, choice: int) -> None:
        """Run one act; a refused one must change nothing."""
        match what:
            case "fan out":
                await self.consume(MESSAGE_SUBMITTED, fan_out_message, done=choice > 1)
            case "mark":
                await self.consume(PAYMENT_UPDATED, update_payment_status, done=choice > 1)
            case "pay":
                await self.pay(notice)
            case "send":
                changes = {"notice_number": notice, "fiscal_code": citizen}
                body = a_notice(amount_cents=100 * choice, **changes)
                reply = await self.stack.call("submit_payment_notice", body)
                self.note(notice, reply)
            case "amend":
                body = an_amendment(choice, amount_cents=100 * choice + 1)
                path = {"rpt_id": PAYEE + notice}
                self.note(notice, await self.stack.call("amend_payment_notice", body, path=path))
            case "reopen":
                path = {"rpt_id": PAYEE + notice}
                reply = await self.stack.call("reopen_payment_notice", path=path)
                assert reply.status in FINE
                if reply.status == 200 and notice in self.cancelled:
                    self.reopened.add(notice)
            case _:
                path = {"rpt_id": PAYEE + notice}
                reply = await self.stack.call("cancel_payment_notice", path=path)
                assert reply.status in FINE
                if reply.status == 200:
                    self.cancelled.add(notice)

    def note(self, notice: str, reply: Reply) -> None:
        """Store the message id of an accepted request."""
        assert reply.status in FINE, reply
        if reply.status in {200, 201}:
            self.made[notice].append(reply.body["message_id"])
            self.firsts[notice] += reply.status == 201

    async def pay(self, notice: str) -> None:
        """Report that the notice is paid now."""
        at = timestamp(self.stack.clock.now())
        update = {"event_id": f"paid {at}".replace(" ", "-"), "occurred_at": at, "outcome": "PAID"}
        path = {"rpt_id": PAYEE + notice}
        reply = await self.stack.call("update_payment", update, path=path, key=PAYMENTS_KEY)
        assert reply.status in {200, 503}
        if reply.status == 200:
            self.paid.add(notice)

    async def consume(self, name: str, consumer: Any, *, done: bool) -> None:
        """Run the queued items; where not `done`, they come once more."""
        for item in await take(self.stack.queue, name):
            await consumer.consume(self.stack.app, item.text, last=False)
            if done:
                await self.stack.queue.delete(name, item)
            else:
                await self.stack.queue.update(name, item, visibility_timeout=timedelta(0))

    @override
    def teardown(self) -> None:
        """Run all that is left, and check the end against the answers."""
        try:
            if hasattr(self, "stack"):
                self.run(self.check())
                self.run(self.stack.app.close())
        finally:
            self._runner.close()
            self._folder.cleanup()

    async def check(self) -> None:
        """Check that each notice has one message with the terms of the notice and the payment."""
        await self.stack.drain()
        self.stack.clock.advance(timedelta(hours=1))
        await self.stack.drain()
        found: list[Message] = []
        for citizen in CITIZENS:
            found += await stored_messages(self.stack, citizen)
        pushes = Counter(one.message_id for one in self.stack.push.sent)
        assert set(pushes.values()) <= {1}
        for notice in NUMBERS:
            rpt_id = PAYEE + notice
            carriers = [one for one in found if one.category.rpt_id == rpt_id]
            assert {one.id for one in carriers} >= set(self.made[notice])
            assert len(carriers) == self.firsts[notice] <= 1
            assert notice not in self.unsent or not carriers
            if not carriers:
                continue
            (message,) = carriers
            stored = await stored_notice(self.stack, rpt_id)
            payment = await stored_payment(self.stack, rpt_id)
            assert message.status == "PROCESSED"
            assert message.fiscal_code == stored.fiscal_code
            (term,) = stored.terms
            assert message.amount == payment.amount == term.amount
            assert message.payment is not None
            assert message.payment.amount == term.amount
            assert message.notice_version == stored.version
            assert message.payment_status == payment.status
            is_cancelled = stored.cancelled_at is not None
            if notice in self.reopened:
                # each may have been the last word, and what was paid before it stays or not
                assert payment.status != ("NOT_PAID" if is_cancelled else "CANCELLED")
                assert notice in self.paid or payment.status != "PAID"
                continue
            assert payment.status in self.outcomes(notice)
            assert is_cancelled == (notice in self.cancelled)

    def outcomes(self, notice: str) -> set[str]:
        """Return the possible statuses of the payment; a race leaves two."""
        if notice not in self.paid:
            return {"CANCELLED" if notice in self.cancelled else "NOT_PAID"}
        return {"PAID", "CANCELLED"} if notice in self.cancelled else {"PAID"}


TestNotices = NoticeMachine.TestCase
TestNotices.settings = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
