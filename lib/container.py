"""The composition root: all use cases, wired to the ports of a stack."""

from typing import Any

from pydantic import SecretStr

from lib.domain.pseudonym import RotatingPseudonyms
from lib.mail.links import Links
from lib.queues import EVERY_QUEUE
from lib.repositories.services import Services
from lib.schema import DAY
from lib.settings import Settings
from lib.stacks import Ports, build_ports
from lib.telemetry.invocation import Off, Telemetry
from lib.token_settings import rules_of
from lib.use_cases.amend_payment_notice import AmendPaymentNotice
from lib.use_cases.ask_condition import AskCondition
from lib.use_cases.authenticate_citizen import AuthenticateCitizen
from lib.use_cases.authenticate_sender import AuthenticateSender
from lib.use_cases.cancel_payment_notice import CancelPaymentNotice
from lib.use_cases.carry_notice import CarryNotice
from lib.use_cases.change_message_status import ChangeMessageStatus
from lib.use_cases.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.change_reminders import ChangeReminders
from lib.use_cases.change_service_preference import ChangeServicePreference
from lib.use_cases.check_payment import CheckPayment
from lib.use_cases.check_recipient import CheckRecipient
from lib.use_cases.count_sender_event import CountSenderEvent
from lib.use_cases.dispatch_reminders import DispatchReminders
from lib.use_cases.displace_notice import DisplaceNotice
from lib.use_cases.email_owners import EmailOwners
from lib.use_cases.fan_out_message import FanOutMessage
from lib.use_cases.keep_dead_letter import KeepDeadLetter
from lib.use_cases.leave_email import LeaveEmail
from lib.use_cases.list_doubtful_claims import ListDoubtfulClaims
from lib.use_cases.list_inbox import ListInbox
from lib.use_cases.look_at_reminder import LookAtReminder
from lib.use_cases.mark_payment import MarkPayment
from lib.use_cases.notify_by_email import NotifyByEmail
from lib.use_cases.notify_by_push import NotifyByPush
from lib.use_cases.open_message import OpenMessage
from lib.use_cases.read_backlog import ReadBacklog
from lib.use_cases.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.read_payment_info import ReadPaymentInfo
from lib.use_cases.read_payment_notice import ReadPaymentNotice
from lib.use_cases.read_payment_receipt import ReadPaymentReceipt
from lib.use_cases.read_payment_statistics import ReadPaymentStatistics
from lib.use_cases.read_profile import ReadProfile
from lib.use_cases.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.read_reminders import ReadReminders
from lib.use_cases.read_sent_message import ReadSentMessage
from lib.use_cases.read_sent_notice import ReadSentNotice
from lib.use_cases.read_service_preference import ReadServicePreference
from lib.use_cases.record_payment import RecordPayment
from lib.use_cases.register_device import RegisterDevice
from lib.use_cases.remind import Remind
from lib.use_cases.remove_device import RemoveDevice
from lib.use_cases.reopen_payment_notice import ReopenPaymentNotice
from lib.use_cases.replay_dead_letter import ReplayDeadLetter
from lib.use_cases.request_email_validation import RequestEmailValidation
from lib.use_cases.request_notifications import RequestNotifications
from lib.use_cases.schedule_digest import ScheduleDigest
from lib.use_cases.schedule_instalment import ScheduleInstalment
from lib.use_cases.schedule_reminder import ScheduleReminder
from lib.use_cases.send_digest import SendDigest
from lib.use_cases.send_notification import SendNotification
from lib.use_cases.send_validation_email import SendValidationEmail
from lib.use_cases.sender_events import SenderEvents
from lib.use_cases.settle_devices import SettleDevices
from lib.use_cases.spare_noise import SpareNoise
from lib.use_cases.spared_services import spared
from lib.use_cases.submit_instalment import SubmitInstalment
from lib.use_cases.submit_message import SubmitMessage
from lib.use_cases.submit_payment_notice import SubmitPaymentNotice
from lib.use_cases.sweep_messages import SweepMessages
from lib.use_cases.tell_old_address import TellOldAddress
from lib.use_cases.update_payments import UpdatePayments
from lib.use_cases.update_profile import UpdateProfile
from lib.use_cases.validate_email import ValidateEmail


class Container:
    """All use cases, wired; handlers take what they need from here."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports = spared(ports)
        self.telemetry = telemetry_of(settings)
        self.count_sender_event = CountSenderEvent(ports.store, ports.clock)
        self._events = SenderEvents(ports.queue, ports.clock, self.count_sender_event)
        self.request_notifications = RequestNotifications(ports.queue, ports.clock, ports.channels)
        self._look = LookAtReminder(ports.store, ports.clock, self.request_notifications)
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
        self.mark_payment = MarkPayment(store, self._events, clock, self.schedule_reminder)
        self.read_payment_info = ReadPaymentInfo(store, self.ports.node)
        self.read_payment_statistics = ReadPaymentStatistics(store, clock)

    def _wire_reminders(self) -> None:
        store, queue, clock = self.ports.store, self.ports.queue, self.ports.clock
        self.read_reminder_policy = ReadReminderPolicy(store)
        self.change_reminder_policy = ChangeReminderPolicy(store)
        self.read_reminders = ReadReminders(store, clock, self._look)
        self.change_reminders = ChangeReminders(self.schedule_reminder, clock)
        self.dispatch_reminders = DispatchReminders(store, queue, clock)
        self.remind = Remind(
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
        self.carry_notice = carry = CarryNotice(
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
            spare=SpareNoise(store, clock, digests := ScheduleDigest(store, clock, pseudonyms)),
            look=self._look,
        )
        self.send_digest = SendDigest(store, clock, self.request_notifications, digests)
        owners = EmailOwners(store, clock, pseudonyms)
        self.request_email_validation = RequestEmailValidation(store, queue, clock, links, owners)
        self.send_validation_email = SendValidationEmail(store, mailer, links, clock)
        self.tell_old_address = TellOldAddress(store, mailer, clock)
        self.validate_email = ValidateEmail(store, links, clock, owners)
        self.leave_email = LeaveEmail(store, links, clock)
        self.register_device = RegisterDevice(store, queue, clock, pseudonyms)
        self.remove_device = RemoveDevice(store, queue, clock, pseudonyms)
        self.settle_devices = SettleDevices(store, self.ports.devices)

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
