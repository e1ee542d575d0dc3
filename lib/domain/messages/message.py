"""A message to a citizen: the aggregate, with the rules that need only the message."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.messages.message_parts import (
    ListedStatus,
    MessageContent,
    MessageStatus,
    PaymentRequest,
    PaymentUpdate,
    SentStatus,
    StatusChange,
    listed_status_of,
    sent_status_of,
)
from lib.domain.messages.message_reminders import MessageReminders, ReminderWish
from lib.domain.messages.message_summary import MessageSummary
from lib.domain.messages.new_message import FeatureLevel
from lib.domain.messages.words.translation import Translation
from lib.domain.messages.words.variants import (
    MAY_BE_TRANSLATED,
    SECOND_LANGUAGE,
    VARIANTS,
    Wording,
    best_of,
)
from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.reminders.decision import first
from lib.domain.reminders.plan import Reminded, Step, steps
from lib.domain.shared.deadline import Deadline, deadline_at
from lib.domain.shared.identifiers import (
    EvidenceId,
    MessageId,
    OrganizationFiscalCode,
    Reference,
    RptId,
)
from lib.domain.shared.quiet_hours import QuietHours
from lib.domain.shared.values import parse_timestamp, timestamp

KEPT_AFTER_DUE: Final = timedelta(days=90)
"""How long a message is kept after its due date, whatever its age."""
_NO_TRANSLATIONS: Final[Mapping[Language, Translation]] = MappingProxyType({})


@dataclass(slots=True, kw_only=True, repr=False)
class Message(MessageSummary):
    """A message in any status.

    `content` is None in messages that an earlier version rejected. `due_day`: the day that the
    sender wrote, where the time alone does not show it. `payment_update` is None where no event of
    the payment is known. `notice_version`: the version of the payment notice that the message was
    made of, None for a message without a notice. `language`: the language in which the
    message was delivered, None where no choice of its citizen decided. `supersedes`: the message
    that this message replaces. `reference`: the sender's own name for the message. `intermediary`:
    the intermediary that sent it for the organisation. `evidence_id`: the kept evidence of the
    clerk who sent it.
    `rejection`: the stored reason of a rejection, which no answer shows as it is.
    `duplicate_policy`: that of the service at the acceptance. `subscription_id`: the subscription
    that scheduled the message, whose rights are checked at the set time; None for other messages.
    `translations`: those by machine, which its citizen asked for.
    `attachments`: the files that its sender uploaded for it.
    """

    status: MessageStatus
    status_history: tuple[StatusChange, ...]
    content: MessageContent | None
    sender_user_id: str
    feature_level: FeatureLevel
    is_special: bool
    is_secure: bool
    due_day: str | None = None
    read_at: str | None = None
    payment_update: PaymentUpdate | None = None
    reminders: MessageReminders
    notice_version: int | None = None
    language: Language | None = None
    reference: Reference | None = None
    supersedes: MessageId | None = None
    rejection: str | None = None
    intermediary: OrganizationFiscalCode | None = None
    evidence_id: EvidenceId | None = None
    duplicate_policy: DuplicatePolicy = ACCEPT
    subscription_id: str | None = None
    attachments: tuple[AttachedFile, ...] = ()
    translations: Mapping[Language, Translation] = _NO_TRANSLATIONS

    @property
    def is_in_inbox(self) -> bool:
        """Whether the message is in its citizen's inbox."""
        return self.status == "PROCESSED"

    @property
    def is_delivered(self) -> bool:
        """Whether the message came to the inbox, wherever its citizen has moved it since."""
        return self.status in {"PROCESSED", "BINNED", "REMOVED"}

    def is_in_bin(self, now: datetime) -> bool:
        """Tell whether the message is in the bin."""
        until = self.binned_until
        return self.status == "BINNED" and until is not None and until > timestamp(now)

    @property
    def is_expired(self) -> bool:
        """Whether the time for which it is kept has passed, so that it has no content any more."""
        return self.status == "REMOVED" and self.content is None

    def keep_until(self, since: datetime, days: int) -> str | None:
        """Return until when to keep it; None for good, which no days mean. `since`: its delivery.

        A message with a due date is kept beyond it.
        """
        if not days:
            return None
        end, due = since + timedelta(days=days), self.due_date
        return timestamp(end if due is None else max(end, parse_timestamp(due) + KEPT_AFTER_DUE))

    @property
    def is_valid(self) -> bool:
        """Whether the message is in the inbox and its sender did not withdraw it."""
        return self.is_in_inbox and self.withdrawal is None

    @property
    def was_held(self) -> bool:
        """Whether the message is held, or was held before its present status."""
        return any(one.status == "HELD" for one in self.status_history)

    @property
    def sent_status(self) -> SentStatus:
        """The status that the sender reads, the same whether or not the citizen read the message.

        A message that was withdrawn after its delivery stays PROCESSED. A message that was
        withdrawn before its delivery is REJECTED: no citizen ever sees it. IO has neither HELD nor
        SCHEDULED.
        """
        return sent_status_of(self.status, [one.status for one in self.status_history])

    @property
    def listed_status(self) -> ListedStatus:
        """The status in the lists of sent messages."""
        return listed_status_of(self.status, [one.status for one in self.status_history])

    @property
    def payment(self) -> PaymentRequest | None:
        """The payment that the message asks for; None for a message without a payment."""
        return None if self.content is None else self.content.payment

    @property
    def rpt_id(self) -> RptId | None:
        """The name of the payment at pagoPA (RPT id); None for a message without a payment."""
        payment = self.payment
        return None if payment is None else payment.rpt_id

    @property
    def is_notice(self) -> bool:
        """Whether the message was made from a payment notice."""
        return self.notice_version is not None

    @property
    def written_language(self) -> Language:
        """The language that a notice's message is in."""
        return self.language or DEFAULT_LANGUAGE

    @property
    def variants(self) -> Mapping[Language, Mapping[str, str]]:
        """Subject and text in other languages than Italian, by language."""
        fields = self.content.fields if self.content else {}
        variants: Mapping[Language, Mapping[str, str]] = fields.get(VARIANTS) or {}
        return variants

    @property
    def second_language(self) -> Language | None:
        """The language in which its sender writes beside Italian, or None."""
        second: Language | None = (self.content.fields if self.content else {}).get(SECOND_LANGUAGE)
        return second

    @property
    def may_be_translated(self) -> bool:
        """Whether its sender lets a machine translate the message."""
        if self.content is None or self.is_secure or self.withdrawal is not None:
            return False
        return self.content.fields.get(MAY_BE_TRANSLATED) is not False

    def wording_for(self, preferred: Iterable[Language]) -> Wording | None:
        """Return the variant for a citizen's languages; None where they decide nothing."""
        language = best_of(self.variants, preferred) if self.variants else None
        if language is None:
            return None
        return Wording(language, title=(self.titles or {}).get(language))

    @property
    def read_languages(self) -> Collection[Language]:
        """The languages other than its own in which the citizen can read the message."""
        return {*self.variants, *(one for one in self.translations if self.translated_into(one))}

    def translated_into(self, language: Language) -> Translation | None:
        """Return a translation that is done, unless the sender wrote in this language."""
        found = None if language in self.variants else self.translations.get(language)
        return found if found is not None and found.status == "DONE" else None

    def read_language(self, accepted: Iterable[Language]) -> Language:
        """Return the language in which the citizen reads the message.

        `accepted`: the languages of the reader, where no choice decided at the delivery.
        """
        return self.language or best_of(self.variants, accepted) or DEFAULT_LANGUAGE

    @property
    def is_payment_over(self) -> bool:
        """Whether the message shows that the payment is over."""
        return self.payment_status in {"PAID", "CANCELLED"}

    @property
    def deadline(self) -> Deadline | None:
        """The due date as the citizen reads it; None for a message without a due date."""
        due = self.due_date
        return None if due is None else deadline_at(parse_timestamp(due), self.due_day)

    @property
    def settled_at(self) -> str:
        """The time when the message got its current status, as the sender reads the status."""
        changes, status = self.status_history, self.sent_status
        return next((one.at for one in reversed(changes) if one.status == status), changes[-1].at)

    def is_still_announced(self, now: datetime) -> bool:
        """Tell whether the arrival of the message may still be announced."""
        return now - parse_timestamp(self.created_at) <= timedelta(seconds=self.time_to_live)

    def needs_attention(self, *, is_reminder: bool) -> bool:
        """Tell whether the citizen still has to act. Reading the message settles no due date."""
        if self.is_archived or self.withdrawal is not None:
            return False
        return not (self.is_payment_over if is_reminder else self.is_read)

    def reminded(self, quiet: QuietHours | None) -> Reminded:
        """Return the facts that reminders are planned by; `quiet`: the citizen's quiet hours."""
        until = self.reminders.snoozed_until
        return Reminded(
            message_id=self.id,
            since=parse_timestamp(self.created_at),
            due=self.deadline,
            policy=self.reminders.policy,
            quiet=quiet,
            snoozed_until=parse_timestamp(until) if until else None,
        )

    def first_reminder(self, quiet: QuietHours | None, now: datetime) -> Step | None:
        """Return the first reminder of a message that reaches the inbox now, or None."""
        return first(self.reminded(quiet), now)

    def next_reminder(self, quiet: QuietHours | None, now: datetime) -> Step | None:
        """Compute the plan again and return the next reminder.

        None where no reminder is left, where the citizen has marked the message as done, and where
        the sender withdrew the message. A pending reminder whose time has come stays: it was
        postponed, or is in its queue.
        """
        if self.reminders.is_done or self.withdrawal is not None:
            return None
        facts, pending = self.reminded(quiet), self.reminders.next
        if pending is not None and any(
            step.name == pending.name and min(step.at, pending.at) <= now for step in steps(facts)
        ):
            return pending
        return first(facts, now, self.reminders.settled)

    def reminds_itself(self, before: datetime | None, since: datetime) -> bool:
        """Tell whether this message reminds its citizen, so that another message need not.

        The message does so in three cases: a reminder is planned before `before` (at any time for
        None), a reminder was sent after `since`, or the citizen has marked the message as done.
        """
        coming = self.reminders.next
        return (
            self.reminders.is_done
            or (coming is not None and (before is None or coming.at < before))
            or self.reminders.sent_after(since)
        )

    def wished(self, wish: ReminderWish) -> "Message":
        """Return the message with the reminder wishes of its citizen."""
        return replace(self, reminders=self.reminders.wished(wish))
