"""The items of the queues. An item has ids and decisions; the content stays in the store."""

import json
import random
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field

from lib.domain.notifications.delivery import DeliveryStatus
from lib.domain.profiles.choices import DEFAULT_DAILY_NOTIFICATIONS, Language
from lib.domain.shared.identifiers import (
    NO_MESSAGE_ID,
    NO_SERVICE_ID,
    AttachmentId,
    BatchId,
    FiscalCodeField,
    MessageId,
    OrganizationFiscalCodeField,
    RptIdField,
    ServiceId,
)
from lib.domain.shared.model import Model

FIRST_DELAY_SECONDS: Final = 30
LAST_DELAY_SECONDS: Final = 600
LEAST_SHARE: Final = 0.75
"""The least share of a delay. The share is random, so items of an outage return one by one."""
GIVE_UP_SECONDS: Final = 7 * 24 * 3600

_OF_ITS_TRACE: Final = frozenset({"traceparent", "due"})


type Moment = Annotated[float, Field(allow_inf_nan=False)]


class Item(Model):
    """Base of all items.

    `attempt`: the number of the attempt, since outages put items back. `first_seen`: the time of
    the first attempt. `is_repeated`: an earlier run may have died, and may have left its effects.
    An item keeps members that this version does not know: during an upgrade, two versions of the
    app read the same queue.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    attempt: Annotated[int, Field(ge=0)] = 0
    first_seen: Annotated[Moment | None, Field(description="seconds since 1970")] = None
    is_repeated: bool = False
    traceparent: Annotated[str | None, Field(description="W3C Trace Context of who queued it")] = (
        None
    )
    due: Annotated[Moment | None, Field(description="seconds since 1970; to be run from then")] = (
        None
    )

    def text(self) -> str:
        """Return the text of the item for the queue."""
        return self.model_dump_json(exclude_defaults=True)


class MessageSubmitted(Item):
    """A message that is stored as ACCEPTED or SCHEDULED waits for its fan-out.

    `send_at`: the set time of a scheduled message, before which it is not sent. `is_notified`: an
    earlier attempt has sent or queued the notifications.
    """

    fiscal_code: FiscalCodeField
    message_id: MessageId
    service_id: ServiceId
    send_at: Annotated[str | None, Field(description="as `values.timestamp`")] = None
    is_notified: bool = False


NotificationKind = Literal["MESSAGE", "UNREAD", "REMINDER", "DIGEST"]
"""MESSAGE: a new message. UNREAD: an unread message. REMINDER: a due date. DIGEST: of a day."""
NotificationChannel = Literal["PUSH", "EMAIL"]


class Sending(Item):
    """Base of items that ask for one send; only the run with the claim sends.

    `outcome`: how an earlier attempt ended, where an outage prevented its storage.
    """

    unsent: Annotated[
        tuple[str, ...], Field(description="claims of earlier attempts that ended before a send")
    ] = ()
    outcome: DeliveryStatus | None = None


class NotificationRequested(Sending):
    """Ask for a notification of a message to its citizen.

    `full`: the notification shows sender and title. `count`: the number of messages of a digest.
    `day`: the day in Italy whose limit counts it, the same for all channels; "" in an item of the
    release 2026.11.0.
    """

    fiscal_code: FiscalCodeField
    message_id: MessageId
    kind: NotificationKind
    channel: NotificationChannel
    step: Annotated[
        str, Field(pattern="^[0-9A-Za-z-]*$", description="which of several of this kind")
    ] = ""
    full: bool = False
    language: Language = "it_IT"
    until: Annotated[float | None, Field(description="seconds since 1970; none later")] = None
    count: Annotated[int, Field(ge=1)] = 1
    day: Annotated[str, Field(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    at_most: Annotated[int, Field(ge=0, description="a day, of those that are not urgent")] = (
        DEFAULT_DAILY_NOTIFICATIONS
    )


class ServiceChanged(Item):
    """A managed service may have changed: ask for an update by its present state.

    `organization_fiscal_code`: all services of this organisation may have changed instead.
    """

    service_id: ServiceId = NO_SERVICE_ID
    organization_fiscal_code: OrganizationFiscalCodeField | None = None


class EmailValidationRequested(Sending):
    """Ask for an e-mail with the link that validates a citizen's address."""

    fiscal_code: FiscalCodeField
    validation_id: str


class EmailAddressChanged(Sending):
    """Ask for an e-mail to a former address. `change_id` identifies the address in the profile."""

    fiscal_code: FiscalCodeField
    change_id: str


class SubscriptionSwitched(Item):
    """Ask for the entries of the subscriptions feed that a switch makes.

    `at` names the switch in the citizen's profile, or in the choice for `service_id`.
    """

    fiscal_code: FiscalCodeField
    at: str
    service_id: ServiceId = NO_SERVICE_ID


class OrganizationApplied(Sending):
    """Ask for the check of an organisation's application, and for the e-mail with its code."""

    application_id: str


class UserDataRequested(Sending):
    """Ask for the archive of a citizen's request for personal data.

    `tell`: tell the citizen by this channel that the archive is ready, instead. `expired`: delete
    this archive, instead.
    """

    fiscal_code: FiscalCodeField
    request_id: str
    tell: NotificationChannel | None = None
    expired: str | None = None


ErasureStage = Literal["BEGIN", "ERASE", "FINISH"]


class ErasureDue(Sending):
    """Ask for a stage of the erasure of a citizen's data.

    `after`: only the messages after this one are left. `files`: only the files of batches in sets
    after this one are left; None while other data is left. `tell`: tell the citizen by this channel
    that the erasure was asked for, instead.
    """

    fiscal_code: FiscalCodeField
    request_id: str
    stage: ErasureStage = "BEGIN"
    after: MessageId = NO_MESSAGE_ID
    files: str | None = None
    tell: NotificationChannel | None = None


class InstallationChanged(Item):
    """Ask for an update of a citizen's devices at the push service.

    `channel`: a newly registered channel. The citizen's list has the removed channels.
    """

    fiscal_code: FiscalCodeField
    channel: str | None = None


class RecallRequested(Item):
    """Ask for the withdrawal of one chunk of a recall's messages."""

    recall_id: str
    chunk: Annotated[int, Field(ge=0)]


class PaymentUpdated(Item):
    """Ask for an update of the messages that carry a changed payment."""

    rpt_id: RptIdField


SenderEventName = Literal["REACHED", "NOT_REACHED", "READ", "REMINDED", "PAID", "REVERSED"]


class SenderEvent(Item):
    """An event of a sender's message. An event that is queued several times is counted once.

    `day`: the day of the event in Italy. `noted_at`: the time at which the event was stored, the
    same in every copy. `step`: the reminder; for PAID the last reminder before the payment, or
    NONE.
    """

    service_id: ServiceId
    message_id: MessageId
    event: Annotated[
        str, Field(pattern="^[A-Z_]{1,32}$", description="SenderEventName, or another version's")
    ]
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    noted_at: Annotated[str, Field(description="as `values.timestamp`")]
    step: Annotated[str, Field(pattern="^[0-9A-Za-z-]{0,32}$")] = ""

    @property
    def key(self) -> str:
        """The key of the event in its message: one key for PAID, one for each reminder."""
        return f"{self.event}-{self.step}" if self.event == "REMINDED" else self.event

    @property
    def counter(self) -> str:
        """The counter of the event: payments are counted by the reminder before them."""
        return f"{self.event}-{self.step}" if self.event == "PAID" else self.event


class ReminderDue(Item):
    """The next reminder of a message is due.

    `due_at` (see `values.timestamp`) distinguishes it from reminders of earlier plans. `notified`:
    the step whose notifications an earlier attempt has sent or queued.
    """

    fiscal_code: FiscalCodeField
    message_id: MessageId
    due_at: str
    notified: Annotated[str, Field(pattern="^[0-9A-Za-z-]*$")] = ""


class AttachmentUploaded(Item):
    """Ask for the check of a file that a sender has uploaded."""

    attachment_id: AttachmentId


class BatchUploaded(Item):
    """Ask for the check of a batch's list of recipients; `upload` is the number of the list."""

    service_id: ServiceId
    batch_id: BatchId
    upload: Annotated[int, Field(ge=1)]


class BatchStarted(Item):
    """Ask for the first chunks of a batch: it was confirmed or resumed, or its start has come."""

    service_id: ServiceId
    batch_id: BatchId
    generation: Annotated[int, Field(ge=0)]


class BatchChunkDue(Item):
    """Ask for the messages of one chunk of a batch.

    `chunk`: the number of the chunk, from 0. `first`: the first row of the chunk to be sent, from
    0. `recalls`: the messages are withdrawn instead. An item of an earlier generation does nothing.
    """

    service_id: ServiceId
    batch_id: BatchId
    generation: Annotated[int, Field(ge=0)]
    chunk: Annotated[int, Field(ge=0)]
    first: Annotated[int, Field(ge=0)] = 0
    recalls: bool = False


class InstalmentDue(Item):
    """An instalment is due to become a message."""

    rpt_id: RptIdField


class InboxSearched(Item):
    """A citizen searches an inbox whose index of words is missing or late."""

    fiscal_code: FiscalCodeField


class DigestDue(Item):
    """A citizen's digest is due; `day` is its day in Italy."""

    fiscal_code: FiscalCodeField
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class FoldDue(Item):
    """The counts of a service's week are due to be stored; `week` is its Monday."""

    service_id: ServiceId
    week: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


def renewed(text: str, stamp: Mapping[str, Any]) -> str:
    """Return an item's text as it was first queued, with the members of the stamp.

    A text that is not an item is returned unchanged.
    """
    return _changed(text, frozenset(Item.model_fields), stamp)


def untraced(text: str) -> str:
    """Return an item's text without the members of its trace; other texts unchanged."""
    return _changed(text, _OF_ITS_TRACE, {})


def _changed(text: str, without: frozenset[str], added: Mapping[str, Any]) -> str:
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(members, dict):
        return text
    kept = {name: value for name, value in members.items() if name not in without}
    return json.dumps({**added, **kept}, separators=(",", ":"))


def delay_before(attempt: int) -> int:
    """Return the maximum delay, in seconds, before an attempt (from 1): 30, doubled up to 600."""
    return min(FIRST_DELAY_SECONDS << min(attempt - 1, 10), LAST_DELAY_SECONDS)


def drawn_delay(attempt: int) -> float:
    """Return a random delay in seconds: from LEAST_SHARE of `delay_before` to all of it."""
    share = random.uniform(LEAST_SHARE, 1)  # noqa: S311 - it spreads load and protects no secret
    return share * delay_before(attempt)
