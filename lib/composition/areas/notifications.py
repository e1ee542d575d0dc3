"""Wires the use cases of notifications."""

from typing import TYPE_CHECKING

from lib.composition.areas.payments import PaymentUseCases
from lib.composition.late import late
from lib.composition.repositories import Repositories
from lib.composition.secrets import links_of, pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import FiscalCode
from lib.use_cases.notifications.apply_daily_limit import ApplyDailyLimit
from lib.use_cases.notifications.delegates.announce_message import AnnounceMessage
from lib.use_cases.notifications.delegates.find_delegates import FindDelegates, ToldOf
from lib.use_cases.notifications.digest_messages import DigestMessages
from lib.use_cases.notifications.notify_at_once import NotifyAtOnce
from lib.use_cases.notifications.notify_by_email import NotifyByEmail
from lib.use_cases.notifications.notify_by_push import NotifyByPush
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.notifications.schedule_digest import ScheduleDigest
from lib.use_cases.notifications.send_digest import SendDigest
from lib.use_cases.notifications.send_notification import SendNotification
from lib.use_cases.notifications.send_once import SendOnce
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.reminders.load_due_reminder import LoadDueReminder
from lib.use_cases.reminders.other_message import OtherMessage

if TYPE_CHECKING:
    from lib.use_cases.notifications.delegates.tell_delegate import TellDelegate
    from lib.use_cases.parties.list_parties import PartyOf
    from lib.use_cases.shared.logos import PreparedLogos


class NotificationUseCases:
    """Pushes and e-mails that announce messages, and their daily limit."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        payments: PaymentUseCases,
        told_of: ToldOf,
        party_of: "PartyOf",
    ) -> None:
        self._ports, self._repositories, self._party_of = ports, repositories, party_of
        clock, mailer = ports.clock, ports.mailer
        messages, profiles = repositories.messages, repositories.profiles
        notifications, daily_limits = repositories.notifications, repositories.daily_limits
        pseudonyms = pseudonyms_of(settings)
        links = links_of(settings) if mailer is not None else None
        schedule_digest = ScheduleDigest(repositories.schedule, clock, pseudonyms)
        digests = DigestMessages(daily_limits, messages, self._owner_of)
        self.request = RequestNotifications(ports.queue, clock, ports.channels)
        self.delegates = FindDelegates(told_of, self.request)
        self.reach = Reach(repositories.activations, clock)
        self.send_once = SendOnce(notifications, repositories.former_claims, clock)
        self.load_due_reminder = LoadDueReminder(
            messages,
            profiles,
            payments.standings,
            OtherMessage(messages, profiles, clock),
            self.reach,
            clock,
            self.request,
            self.delegates,
        )
        self.send = SendNotification(
            messages,
            digests,
            self.send_once,
            clock,
            push=NotifyByPush(ports.push, pseudonyms),
            email=NotifyByEmail(profiles, mailer, links, late(self._logos), clock),
            apply_daily_limit=ApplyDailyLimit(
                notifications, daily_limits, profiles, clock, schedule_digest
            ),
            # a reminder may be needless after its wait in the queue
            reason_against_reminder=self.load_due_reminder.against,
            delegates=late(self._tell_delegate),
        )
        self.at_once = NotifyAtOnce(self.request, self.send.at_once)
        self.announce = AnnounceMessage(self.request, self.delegates, self.at_once)
        self.send_digest = SendDigest(
            daily_limits, digests, profiles, clock, self.request, schedule_digest
        )

    async def _owner_of(self, delegate: FiscalCode, id_: DelegationId) -> FiscalCode | None:
        """Return the owner of a delegation that is in force."""
        party = await self._party_of(delegate, id_)
        return None if party is None else party.owner

    def _logos(self) -> "PreparedLogos":
        # few functions send e-mails
        from lib.use_cases.shared.logos import PreparedLogos  # noqa: PLC0415

        return PreparedLogos(self._ports.blobs)

    def _tell_delegate(self) -> "TellDelegate":
        # few functions send from the queue, and fewer to delegates
        from lib.use_cases.notifications.delegates.tell_delegate import (  # noqa: PLC0415
            TellDelegate,
        )

        repositories = self._repositories
        return TellDelegate(
            self._party_of,
            repositories.messages,
            repositories.profiles,
            repositories.schedule,
            repositories.notifications,
            self._ports.clock,
            self.load_due_reminder.against,
        )
