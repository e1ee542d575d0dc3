"""Send one row of a batch: one message, created in its final status."""

from collections.abc import Awaitable, Callable

from lib import telemetry
from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, RowOutcome, RowResult
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import row_message_id
from lib.domain.batches.rows.row_refusal import row_refusal
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.payment_notices.notice import Notice
from lib.domain.profiles.choices import Decision, Profile, Rejection
from lib.domain.shared.errors import LimitExceededError
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.repositories.batches.settled_messages import SettledMessages
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.use_cases.batches.notice_rows import NoticeRows
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.messages.decide_outcome import DecideOutcome
from lib.use_cases.messages.fan_out_message import LogSent
from lib.use_cases.messages.sent.note_sent import NoteSent
from lib.use_cases.messages.submit_message import CountTrial
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.notifications.delegates.announce_message import AnnounceMessage
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.statistics.sender_events import SenderEvents


class SendRow:
    """Make the message of a row, with the steps of the fan-out and without its queue.

    Cost: one create, that of AnnounceMessage, and one batch of the list of sent messages, which the
    rows of a chunk share. A message with a payment: that of DecideOutcome and SenderEvents, and one
    read of the payment more. A row with instalments: that of NoticeRows more. A message that an
    intermediary sends: one upsert more. A sender on trial: one point read and one patch more. A row
    that the sender may not send: one point read alone. A row with a payment that a repeated run
    rejects: one read of the payment more, and a write where the message had joined it.
    Concurrency: a repeated run finds the message by its id, and repeats the steps after it. A run
    that dies between the count of a trial and the message has used one message of the day.
    """

    def __init__(
        self,
        messages: Messages,
        settled_messages: SettledMessages,
        payments: Payments,
        notices: NoticeRows,
        reach: Reach,
        decide: DecideOutcome,
        announce: AnnounceMessage,
        events: SenderEvents,
        log_sent: LogSent,
        withdraw: WithdrawMessage,
        note: NoteSent,
        hold: HoldMessage,
        count_trial: CountTrial,
        clock: Clock,
        *,
        rejected_ttl: int,
    ) -> None:
        self._messages = messages
        self._settled_messages = settled_messages
        self._payments = payments
        self._notices = notices
        self._reach = reach
        self._decide = decide
        self._announce = announce
        self._events = events
        self._log_sent = log_sent
        self._withdraw = withdraw
        self._note = note
        self._hold = hold
        self._count_trial = count_trial
        self._clock = clock
        self._rejected_ttl = rejected_ttl

    async def __call__(self, run: Run, row: Row) -> RowResult:
        """Return the result of the row. Raise UnavailableError."""
        # announced at once, so that the rows of a chunk share their writes of the list
        with self._note.announced() as note:
            return await self._send(run, row, note)

    async def without_sender(self, batch: Batch, chunk: int, began_at: str, row: Row) -> RowResult:
        """Return the result of a row whose sender has no rights any more. Cost: one point read."""
        id_ = row_message_id(batch.id, row.number, chunk, parse_timestamp(began_at))
        # a run before the sender lost the rights may have sent it
        found = await self._messages.find(row.fiscal_code, id_)
        if found is not None:
            return _result(row, found.message)
        return _refused(row, Rejection.SENDER_NOT_ALLOWED)

    async def _send(
        self, run: Run, row: Row, note: Callable[[Message], Awaitable[None]]
    ) -> RowResult:
        telemetry.concerns(row.fiscal_code)
        message = run.message(row)
        citizens, service_id = run.citizens, run.batch.service_id
        profile = citizens.profiles.get(row.fiscal_code)
        refusal = row_refusal(run.sender, run.batch, row)
        if refusal is not None:
            if await self._messages.find(message.fiscal_code, message.id) is None:
                if run.is_repeated:
                    # an earlier run may have let it join, and died before it was stored
                    await self._withdraw.leave_payment(message)
                return _refused(row, refusal)
            decision = Decision(refusal)
        elif not await self._counted(run, message):
            # it makes no message, so a retry on another day may send it
            outcome = RowOutcome.FAILED
            return RowResult(row.number, row.reference, row.fiscal_code, outcome, ABOVE_TRIAL_CAP)
        else:
            decision = await self._reach(
                row.fiscal_code,
                service_id,
                profile,
                citizens.preferences.get(row.fiscal_code),
                special=message.is_special,
            )
        notice: Notice | None = None
        if row.is_notice:
            begun = await self._notices.begin(run, row, message, decision)
            if isinstance(begun, str):
                return _refused(row, begun)
            message, decision, notice = begun.message, begun.decision, begun.notice
        settled, is_repeated = await self._settled(message, decision, profile)
        if notice is not None:
            await self._notices.complete(run, notice)
        # this run, or an earlier one, may have added a message to its payment that was withdrawn
        await self._withdraw.release_payment(settled, is_repeated=run.is_repeated)
        await self._log_sent(settled)
        await note(settled)
        await self._events.settled(settled)
        # last, so that a row whose steps an outage stopped has not notified anybody
        if run.batch.recall is None:
            await self._announce(settled, decision, profile, is_repeated=is_repeated)
        return _result(row, settled)

    async def _counted(self, run: Run, message: Message) -> bool:
        """Count the message in a trial once; tell whether the cap of the day leaves room for it."""
        if not run.sender.is_on_trial:
            return True
        if await self._messages.find(message.fiscal_code, message.id) is not None:
            return True
        try:
            await self._count_trial(run.sender)
        except LimitExceededError:
            return False
        return True

    async def _settled(
        self, message: Message, decision: Decision, profile: Profile | None
    ) -> tuple[Message, bool]:
        """Return the message as it is stored, and whether an earlier run stored it."""
        now = self._clock.now()
        outcome = await self._decide(message, decision, profile, now)
        status: MessageStatus = "PROCESSED"
        if outcome.rejection is not None:
            status = "REJECTED"
        elif outcome.brake is not None:
            status = "HELD"
        settled = await self._settled_messages.create(
            message,
            status,
            timestamp(now),
            reminder=outcome.reminder,
            rejection=outcome.rejection,
            ttl=self._rejected_ttl if status == "REJECTED" else None,
            kept_until=outcome.kept_until,
        )
        if settled is None:
            found = await self._messages.get(message.fiscal_code, message.id)
            if outcome.brake is not None and found.status != "HELD":
                # its sender has decided about it, so it leaves the list that it entered again
                await self._hold.leave(found)
            return await self._with_payment(found), True
        if status == "PROCESSED":
            telemetry.message_delivered(settled.id, timestamp(now), now)
        else:
            reason = outcome.rejection or (outcome.brake.reason if outcome.brake else "")
            telemetry.message_became(status, settled.id, reason=reason)
        return await self._with_payment(settled), False

    async def _with_payment(self, message: Message) -> Message:
        """Return the message with the last event of its payment.

        An event between the decision and the create found no message to change.
        """
        if message.rpt_id is None or message.status != "PROCESSED":
            return message
        payment = await self._payments.get(message.rpt_id)
        if payment is None or not payment.event:
            return message
        at = timestamp(self._clock.now())
        changed = await self._messages.update_payment_status(
            message.fiscal_code, message.id, payment.status, payment.event, at
        )
        return changed or message


def _refused(row: Row, reason: str) -> RowResult:
    """Return the result of a row that may not be sent; it makes no message."""
    return RowResult(row.number, row.reference, row.fiscal_code, RowOutcome.REJECTED, reason)


def _result(row: Row, message: Message) -> RowResult:
    match message.status:
        case "REJECTED":
            outcome = RowOutcome.REJECTED
        case "HELD":
            outcome = RowOutcome.HELD
        case _:
            outcome = RowOutcome.SENT
    reason = str(message.rejection or "")
    return RowResult(row.number, row.reference, row.fiscal_code, outcome, reason, message.id)
