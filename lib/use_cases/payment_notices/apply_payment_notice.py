"""Write the current state of a payment notice to its messages, payment and plans."""

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import SentStatus
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.notice_message import notice_message
from lib.domain.payment_notices.standing import NoticePaymentStatus
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import Language
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.clock import Clock
from lib.ports.errors import ConflictError
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.rendering.texts.notice import render_notice
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.notice_messages import NoticeMessages
from lib.repositories.payments.payments import Payments
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.messages.sent.note_sent import NoteSent

type Replan = Callable[[str, MessageId], Awaitable[object]]
"""Called with fiscal code and message id after a change of the message's amount or due date."""
type PlanInstalment = Callable[[RptId, datetime], Awaitable[object]]
"""Called with an rpt_id and the time at which SubmitInstalment is to run; the last time counts."""


async def plan_nothing(_: str, __: str | datetime) -> None:
    """Do nothing. This is for an app without a reminder engine."""


@dataclass(frozen=True, slots=True)
class NoticeState:
    """A notice, the status of its own message, and its payment.

    `message_status` is None for a notice without a message: its submission was not completed, or a
    rejected message has expired. `changed`: the fields that this call changed. `payments`: one for
    each term, if they were read. `is_contested`: another service asks for the payment, or did so
    before this notice replaced its notice. `language`: the language of the message; None until the
    message is PROCESSED, since the language tells of the citizen.
    """

    notice: Notice
    message_status: SentStatus | None
    payment_status: NoticePaymentStatus
    is_new: bool = False
    changed: tuple[str, ...] = ()
    payments: tuple[Payment | None, ...] = ()
    is_contested: bool = False
    language: Language | None = None


class ApplyPaymentNotice:
    """Write the state of a payment notice into its messages, payment and plans.

    After all writes, `replan` and `plan_instalment` call a reminder engine. Each may be called
    repeatedly.
    Concurrency: a repeated run completes an earlier run.
    """

    def __init__(
        self,
        messages: Messages,
        notice_messages: NoticeMessages,
        payments: Payments,
        queue: Queue,
        clock: Clock,
        note: NoteSent,
        replan: Replan = plan_nothing,
        plan_instalment: PlanInstalment = plan_nothing,
    ) -> None:
        self._messages = messages
        self._notice_messages = notice_messages
        self._payments = payments
        self._queue = queue
        self._clock = clock
        self._note = note
        self.replan = replan
        self.plan_instalment = plan_instalment

    async def __call__(
        self, notice: Notice, sender: Sender, *, begins: bool = True
    ) -> SentStatus | None:
        """Return the state of the notice. `begins`: create its own message if it is missing.

        A later term with a message is updated, and a later term without a message is scheduled.
        """
        status = await self.bring(notice, 0, sender, create=begins)
        await self.plan_later(notice, sender)
        return status

    async def plan_later(self, notice: Notice, sender: Sender) -> None:
        """Write the state of the later terms: into their messages, or into their plans.

        Cost: one create and one upsert for each term of a new notice.
        """
        for index in range(1, len(notice.terms)):
            if await self.bring(notice, index, sender, create=False) is None:
                # so that a payment is stored even before the instalment becomes a message
                await self._ask(notice, index)
                await self.plan_instalment(notice.rpt_id_of(index), notice.sends_from(index))

    async def bring(
        self, notice: Notice, index: int, sender: Sender, *, create: bool
    ) -> SentStatus | None:
        """Write the notice into a term's message; return the status of the message."""
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
        self, notice: Notice, index: int, id_: MessageId, sender: Sender, *, create: bool
    ) -> SentStatus | None:
        async def attempt(*, reads: bool = True) -> SentStatus | None:
            found = await self._messages.find(notice.fiscal_code, id_) if reads else None
            message = message_of_term(notice, index, id_, sender, found and found.message)
            if found is not None:
                status = found.message.sent_status
                # no citizen sees a rejected message, and its sender reads it unchanged
                if status != "REJECTED" and _is_older(found.message, notice):
                    await self._notice_messages.amend(found, message)
                return status
            if not create:
                return None
            if await self._messages.create(message) is None:
                raise ConflictError
            self._note.accepted(message)
            telemetry.message_became("ACCEPTED", id_, service_id=notice.service_id)
            return "ACCEPTED"

        if create and notice.version == 1:
            # version 1 is usually a new notice without a stored message
            with contextlib.suppress(ConflictError):
                return await attempt(reads=False)
        return await until_written("a message", attempt)


def message_of_term(
    notice: Notice,
    index: int,
    id_: MessageId,
    sender: Sender,
    found: Message | None = None,
) -> Message:
    """Return the message to store; an existing message keeps its language."""
    if found is not None and found.language is not None:
        notice = replace(notice, language=found.language)
    rendered = render_notice(notice, index, sender.service.organization_name)
    return notice_message(notice, id_, sender, rendered)


def _is_older(message: Message, notice: Notice) -> bool:
    return (message.notice_version or 0) < notice.version
