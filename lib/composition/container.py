"""The composition root: all use cases, wired to the ports of a stack."""

from typing import Any

from pydantic import SecretStr

from lib.composition.settings import Settings
from lib.composition.stacks import Ports, build_ports
from lib.composition.token_settings import rules_of
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.queueing.names import EVERY_QUEUE
from lib.ports.schema import DAY
from lib.rendering.email.links import Links
from lib.repositories.services.services import Services
from lib.telemetry.invocation import Off, Telemetry
from lib.use_cases.devices.register_device import RegisterDevice
from lib.use_cases.devices.remove_device import RemoveDevice
from lib.use_cases.devices.sync_push_registrations import SyncPushRegistrations
from lib.use_cases.documents.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.documents.read_payment_notice import ReadPaymentNotice
from lib.use_cases.documents.read_payment_receipt import ReadPaymentReceipt
from lib.use_cases.identity.authenticate_citizen import AuthenticateCitizen
from lib.use_cases.identity.authenticate_sender import AuthenticateSender
from lib.use_cases.messages.change_message_status import ChangeMessageStatus
from lib.use_cases.messages.fan_out_message import FanOutMessage
from lib.use_cases.messages.list_inbox import ListInbox
from lib.use_cases.messages.open_message import OpenMessage
from lib.use_cases.messages.read_sent_message import ReadSentMessage
from lib.use_cases.messages.submit_message import SubmitMessage
from lib.use_cases.messages.update_payment_status import UpdatePaymentStatus
from lib.use_cases.notifications.apply_daily_limit import ApplyDailyLimit
from lib.use_cases.notifications.notify_by_email import NotifyByEmail
from lib.use_cases.notifications.notify_by_push import NotifyByPush
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.notifications.schedule_digest import ScheduleDigest
from lib.use_cases.notifications.send_digest import SendDigest
from lib.use_cases.notifications.send_notification import SendNotification
from lib.use_cases.operations.keep_dead_letter import KeepDeadLetter
from lib.use_cases.operations.list_doubtful_claims import ListDoubtfulClaims
from lib.use_cases.operations.read_backlog import ReadBacklog
from lib.use_cases.operations.replay_dead_letter import ReplayDeadLetter
from lib.use_cases.operations.sweep_messages import SweepMessages
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice
from lib.use_cases.payment_notices.cancel_payment_notice import CancelPaymentNotice
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice
from lib.use_cases.payment_notices.read_sent_notice import ReadSentNotice
from lib.use_cases.payment_notices.reopen_payment_notice import ReopenPaymentNotice
from lib.use_cases.payment_notices.schedule_instalment import ScheduleInstalment
from lib.use_cases.payment_notices.submit_instalment import SubmitInstalment
from lib.use_cases.payment_notices.submit_payment_notice import SubmitPaymentNotice
from lib.use_cases.payments.check_payment import CheckPayment
from lib.use_cases.payments.read_payment_info import ReadPaymentInfo
from lib.use_cases.payments.record_payment import RecordPayment
from lib.use_cases.payments.update_payments import UpdatePayments
from lib.use_cases.profiles.change_service_preference import ChangeServicePreference
from lib.use_cases.profiles.check_recipient import CheckRecipient
from lib.use_cases.profiles.email_owners import EmailOwners
from lib.use_cases.profiles.notify_former_address import NotifyFormerAddress
from lib.use_cases.profiles.read_profile import ReadProfile
from lib.use_cases.profiles.read_service_preference import ReadServicePreference
from lib.use_cases.profiles.request_email_validation import RequestEmailValidation
from lib.use_cases.profiles.send_validation_email import SendValidationEmail
from lib.use_cases.profiles.unsubscribe_email import UnsubscribeEmail
from lib.use_cases.profiles.update_profile import UpdateProfile
from lib.use_cases.profiles.validate_email import ValidateEmail
from lib.use_cases.reminders.ask_condition import AskCondition
from lib.use_cases.reminders.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.reminders.change_reminders import ChangeReminders
from lib.use_cases.reminders.load_due_reminder import LoadDueReminder
from lib.use_cases.reminders.process_due_reminder import ProcessDueReminder
from lib.use_cases.reminders.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.reminders.read_reminders import ReadReminders
from lib.use_cases.reminders.schedule_reminder import ScheduleReminder
from lib.use_cases.scheduling.dispatch_due import DispatchDue
from lib.use_cases.shared.guarded_services import guarded
from lib.use_cases.statistics.count_sender_event import CountSenderEvent
from lib.use_cases.statistics.read_payment_statistics import ReadPaymentStatistics
from lib.use_cases.statistics.sender_events import SenderEvents


class Container:
    """All use cases, wired; handlers take what they need from here."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports = guarded(ports)
        self.telemetry = telemetry_of(settings)
        self.count_sender_event = CountSenderEvent(ports.store, ports.clock)
        self._events = SenderEvents(ports.queue, ports.clock, self.count_sender_event)
        self.request_notifications = RequestNotifications(ports.queue, ports.clock, ports.channels)
        self._look = LoadDueReminder(ports.store, ports.clock, self.request_notifications)
        self._wire_callers()
        self._wire_messages()
        self._wire_payments()
        self._wire_notices()
        self._wire_notifications()
        self._wire_reminders()
        self._wire_settings()

    def _wire_callers(self) -> None:
        settings, store = self.settings, self.ports.store
        self.authenticate_sender = AuthenticateSender(
            store, key_hashes_of(settings), settings.sender_cache
        )
        self.authenticate_citizen = AuthenticateCitizen(
            self.ports.keys,
            self.ports.clock,
            issuer=settings.citizen_token_issuer,
            audience=settings.citizen_token_audience,
            rules=rules_of(settings),
        )

    def _wire_messages(self) -> None:
        settings = self.settings
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        self.check_recipient = CheckRecipient(store, clock)
        self.submit_message = SubmitMessage(store, queue, clock)
        self.read_sent_message = ReadSentMessage(
            store, minimum_app_version=settings.min_app_version_with_read_auth
        )
        self.fan_out_message = FanOutMessage(
            store,
            clock,
            self.request_notifications,
            self._events,
            rejected_ttl=settings.rejected_retention_days * DAY,
        )
        self.list_inbox = ListInbox(store)
        self.open_message = OpenMessage(store)
        self.change_message_status = ChangeMessageStatus(store, self._events, clock)
        self.read_payment_notice = ReadPaymentNotice(store)
        self.read_payment_receipt = ReadPaymentReceipt(store)
        self.read_calendar_entry = ReadCalendarEntry(store)
        self.keep_dead_letter = KeepDeadLetter(store, clock)
        self.read_backlog = ReadBacklog(queue, clock, EVERY_QUEUE)
        self.replay_dead_letter = ReplayDeadLetter(store, queue, clock)
        self.sweep_messages = SweepMessages(store, queue, clock)
        self.list_doubtful_claims = ListDoubtfulClaims(store, clock)

    def _wire_payments(self) -> None:
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        self.schedule_reminder = ScheduleReminder(store, clock)
        self.record_payment = RecordPayment(store, queue, clock)
        self.update_payments = UpdatePayments(self.record_payment)
        self.update_payment_status = UpdatePaymentStatus(
            store, self._events, clock, self.schedule_reminder
        )
        self.read_payment_info = ReadPaymentInfo(store, self.ports.node)
        self.read_payment_statistics = ReadPaymentStatistics(store, clock)

    def _wire_reminders(self) -> None:
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        self.read_reminder_policy = ReadReminderPolicy(store)
        self.change_reminder_policy = ChangeReminderPolicy(store)
        self.read_reminders = ReadReminders(store, clock, self._look)
        self.change_reminders = ChangeReminders(self.schedule_reminder, clock)
        self.dispatch_due = DispatchDue(store, queue, clock)
        self.process_due_reminder = ProcessDueReminder(
            store,
            clock,
            self.request_notifications,
            send=self.send_notification,
            events=self._events,
            look=self._look,
            check_payment=CheckPayment(self.ports.node, self.record_payment, clock),
            ask_condition=AskCondition(self.ports.conditions),
        )

    def _wire_notices(self) -> None:
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        self.apply_payment_notice = carry = ApplyPaymentNotice(
            store, queue, clock, self.schedule_reminder, ScheduleInstalment(store, clock)
        )
        services = Services(store, self.settings.sender_cache)
        self.read_sent_notice = ReadSentNotice(store)
        self.amend_payment_notice = AmendPaymentNotice(store, clock, carry)
        self.submit_payment_notice = SubmitPaymentNotice(
            store,
            clock,
            carry,
            self.amend_payment_notice,
            displace := DisplaceNotice(store, clock, services),
        )
        self.cancel_payment_notice = CancelPaymentNotice(
            store, clock, self.record_payment, self.read_sent_notice
        )
        self.reopen_payment_notice = ReopenPaymentNotice(
            store, clock, self.record_payment, carry, self.read_sent_notice
        )
        self.submit_instalment = SubmitInstalment(store, clock, carry, services, displace)

    def _wire_notifications(self) -> None:
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        mailer, pseudonyms = self.ports.mailer, pseudonyms_of(self.settings)
        links = links_of(self.settings) if mailer is not None else None
        self.send_notification = SendNotification(
            store,
            clock,
            push=NotifyByPush(self.ports.push, pseudonyms),
            email=NotifyByEmail(store, mailer, links, clock),
            spare=ApplyDailyLimit(
                store, clock, digests := ScheduleDigest(store, clock, pseudonyms)
            ),
            reason_against_reminder=self._look.against,
        )
        self.send_digest = SendDigest(store, clock, self.request_notifications, digests)
        owners = EmailOwners(store, clock, pseudonyms)
        self.request_email_validation = RequestEmailValidation(store, queue, clock, links, owners)
        self.send_validation_email = SendValidationEmail(store, mailer, links, clock)
        self.notify_former_address = NotifyFormerAddress(store, mailer, clock)
        self.validate_email = ValidateEmail(store, links, clock, owners)
        self.unsubscribe_email = UnsubscribeEmail(store, links, clock)
        self.register_device = RegisterDevice(store, queue, clock, pseudonyms)
        self.remove_device = RemoveDevice(store, queue, clock, pseudonyms)
        self.sync_push_registrations = SyncPushRegistrations(store, self.ports.devices)

    def _wire_settings(self) -> None:
        store, clock = self.ports.store, self.ports.clock
        owners = EmailOwners(store, clock, pseudonyms_of(self.settings))
        self.read_profile = ReadProfile(store, owners)
        self.update_profile = UpdateProfile(
            store,
            self.ports.queue,
            clock,
            owners,
            tells_old_addresses=self.ports.mailer is not None,
        )
        self.read_service_preference = ReadServicePreference(
            store, self.ports.clock, self.settings.sender_cache
        )
        self.change_service_preference = ChangeServicePreference(
            store, self.read_service_preference
        )

    async def start(self) -> None:
        """Open what the ports keep; raise UnavailableError."""
        await self.ports.start()

    async def close(self) -> None:
        """Release what the ports hold."""
        await self.ports.close()
        await self.telemetry.close()


def telemetry_of(settings: Settings) -> Telemetry:
    """Open the telemetry that the settings name."""
    if settings.telemetry == "off":
        return Off()
    from lib.telemetry.setup import open_telemetry  # noqa: PLC0415 - takes a tenth of a second

    return open_telemetry(settings)


def links_of(settings: Settings) -> Links:
    """Return what makes and reads the links in e-mails."""
    current, previous = settings.link_secret, settings.link_secret_previous
    return Links(_bytes(current), settings.public_url, _bytes(previous))


def key_hashes_of(settings: Settings) -> RotatingPseudonyms:
    """Return what hashes sender keys."""
    current, previous = settings.key_hash_secret, settings.key_hash_secret_previous
    return RotatingPseudonyms(_bytes(current), _bytes(previous))


def pseudonyms_of(settings: Settings) -> RotatingPseudonyms:
    """Return what makes citizens' pseudonyms."""
    current, previous = settings.pseudonym_secret, settings.pseudonym_secret_previous
    return RotatingPseudonyms(_bytes(current), _bytes(previous))


def _bytes(secret: SecretStr) -> bytes:
    return secret.get_secret_value().encode()


def build_container(settings: Settings, **overrides: Any) -> Container:
    """Build the stack that the settings name; `overrides` replace single ports by name."""
    return Container(settings, build_ports(settings, **overrides))
