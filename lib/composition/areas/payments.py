"""Wires the use cases of payments."""

from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.use_cases.payments.check_payment import CheckPayment
from lib.use_cases.payments.read_payment_info import ReadPaymentInfo
from lib.use_cases.payments.record_payment import RecordPayment
from lib.use_cases.payments.standings import Standings
from lib.use_cases.payments.update_payments import UpdatePayments


class PaymentUseCases:
    """The stored payments, and the events that pagoPA reports."""

    def __init__(self, ports: Ports, repositories: Repositories) -> None:
        self.standings = Standings(repositories.notices, repositories.payments)
        self.record = RecordPayment(repositories.payments, ports.queue, ports.clock)
        self.update = UpdatePayments(self.record)
        self.check = CheckPayment(ports.node, self.record, ports.clock)
        self.read_info = ReadPaymentInfo(
            repositories.payments, repositories.messages, self.standings, ports.node
        )
