"""Wires the use cases of payments."""

from lib.composition.stacks import Ports
from lib.use_cases.payments.check_payment import CheckPayment
from lib.use_cases.payments.read_payment_info import ReadPaymentInfo
from lib.use_cases.payments.record_payment import RecordPayment
from lib.use_cases.payments.update_payments import UpdatePayments


class PaymentUseCases:
    """What is known of payments, and what pagoPA tells of them."""

    def __init__(self, ports: Ports) -> None:
        self.record = RecordPayment(ports.store, ports.queue, ports.clock)
        self.update = UpdatePayments(self.record)
        self.check = CheckPayment(ports.node, self.record, ports.clock)
        self.read_info = ReadPaymentInfo(ports.store, ports.node)
