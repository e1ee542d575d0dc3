"""The queue items of notifications, reminders and devices."""

from typing import Annotated, Literal

from pydantic import Field

from lib.domain.identity.acting import DelegationId
from lib.domain.profiles.choices import DEFAULT_DAILY_NOTIFICATIONS, Language
from lib.domain.shared.identifiers import FiscalCodeField, MessageId
from lib.ports.queueing.item import Item, Sending

NotificationKind = Literal["MESSAGE", "UNREAD", "REMINDER", "DIGEST"]
"""MESSAGE: a new message. UNREAD: an unread message. REMINDER: a due date. DIGEST: of a day."""
NotificationChannel = Literal["PUSH", "EMAIL"]


class NotificationRequested(Sending):
    """Ask for a notification of a message to its citizen.

    `full`: the notification shows sender and title. `count`: the number of messages of a digest.
    `day`: the day in Italy whose limit counts it, the same for all channels; "" in an item of the
    release 2026.11.0. `delegation_id`: that by which the citizen sees the message, if it is in
    another inbox; the choices of the citizen are then read when the notification is sent.
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
    delegation_id: DelegationId | None = None


class ReminderDue(Item):
    """The next reminder of a message is due.

    `due_at` (see `values.timestamp`) distinguishes it from reminders of earlier plans. `notified`:
    the step whose notifications an earlier attempt has sent or queued.
    """

    fiscal_code: FiscalCodeField
    message_id: MessageId
    due_at: str
    notified: Annotated[str, Field(pattern="^[0-9A-Za-z-]*$")] = ""


class DigestDue(Item):
    """A citizen's digest is due; `day` is its day in Italy."""

    fiscal_code: FiscalCodeField
    day: Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class InstallationChanged(Item):
    """Ask for an update of a citizen's devices at the push service.

    `channel`: a newly registered channel. The citizen's list has the removed channels.
    """

    fiscal_code: FiscalCodeField
    channel: str | None = None
