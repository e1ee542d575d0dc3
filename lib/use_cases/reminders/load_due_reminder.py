"""Load the facts that decide about a due reminder."""

import asyncio
from dataclasses import dataclass, replace

from lib.domain.identity.acting import Told
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.payment_notices.standing import Standing
from lib.domain.payments.payment import Payment
from lib.domain.profiles.choices import Profile
from lib.domain.profiles.preference import reminders_off
from lib.domain.reminders.decision import Circumstances, ReminderOutcome, reason_against
from lib.domain.reminders.plan import UNREAD, Reminded, Step
from lib.ports.clock import Clock
from lib.ports.queueing.items.notifications import (
    NotificationChannel,
    NotificationRequested,
    ReminderDue,
)
from lib.repositories.messages.messages import Messages
from lib.repositories.profiles.profiles import Profiles
from lib.use_cases.notifications.delegates.find_delegates import FindDelegates
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.payments.standings import Standings
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.reminders.other_message import OtherMessage


@dataclass(frozen=True, slots=True)
class Case:
    """The facts about a message's reminders.

    `channels`: the owner's channels that are open for them. `delegates`: those who are told as
    well.
    """

    facts: Reminded
    how: Circumstances
    channels: tuple[NotificationChannel, ...]
    profile: Profile | None
    standing: Standing | None
    delegates: tuple[Told, ...]

    @property
    def payment(self) -> Payment | None:
        """The payment that the message asks for; None if no payment is stored."""
        return self.standing.payment if self.standing else None


@dataclass(frozen=True, slots=True)
class DueCase(Case):
    """A due reminder, and the facts about it."""

    message: Message
    step: Step


class LoadDueReminder:
    """Load the facts about a due reminder: message, profile, preference and payment.

    Cost: three point reads; one more for a payment, one or two more for a payment in parts; that of
    FindDelegates.
    """

    def __init__(
        self,
        messages: Messages,
        profiles: Profiles,
        standings: Standings,
        other_message: OtherMessage,
        reach: Reach,
        clock: Clock,
        request: RequestNotifications,
        delegates: FindDelegates,
    ) -> None:
        self._messages = messages
        self._profiles = profiles
        self._standings = standings
        self._other_message = other_message
        self._reach = reach
        self._clock = clock
        self._request = request
        self._delegates = delegates

    async def __call__(self, item: ReminderDue) -> DueCase | None:
        """Return the case; None if the reminder was cancelled, planned again or sent."""
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return None
        step = message.reminders.due_at(item.due_at)
        if not message.is_valid or step is None:
            return None
        case = await self.at(message)
        return DueCase(
            case.facts,
            case.how,
            case.channels,
            case.profile,
            case.standing,
            case.delegates,
            message,
            step,
        )

    async def against(
        self, item: NotificationRequested, message: Message
    ) -> ReminderOutcome | None:
        """Return the reason why a reminder that waited in its queue is not needed, or None.

        Cost: that of `at`.
        """
        now = self._clock.now()
        step = Step.named(UNREAD if item.kind == "UNREAD" else item.step, now)
        case = await self.at(message)
        # the channels of a delegate are looked at apart
        no_channel = item.delegation_id is None and item.channel not in case.channels
        circumstances = replace(case.how, is_enough=False, no_channel=no_channel)
        return reason_against(case.facts, step, now, circumstances)

    async def at(self, message: Message) -> Case:
        """Return the facts about any reminder of a message in the inbox."""
        fiscal_code = message.fiscal_code
        service_id = message.sender.service_id
        profile, preference, standing = await asyncio.gather(
            self._profiles.profile(fiscal_code),
            self._profiles.preference(fiscal_code, service_id),
            self._standings.of_message(message),
        )
        payment = standing.payment if standing else None
        decision = await self._reach(
            fiscal_code, service_id, profile, preference, special=message.is_special
        )
        channels = self._request.reachable(message, decision)
        delegates = await self._delegates(message, profile)
        facts = message.reminded(profile.quiet_hours if profile else None)
        due = facts.due.end if facts.due else None
        circumstances = Circumstances(
            payment_status=payment.status if payment else None,
            is_read=message.is_read,
            is_archived=message.is_archived,
            is_done=message.reminders.is_done,
            is_enough=message.reminders.is_log_full,
            other_message=payment is not None
            and await self._other_message(message, payment, profile, due),
            paid_otherwise=standing is not None and standing.status == "PAID_OTHERWISE",
            opted_out=profile is None or profile.reminder_status != "ENABLED",
            service_off=reminders_off(profile, preference),
            no_channel=not channels and not delegates,
        )
        return Case(facts, circumstances, channels, profile, standing, delegates)
