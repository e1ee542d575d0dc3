"""Wires the use cases of personal data."""

import asyncio
from collections.abc import Awaitable, Callable

from lib.composition.areas.attachments import AttachmentUseCases
from lib.composition.areas.documents import DocumentUseCases
from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.rendering.documents.downloads import CALENDAR_FILE, NOTICE_PDF, RECEIPT_PDF, Download
from lib.repositories.attachments.attachment_sweeps import AttachmentSweeps
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.repositories.personal_data.archives import Archives
from lib.repositories.personal_data.data_requests import DataRequests
from lib.repositories.personal_data.holdings import Holdings
from lib.use_cases.personal_data.collect_data import CollectData, MakeDocument
from lib.use_cases.personal_data.erasing.attachments import EraseAttachments
from lib.use_cases.personal_data.make_archive import MakeArchive
from lib.use_cases.personal_data.request_data import RequestData
from lib.use_cases.personal_data.tell_citizen import TellCitizen


class PersonalDataUseCases:
    """The copy of all personal data that a citizen may ask for."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        repositories: Repositories,
        notifications: NotificationUseCases,
        documents: DocumentUseCases,
        attachments: AttachmentUseCases,
    ) -> None:
        queue, clock, archives = ports.queue, ports.clock, Archives(ports.blobs)
        requests = DataRequests(ports.store)
        collect = CollectData(
            Holdings(ports.store),
            repositories.contents,
            repositories.payments,
            (
                _maker(documents.read_payment_notice, NOTICE_PDF),
                _maker(documents.read_payment_receipt, RECEIPT_PDF),
                _maker(documents.read_calendar_entry, CALENDAR_FILE),
            ),
            KeptDocuments(ports.store),
            documents.read_attachment.parts,
        )
        self.erase_attachments = EraseAttachments(
            AttachmentSweeps(ports.store), attachments.stored, attachments.files
        )
        self.request = RequestData(requests, archives, queue, clock)
        self.make_archive = MakeArchive(
            requests, collect, repositories.schedule, archives, queue, clock, ports.channels
        )
        self.tell = TellCitizen(
            repositories.profiles,
            notifications.send_once,
            ports.push,
            ports.mailer,
            pseudonyms_of(settings),
        )


def _maker[F](
    read: Callable[[Access, MessageId], Awaitable[F]], download: Download[F]
) -> MakeDocument:
    """Return the function that reads the facts of a document and draws it in a thread."""

    async def make(access: Access, message_id: MessageId) -> tuple[str, bytes]:
        facts = await read(access, message_id)
        return download.name(facts), await asyncio.to_thread(download.draw, facts)

    return make
