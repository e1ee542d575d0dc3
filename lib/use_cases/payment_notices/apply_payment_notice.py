"""Update messages, payment and plans to the current state of a payment notice."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_message import notice_message
from lib.domain.payment_notices.standing import NoticePaymentStatus
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import Language
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.ports.errors import ConflictError
from lib.ports.queue import Queue
from lib.ports.queueing.items import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.rendering.texts.notice import render_notice
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.notice_messages import NoticeMessages
from lib.repositories.payments.payments import Payments
from lib.repositories.shared.optimistic import until_written

type Replan = Callable[[str, str], Awaitable[object]]
"""Is told, by fiscal code and message id, that amount or due date of a message changed."""
type PlanInstalment = Callable[[str, datetime], Awaitable[object]]
"""Is told when SubmitInstalment is to be called with an rpt_id; the last time told counts."""


async def plan_nothing(_: str, __: str | datetime) -> None:
    """Do nothing, where there is no reminder engine."""


@dataclass(frozen=True, slots=True)
class NoticeState:
    """A notice, the status of its own message, and its payment.

    `message_status` is None where there is no message: its submission was not completed, or it was
    rejected so long ago that it has expired. `changed`: the fields that this call changed.
    `payments` stand beside the terms, where they were read. `is_contested`: another service asks
    for the payment, too, or did before this notice replaced its notice. `language`: the language of
    the message, None until it is PROCESSED, since it is the citizen's.
    """

    notice: Notice
    message_status: MessageStatus | None
    payment_status: NoticePaymentStatus
    is_new: bool = False
    changed: tuple[str, ...] = ()
    payments: tuple[Payment | None, ...] = ()
    is_contested: bool = False
    language: Language | None = None


class ApplyPaymentNotice:
    """Write the state of a payment notice into its messages, payment and plans.

    `replan` and `plan_instalment` call a reminder engine, after all writes; each may be called
    repeatedly.
    Concurrency: a repeated run completes what an earlier one began.
    """

    def __init__(
        self,
        messages: Messages,
        notice_messages: NoticeMessages,
        payments: Payments,
        queue: Queue,
        clock: Clock,
        replan: Replan = plan_nothing,
        plan_instalment: PlanInstalment = plan_nothing,
    ) -> None:
        self._messages = messages
        self._notice_messages = notice_messages
        self._payments = payments
        self._queue = queue
        self._clock = clock
        self.replan = replan
        self.plan_instalment = plan_instalment

    async def __call__(
        self, notice: Notice, sender: Sender, *, begins: bool = True
    ) -> MessageStatus | None:
        """Return the state of the notice; only `begins` creates its own message.

        Later terms are updated where they are messages, and scheduled where they are not.
        """
        status = await self.bring(notice, 0, sender, create=begins)
        for index in range(1, len(notice.terms)):
            if await self.bring(notice, index, sender, create=False) is None:
                # so that a payment before the instalment is a message is stored as well
                await self._ask(notice, index)
                await self.plan_instalment(notice.rpt_id_of(index), notice.sends_from(index))
        return status

    async def bring(
        self, notice: Notice, index: int, sender: Sender, *, create: bool
    ) -> MessageStatus | None:
        """Update a term's message to the notice; return the status of the message."""
        id_, fiscal_code = notice.message_ids[index], notice.fiscal_code
        if id_ is None:
            return None
        status = await self._write(notice, index, id_, sender, create=create)
        if status is None:
            return None
        if notice.version > 1:
            await self._ask(notice, index)
        if status == "ACCEPTED":
            item = MessageSubmitted(
                fiscal_code=fiscal_code, message_id=id_, service_id=notice.service_id
            )
            stamped = telemetry.stamped(item, self._clock.now())
            await self._queue.put(MESSAGE_SUBMITTED, stamped.text())
        if notice.version > 1:
            await self.replan(fiscal_code, id_)
        return status

    async def _ask(self, notice: Notice, index: int) -> None:
        """Write the terms of the notice into the payment."""
        term, version = notice.terms[index], notice.version
        await self._payments.change(
            notice.rpt_id_of(index),
            lambda payment: payment.asking(term.amount, term.due_date, version, notice.message_id),
            is_new=version == 1,
        )

    async def _write(
        self, notice: Notice, index: int, id_: str, sender: Sender, *, create: bool
    ) -> MessageStatus | None:
        async def attempt(*, reads: bool = True) -> MessageStatus | None:
            found = await self._messages.find(notice.fiscal_code, id_) if reads else None
            message = _message(notice, index, id_, sender, found and found.message)
            if found is not None:
                status = found.message.status
                # no citizen sees a rejected message: its sender reads it as it was rejected
                if status != "REJECTED" and _is_older(found.message, notice):
                    await self._notice_messages.amend(found, message)
                return status
            if not create:
                return None
            await self._messages.create(message)
            telemetry.message_became("ACCEPTED", id_, service_id=notice.service_id)
            return "ACCEPTED"

        if create and notice.version == 1:
            # usually a new notice, of which nothing is stored yet
            with contextlib.suppress(ConflictError):
                return await attempt(reads=False)
        return await until_written("a message", attempt)


def _message(
    notice: Notice, index: int, id_: str, sender: Sender, found: Message | None
) -> Message:
    """Return the message to store; it keeps its language where it exists already."""
    if found is not None and found.language is not None:
        notice = replace(notice, language=found.language)
    said = render_notice(notice, index, sender.service.organization_name)
    return notice_message(notice, id_, sender, said)


def _is_older(message: Message, notice: Notice) -> bool:
    return (message.notice_version or 0) < notice.version
