"""Wires the use cases of messages."""

from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.areas.profiles import ProfileUseCases
from lib.composition.areas.reminders import ReminderUseCases
from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.repositories import Repositories
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.messages.translations import Translations
from lib.repositories.profiles.residents import ResidentStandings
from lib.use_cases.messages.checks.attaching import Attaching
from lib.use_cases.messages.checks.change_duplicate_policy import ChangeDuplicatePolicy
from lib.use_cases.messages.checks.check_submission import CheckSubmission
from lib.use_cases.messages.checks.dry_run_message import DryRunMessage, TrialLeft
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.messages.decide_outcome import DecideOutcome
from lib.use_cases.messages.fan_out_message import FanOutMessage, LogSent
from lib.use_cases.messages.known_payment import KnownPayment
from lib.use_cases.messages.open_message import OpenMessage
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.messages.read_sent_message import ReadSentMessage
from lib.use_cases.messages.scheduled.check_again import CheckAgain
from lib.use_cases.messages.scheduled.manage_scheduled import ManageScheduled
from lib.use_cases.messages.scheduled.schedule_message import ScheduleMessage
from lib.use_cases.messages.scheduled.send_scheduled import SendScheduled
from lib.use_cases.messages.sent.follow_sent import FollowSent
from lib.use_cases.messages.sent.list_sent import ListSent
from lib.use_cases.messages.sent.note_sent import NoteSent
from lib.use_cases.messages.sent.report_sent import ReportSent
from lib.use_cases.messages.submit_message import CountTrial, SubmitMessage
from lib.use_cases.messages.translate_notice import TranslateNotice
from lib.use_cases.messages.translations.ask_translation import AskTranslation
from lib.use_cases.messages.translations.take_translation import TakeTranslation
from lib.use_cases.messages.translations.tickets import Tickets
from lib.use_cases.messages.update_payment_status import UpdatePaymentStatus
from lib.use_cases.messages.withdrawals.recall_messages import RecallMessages
from lib.use_cases.messages.withdrawals.recall_selection import RecallSelection
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.profiles.recipients.check_resident import CheckResident


class MessageUseCases:
    """Messages from their submission to the citizen's inbox."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        payments: PaymentUseCases,
        profiles: ProfileUseCases,
        notifications: NotificationUseCases,
        reminders: ReminderUseCases,
        statistics: StatisticsUseCases,
        attach: Attaching,
        count_trial: CountTrial,
        trial_left: TrialLeft,
        log_sent: LogSent,
    ) -> None:
        clock, events = ports.clock, statistics.events
        messages, known_payment = repositories.messages, KnownPayment(repositories.payments)
        rejected_ttl = settings.rejected_ttl
        self.note_sent = NoteSent(repositories.sent_entries, clock, rejected_ttl=rejected_ttl)
        self.list_sent = ListSent(repositories.sent_lists, repositories.sent_to_citizen)
        self.follow_sent = FollowSent(repositories.sent_lists, clock)
        self.report_sent = ReportSent(repositories.sent_lists, clock)
        check = CheckSubmission(
            repositories.idempotency_keys,
            messages,
            repositories.contents,
            repositories.payments,
            repositories.remote_content_ownerships,
            repositories.remote_content_configurations,
            attach,
            clock,
        )
        self.check = check
        self.hold = HoldMessage(
            repositories.held_messages,
            messages,
            ports.queue,
            clock,
            self.note_sent,
            check,
            dropped_ttl=rejected_ttl,
        )
        schedule = ScheduleMessage(
            repositories.scheduled_messages,
            messages,
            repositories.schedule,
            ports.queue,
            clock,
            self.note_sent,
        )
        self.scheduled = ManageScheduled(
            repositories.scheduled_messages,
            messages,
            clock,
            self.note_sent,
            cancelled_ttl=rejected_ttl,
        )
        self.send_scheduled = SendScheduled(
            messages,
            CheckAgain(repositories.key_holders, check, repositories.payments, clock),
            ports.queue,
            clock,
            self.note_sent,
            rejected_ttl=rejected_ttl,
        )
        self.submit = SubmitMessage(
            repositories.idempotency_keys,
            messages,
            check,
            self.hold,
            ports.queue,
            clock,
            count_trial,
            self.note_sent,
            schedule,
            attach,
        )
        self.dry_run = DryRunMessage(
            check, profiles.check_recipient, notifications.request, trial_left, clock
        )
        self.duplicate_policy = ChangeDuplicatePolicy(repositories.duplicate_policies)
        self.read_sent = ReadSentMessage(
            messages,
            repositories.contents,
            repositories.profiles,
            known_payment,
            repositories.notifications,
            repositories.former_claims,
            minimum_app_version=settings.min_app_version_with_read_auth,
        )
        self.withdraw = WithdrawMessage(
            messages,
            repositories.withdrawals,
            repositories.payments,
            repositories.profiles,
            repositories.held_messages,
            self.note_sent,
            clock,
            kept_ttl=rejected_ttl,
        )
        recalls, queue = repositories.recalls, ports.queue
        self.recall = RecallMessages(
            recalls,
            self.withdraw,
            queue,
            clock,
            RecallSelection(recalls, repositories.sent_selections, self.withdraw, queue, clock),
        )
        translations, tickets = Translations(ports.store, messages), _tickets(settings)
        self.ask_translation = AskTranslation(
            ReadMessage(messages, clock),
            repositories.contents,
            translations,
            ports.translator,
            tickets,
            clock,
        )
        self.take_translation = TakeTranslation(translations, tickets, clock)
        self.decide = DecideOutcome(
            messages,
            repositories.payments,
            repositories.schedule,
            self.hold,
            CheckResident(
                ports.residents,
                ResidentStandings(ports.store),
                clock,
                days=settings.resident_check_days,
            ),
            clock,
            kept_days=settings.message_retention_days,
        )
        self.fan_out = FanOutMessage(
            messages,
            repositories.profiles,
            notifications.reach,
            self.decide,
            TranslateNotice(payments.standings),
            clock,
            notifications.announce,
            events,
            log_sent,
            self.withdraw,
            self.note_sent,
            rejected_ttl=rejected_ttl,
        )
        self.read = ReadMessage(messages, clock)
        self.open = OpenMessage(self.read, repositories.contents, known_payment)
        self.update_payment_status = UpdatePaymentStatus(
            messages, repositories.payments, events, clock, reminders.schedule
        )


def _tickets(settings: Settings) -> Tickets | None:
    """Return the object that makes addresses for translations; None without a public address."""
    if not settings.has_links:
        return None
    current, previous = settings.link_secret, settings.link_secret_previous
    return Tickets(
        current.get_secret_value().encode(),
        settings.public_url,
        previous.get_secret_value().encode(),
    )
