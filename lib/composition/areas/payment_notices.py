"""Wires the use cases of payment notices."""

from lib.composition.areas.payments import PaymentUseCases
from lib.composition.areas.reminders import ReminderUseCases
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.repositories.services.services import Services
from lib.use_cases.payment_notices.amend_payment_notice import AmendPaymentNotice
from lib.use_cases.payment_notices.apply_payment_notice import ApplyPaymentNotice
from lib.use_cases.payment_notices.cancel_payment_notice import CancelPaymentNotice
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice
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
        settings: Settings,
        payments: PaymentUseCases,
        reminders: ReminderUseCases,
    ) -> None:
        store, clock = ports.store, ports.clock
        services = Services(store, settings.sender_cache)
        displace = DisplaceNotice(store, clock, services)
        self.apply = ApplyPaymentNotice(
            store, ports.queue, clock, reminders.schedule, ScheduleInstalment(store, clock)
        )
        self.read_sent = ReadSentNotice(store)
        self.amend = AmendPaymentNotice(store, clock, self.apply)
        self.submit = SubmitPaymentNotice(store, clock, self.apply, self.amend, displace)
        self.cancel = CancelPaymentNotice(store, clock, payments.record, self.read_sent)
        self.reopen = ReopenPaymentNotice(store, clock, payments.record, self.apply, self.read_sent)
        self.submit_instalment = SubmitInstalment(store, clock, self.apply, services, displace)
