"""Tell a delegate of a message in the inbox of another party."""

import asyncio

from lib.domain.messages.message import Message
from lib.domain.notifications.delivery import DELEGATE, Delivery, DeliveryStatus
from lib.domain.profiles.choices import Channel, Profile, ServicePreference, blocked_channels
from lib.domain.profiles.preference import reminders_off
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.quiet_hours import opens
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.ports.queueing.names import EMAIL_REQUESTED, NOTIFICATION_REQUESTED
from lib.repositories.messages.messages import Messages
from lib.repositories.notifications.notifications import Notifications
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.scheduling.schedule import Entry, Schedule
from lib.use_cases.notifications.delegates.delegated import Delegated
from lib.use_cases.notifications.send_notification import ReasonAgainstReminder
from lib.use_cases.parties.list_parties import PartyOf


class TellDelegate:
    """Read the delegation, the message of its owner and the delegate's own choices; log it.

    All is read when the notification is sent, so that a delegation that has ended meanwhile stops
    it. The delegate's channels, quiet hours and daily limit count, and the choice of channels for
    the service; but the delegate need not let the service write into the own inbox.
    """

    def __init__(
        self,
        party_of: PartyOf,
        messages: Messages,
        profiles: Profiles,
        schedule: Schedule,
        notifications: Notifications,
        clock: Clock,
        reason_against_reminder: ReasonAgainstReminder,
    ) -> None:
        self._party_of = party_of
        self._messages = messages
        self._profiles = profiles
        self._schedule = schedule
        self._notifications = notifications
        self._clock = clock
        self._reason_against_reminder = reason_against_reminder

    async def load(self, item: NotificationRequested) -> Delegated | None:
        """Return what is to be sent; None where nothing is to be sent now.

        Cost: five point reads; for a reminder those of `reason_against_reminder`. A reminder in the
        delegate's quiet hours: one upsert, and later the reads again.
        """
        delegate = FiscalCode(item.fiscal_code)
        found = await self._found(delegate, item)
        if found is None:
            return None
        message, shows_text = found
        service_id = message.sender.service_id
        profile, preference = await asyncio.gather(
            self._profiles.profile(delegate), self._profiles.preference(delegate, service_id)
        )
        if profile is None:
            return None
        skip_outcome = None
        is_wanted = _wants(item, profile, preference, service_id)
        if not is_wanted or await self._is_needless(item, message):
            skip_outcome = DeliveryStatus.OBSOLETE
        elif await self._is_put_off(item, profile):
            return None
        is_shown = profile.push_notifications_content_type == "FULL" and not message.is_secure
        choices = {
            "full": shows_text and is_shown,
            "language": profile.language,
            "at_most": profile.at_most,
        }
        return Delegated(item.model_copy(update=choices), message, skip_outcome)

    async def _found(
        self, delegate: FiscalCode, item: NotificationRequested
    ) -> tuple[Message, bool] | None:
        """Return the message, and whether its owner lets the delegate see what it is about.

        None where the delegation has ended, or does not let the delegate be told of the message.
        """
        party = item.delegation_id and await self._party_of(delegate, item.delegation_id)
        found = party and await self._messages.find(party.owner, item.message_id)
        if not party or not found:
            return None
        terms, message = party.delegation.terms, found.message
        # a register may have changed the terms since
        includes = party.delegation.bounds().include(message.sender.service_id)
        return (message, terms.shows_text) if terms.is_notified and includes else None

    async def log(self, message: Message, told: Delivery) -> None:
        """Add a notification of a delegate to the owner's list, once for all its channels.

        The entry is written before the notification is sent, so that none is sent without one. It
        names the delegation and neither the device nor the address of the delegate.
        Cost: one create.
        """
        entry = Delivery(
            message.fiscal_code,
            told.subject_id,
            told.kind,
            DELEGATE,
            told.service_id,
            delegation_id=told.delegation_id,
        )
        await self._notifications.log(entry, timestamp(self._clock.now()))

    async def _is_needless(self, item: NotificationRequested, message: Message) -> bool:
        """Tell whether it is a reminder that the owner does not need any more."""
        if item.kind == "MESSAGE" or not message.is_valid:
            return False
        return await self._reason_against_reminder(item, message) is not None

    async def _is_put_off(self, item: NotificationRequested, profile: Profile) -> bool:
        """Schedule a reminder that came in the delegate's quiet hours for their end."""
        if item.kind == "MESSAGE":
            return False
        now = self._clock.now()
        at = opens(now, profile.quiet_hours)
        if at is None or at <= now:
            return False
        name = f"{item.delegation_id}-{item.message_id}-{item.kind}-{item.step}"
        queue = NOTIFICATION_REQUESTED if item.channel == "PUSH" else EMAIL_REQUESTED
        await self._schedule.put(Entry(queue, name, at, item), now)
        return True


def _wants(
    item: NotificationRequested,
    profile: Profile,
    preference: ServicePreference | None,
    service_id: ServiceId,
) -> bool:
    """Tell whether the delegate takes notifications of this service by this channel."""
    if not profile.is_inbox_enabled:
        return False
    if item.kind != "MESSAGE" and (
        profile.reminder_status == "DISABLED" or reminders_off(profile, preference)
    ):
        return False
    blocked = blocked_channels(profile, preference, service_id)
    if item.channel == "EMAIL":
        return profile.takes_email and Channel.EMAIL not in blocked
    return profile.is_webhook_enabled and Channel.WEBHOOK not in blocked
