"""Wires the use cases of documents."""

from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.repositories import Repositories
from lib.use_cases.documents.choose_languages import ChooseLanguages
from lib.use_cases.documents.find_payable_amount import FindPayableAmount
from lib.use_cases.documents.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.documents.read_payment_notice import ReadPaymentNotice
from lib.use_cases.documents.read_payment_receipt import ReadPaymentReceipt


class DocumentUseCases:
    """The documents of a message that a citizen may print or keep."""

    def __init__(
        self, repositories: Repositories, payments: PaymentUseCases, messages: MessageUseCases
    ) -> None:
        find_amount = FindPayableAmount(payments.standings, repositories.payments)
        self.choose_languages = ChooseLanguages(repositories.profiles)
        self.read_payment_notice = ReadPaymentNotice(messages.read, find_amount)
        self.read_payment_receipt = ReadPaymentReceipt(messages.read, find_amount)
        self.read_calendar_entry = ReadCalendarEntry(messages.read, payments.standings)
