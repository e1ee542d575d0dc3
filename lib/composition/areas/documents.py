"""Wires the use cases of documents."""

from lib.composition.stacks import Ports
from lib.use_cases.documents.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.documents.read_payment_notice import ReadPaymentNotice
from lib.use_cases.documents.read_payment_receipt import ReadPaymentReceipt


class DocumentUseCases:
    """What a citizen may print or keep of a message."""

    def __init__(self, ports: Ports) -> None:
        self.read_payment_notice = ReadPaymentNotice(ports.store)
        self.read_payment_receipt = ReadPaymentReceipt(ports.store)
        self.read_calendar_entry = ReadCalendarEntry(ports.store)
