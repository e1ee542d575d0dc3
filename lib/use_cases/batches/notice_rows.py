"""Turn rows with instalments into payment notices, which claim their notice numbers."""

from dataclasses import dataclass, replace
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.rows.row_message import row_notice
from lib.domain.messages.message import Message
from lib.domain.payment_notices.errors import (
    DuplicateNoticeError,
    NoticeClosedError,
    NoticeInvalidError,
)
from lib.domain.payment_notices.notice import Notice
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Decision, Rejection
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import NO_MESSAGE_ID, MessageId, RptId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice, message_of_term
from lib.use_cases.payment_notices.claim_notice import ClaimNotice

DUE_DATE_PAST: Final = "DUE_DATE_PAST"
"""The reason of a row whose due date has passed since its check."""
_CLOSED: Final = {"PAID": Rejection.ALREADY_PAID, "CANCELLED": Rejection.CANCELLED}
_REFUSALS: Final = (DuplicateNoticeError, NoticeClosedError, NoticeInvalidError)


@dataclass(frozen=True, slots=True)
class BegunNotice:
    """The message of a row, and the decision about it.

    `notice`: that of the message; None where the citizen is not reached and no number is claimed.
    """

    message: Message
    decision: Decision
    notice: Notice | None = None


class NoticeRows:
    """Make the payment notices of rows.

    A batch makes new notices only. The rules are those of a single notice; a row that breaks one
    writes nothing. A row whose citizen is not reached claims no number.
    Cost: three point reads and one create to begin, and for each later instalment one read and one
    create; one create and one upsert for each later instalment to complete. A row that is not
    reached: two point reads.
    Concurrency: the notice names the id of the row's message, which is the same in each run. So a
    repeated run knows its own notice and completes it.
    """

    def __init__(
        self,
        claim: ClaimNotice,
        apply: ApplyPaymentNotice,
        notices: Notices,
        messages: Messages,
        find_sender: FindSender,
        clock: Clock,
    ) -> None:
        self._claim = claim
        self._apply = apply
        self._notices = notices
        self._messages = messages
        self._find_sender = find_sender
        self._clock = clock

    async def refusal(self, sender: Sender, batch: Batch, row: Row) -> str | None:
        """Return the reason why the row would be no new notice now; None if it would.

        Cost: two point reads, and one for each later instalment; one more where the number is that
        of another notice's later instalment.
        """
        now = self._clock.now()
        wanted = _notice(sender, batch, row, NO_MESSAGE_ID, timestamp(now))
        try:
            claim = await self._claim.plan(sender, wanted, now)
        except _REFUSALS as error:
            return _reason(error)
        return None if claim.stored is None else _reason(await self._in_use(claim.stored))

    async def begin(
        self, run: Run, row: Row, message: Message, decision: Decision
    ) -> BegunNotice | str:
        """Claim the numbers of the row; return its message, or the reason against a notice.

        `message`: that of the row without a notice. Raise UnavailableError.
        """
        found = await self._messages.find(message.fiscal_code, message.id)
        if found is not None:
            return await self._repeated(found.message, decision)
        profile = run.citizens.profiles.get(row.fiscal_code)
        # the sender can read a notice that is not delivered, and must not learn the language
        is_known = profile is not None and decision.rejection is None
        preferred = profile.preferred_languages if profile is not None and is_known else ()
        text = run.text(row, run.template.language_for(preferred))
        sender = _sender_of(run)
        wanted = _notice(
            sender,
            run.batch,
            row,
            message.id,
            message.created_at,
            subject=text.subject,
            markdown=text.markdown,
        )
        if decision.rejection is not None:
            notice = await self._own(wanted.rpt_id, message.id)
            if notice is None:
                return BegunNotice(message, decision)
        else:
            try:
                notice = await self._claimed(sender, wanted)
            except _REFUSALS as error:
                return _reason(error)
        if notice.cancelled_at is not None:
            decision = Decision(Rejection.CANCELLED)
        language = profile.language if profile is not None and is_known else DEFAULT_LANGUAGE
        written = message_of_term(replace(notice, language=language), 0, message.id, sender)
        written.attachments = message.attachments
        written.has_attachments = message.has_attachments
        return BegunNotice(written, decision, notice)

    async def complete(self, run: Run, notice: Notice) -> None:
        """Store the payments of later instalments, and plan their messages."""
        await self._apply.plan_later(notice, _sender_of(run))

    async def has_begun(self, batch: Batch, row: Row, id_: MessageId) -> bool:
        """Tell whether an earlier run claimed the row's number. Cost: one point read."""
        if not row.is_notice or (sender := await self._find_sender(batch)) is None:
            return False
        wanted = _notice(sender, batch, row, id_, "")
        return await self._own(wanted.rpt_id, id_) is not None

    async def _repeated(self, message: Message, decision: Decision) -> BegunNotice:
        """Return the message that an earlier run stored, with its notice."""
        if message.rejection is not None:
            # it must not join its payment, now that its citizen may be reached
            decision = Decision(Rejection(message.rejection))
        if not message.is_notice or message.rpt_id is None:
            return BegunNotice(message, decision)
        return BegunNotice(message, decision, await self._own(message.rpt_id, message.id))

    async def _claimed(self, sender: Sender, wanted: Notice) -> Notice:
        """Return the row's notice, which has its number now. Raise as ClaimNotice does."""
        claim = await self._claim.plan(sender, wanted, self._clock.now())
        stored = claim.stored or (await self._claim(sender, claim)).stored
        if stored is None:
            return wanted
        if isinstance(stored.what, Notice) and stored.what.message_id == wanted.message_id:
            return stored.what
        raise await self._in_use(stored)

    async def _in_use(self, stored: StoredNotice) -> DuplicateNoticeError | NoticeClosedError:
        """Return why another notice's number is no row's: the notice is cancelled, or stands."""
        owner = stored.what
        if isinstance(owner, LaterInstalment):
            whole = await self._notices.get(owner.of)
            owner = owner if whole is None else whole.what
        if isinstance(owner, Notice) and owner.cancelled_at is not None:
            return NoticeClosedError("CANCELLED")
        return DuplicateNoticeError("Another notice has this number.")

    async def _own(self, rpt_id: RptId, id_: MessageId) -> Notice | None:
        """Return the notice whose own message has this id; None where the number is not its."""
        stored = await self._notices.get(rpt_id)
        if stored is None or not isinstance(stored.what, Notice):
            return None
        return stored.what if stored.what.message_id == id_ else None


def _notice(
    sender: Sender,
    batch: Batch,
    row: Row,
    id_: MessageId,
    created_at: str,
    *,
    subject: str = "",
    markdown: str = "",
) -> Notice:
    payee = sender.service.organization_fiscal_code
    return row_notice(batch, row, id_, created_at, payee=payee, subject=subject, markdown=markdown)


def _sender_of(run: Run) -> Sender:
    """Return the sender as the messages of the batch name it."""
    batch = run.batch
    return replace(
        run.sender,
        user_id=batch.sender_user_id,
        intermediary_fiscal_code=batch.intermediary,
        evidence_id=batch.evidence_id,
    )


def _reason(error: DuplicateNoticeError | NoticeClosedError | NoticeInvalidError) -> str:
    match error:
        case DuplicateNoticeError():
            return str(Rejection.ALREADY_SENT)
        case NoticeClosedError():
            return str(_CLOSED[error.status])
        case _:
            return DUE_DATE_PAST
