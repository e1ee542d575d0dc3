"""Wires the use cases of documents."""

from lib.composition.areas.attachments import AttachmentUseCases
from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.repositories import Repositories
from lib.composition.stacks import Ports
from lib.repositories.attachments.attachment_sweeps import AttachmentSweeps
from lib.repositories.batches.batches import Batches
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.use_cases.documents.choose_languages import ChooseLanguages
from lib.use_cases.documents.find_payable_amount import FindPayableAmount
from lib.use_cases.documents.keep_documents import KeepDocuments
from lib.use_cases.documents.read_attachment import ReadAttachment
from lib.use_cases.documents.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.documents.read_payment_notice import ReadPaymentNotice
from lib.use_cases.documents.read_payment_receipt import ReadPaymentReceipt
from lib.use_cases.documents.sweep_attachments import SweepAttachments
from lib.use_cases.shared.logos import PreparedLogos


class DocumentUseCases:
    """The documents of a message that a citizen may print or keep."""

    def __init__(
        self,
        ports: Ports,
        repositories: Repositories,
        payments: PaymentUseCases,
        messages: MessageUseCases,
        attachments: AttachmentUseCases,
    ) -> None:
        find_amount = FindPayableAmount(payments.standings, repositories.payments)
        self.choose_languages = ChooseLanguages(repositories.profiles)
        logos = PreparedLogos(ports.blobs)
        self.read_payment_notice = ReadPaymentNotice(messages.read, find_amount, logos)
        self.read_payment_receipt = ReadPaymentReceipt(messages.read, find_amount, logos)
        self.read_calendar_entry = ReadCalendarEntry(messages.read, payments.standings)
        kept, clock = KeptDocuments(ports.store), ports.clock
        self.read_attachment = ReadAttachment(messages.read, attachments.read, kept)
        self.keep = KeepDocuments(messages.read, attachments.stored, kept, clock)
        self.sweep_attachments = SweepAttachments(
            AttachmentSweeps(ports.store),
            attachments.stored,
            attachments.files,
            repositories.messages,
            kept,
            Batches(ports.store),
            attachments.upload.ask_for_check,
            clock,
        )
