"""Wires the use cases of personal data."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from lib.composition.areas.attachments import AttachmentUseCases
from lib.composition.areas.devices import DeviceUseCases
from lib.composition.areas.documents import DocumentUseCases
from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import links_of, pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import MessageId
from lib.rendering.documents.downloads import CALENDAR_FILE, NOTICE_PDF, RECEIPT_PDF, Download
from lib.repositories.attachments.attachment_sweeps import AttachmentSweeps
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.repositories.personal_data.archives import Archives
from lib.repositories.personal_data.data_requests import DataRequests
from lib.repositories.personal_data.erasing.citizens_messages import CitizensMessages
from lib.repositories.personal_data.erasing.citizens_rows import CitizensRows
from lib.repositories.personal_data.erasing.erasure_sweeps import ErasureSweeps
from lib.repositories.personal_data.erasing.letters import Letters
from lib.repositories.personal_data.erasing.own_partitions import OwnPartitions
from lib.repositories.personal_data.holdings import Holdings
from lib.repositories.personal_data.retention_sweeps import RetentionSweeps
from lib.use_cases.personal_data.collect_data import CollectData, MakeDocument
from lib.use_cases.personal_data.erasing.attachments import EraseAttachments
from lib.use_cases.personal_data.erasing.close_account import CloseAccount
from lib.use_cases.personal_data.erasing.devices import EraseDevices
from lib.use_cases.personal_data.erasing.erase_citizen import EraseCitizen
from lib.use_cases.personal_data.erasing.feed import EraseFeed
from lib.use_cases.personal_data.erasing.messages import EraseMessages
from lib.use_cases.personal_data.erasing.parties import EraseParties
from lib.use_cases.personal_data.erasing.requests import EraseRequests
from lib.use_cases.personal_data.expire_messages import ExpireMessages
from lib.use_cases.personal_data.make_archive import MakeArchive
from lib.use_cases.personal_data.request_data import RequestData
from lib.use_cases.personal_data.request_erasure import RequestErasure
from lib.use_cases.personal_data.tell_citizen import TellCitizen
from lib.use_cases.profiles.feed.announce_switch import AnnounceSwitch


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
        messages: MessageUseCases,
        devices: DeviceUseCases,
    ) -> None:
        queue, clock, archives = ports.queue, ports.clock, Archives(ports.blobs)
        erasures = repositories.erasures
        requests = DataRequests(ports.store)
        collect = CollectData(
            Holdings(ports.store),
            repositories.contents,
            repositories.payments,
            (
                _maker(documents.read_payment_notice.to_print, NOTICE_PDF),
                _maker(documents.read_payment_receipt, RECEIPT_PDF),
                _maker(documents.read_calendar_entry, CALENDAR_FILE),
            ),
            KeptDocuments(ports.store),
            attachments.read.parts,
        )
        self.erase_attachments = EraseAttachments(
            AttachmentSweeps(ports.store), attachments.stored, attachments.files
        )
        self.request = RequestData(requests, erasures, archives, queue, clock)
        self.make_archive = MakeArchive(
            requests, collect, repositories.schedule, archives, queue, clock, ports.channels
        )
        self.request_erasure = RequestErasure(
            erasures,
            repositories.schedule,
            queue,
            clock,
            ports.channels,
            grace=timedelta(days=settings.erasure_grace_days),
        )
        sweeps = ErasureSweeps(ports.store)
        self.erase = EraseCitizen(
            erasures,
            queue,
            clock,
            CloseAccount(repositories.profiles, AnnounceSwitch(queue, clock), clock),
            EraseDevices(
                repositories.devices,
                repositories.push_channels,
                sweeps,
                devices.sync_push_registrations,
                pseudonyms_of(settings),
            ),
            EraseRequests(requests, sweeps, self.make_archive),
            EraseFeed(sweeps, clock),
            self.erase_attachments,
            EraseParties(repositories.parties),
            EraseMessages(
                CitizensMessages(ports.store),
                repositories.messages,
                repositories.payments,
                messages.note_sent,
                clock,
            ),
            OwnPartitions(ports.store),
            sweeps,
            Letters(ports.store),
            CitizensRows(ports.store, ports.blobs),
        )
        self.expire_messages = ExpireMessages(
            RetentionSweeps(ports.store),
            repositories.payments,
            CitizensMessages(ports.store),
            clock,
            days=settings.message_retention_days,
        )
        self.tell = TellCitizen(
            repositories.profiles,
            notifications.send_once,
            ports.push,
            ports.mailer,
            links_of(settings) if ports.mailer is not None else None,
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
