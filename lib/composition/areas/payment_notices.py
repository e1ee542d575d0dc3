"""Wires the use cases of payment notices."""

from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.areas.reminders import ReminderUseCases
from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.messages.submit_message import CountTrial
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice
from lib.use_cases.payment_notices.cancel_payment_notice import CancelPaymentNotice
from lib.use_cases.payment_notices.claim_notice import ClaimNotice
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice
from lib.use_cases.payment_notices.dry_run_notice import DryRunNotice
from lib.use_cases.payment_notices.read_sent_notice import ReadSentNotice
from lib.use_cases.payment_notices.reopen_payment_notice import ReopenPaymentNotice
from lib.use_cases.payment_notices.schedule_instalment import ScheduleInstalment
from lib.use_cases.payment_notices.submit_instalment import SubmitInstalment
from lib.use_cases.payment_notices.submit_payment_notice import SubmitPaymentNotice


class PaymentNoticeUseCases:
    """Payment notices with their instalments, as senders submit and change them."""

    def __init__(
        self,
        ports: Ports,
        repositories: Repositories,
        payments: PaymentUseCases,
        reminders: ReminderUseCases,
        messages_of: MessageUseCases,
        count_trial: CountTrial,
    ) -> None:
        clock, services = ports.clock, repositories.services
        notices, messages = repositories.notices, repositories.messages
        stored_payments = repositories.payments
        displace = DisplaceNotice(notices, stored_payments, messages, clock, services)
        self.apply = ApplyPaymentNotice(
            messages,
            repositories.notice_messages,
            stored_payments,
            ports.queue,
            clock,
            messages_of.note_sent,
            reminders.schedule,
            ScheduleInstalment(repositories.schedule, clock),
        )
        self.read_sent = ReadSentNotice(notices, payments.standings, messages)
        self.amend = AmendPaymentNotice(notices, stored_payments, clock, self.apply)
        self.claim = ClaimNotice(notices, stored_payments, displace)
        self.submit = SubmitPaymentNotice(self.claim, clock, self.apply, self.amend, count_trial)
        self.dry_run = DryRunNotice(self.submit, messages_of.dry_run, clock)
        self.cancel = CancelPaymentNotice(
            notices, stored_payments, clock, payments.record, self.read_sent
        )
        self.reopen = ReopenPaymentNotice(
            notices, payments.standings, clock, payments.record, self.apply, self.read_sent
        )
        self.submit_instalment = SubmitInstalment(
            notices, stored_payments, clock, self.apply, services, displace
        )
