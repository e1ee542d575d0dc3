"""Collect all stored data of a citizen into a ZIP file."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import IO, Any, Final

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.identity.access import Access
from lib.domain.identity.citizen import Citizen
from lib.domain.messages.message import Message
from lib.domain.payments.payment import Payment
from lib.domain.shared.errors import DomainError
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import Masked
from lib.rendering.documents.data_archive import DataArchive
from lib.repositories.documents.kept_documents import KeptDocuments
from lib.repositories.messages.contents import Contents
from lib.repositories.payments.payments import Payments
from lib.repositories.personal_data.holdings import HeldMessage, Holdings

type MakeDocument = Callable[[Access, MessageId], Awaitable[tuple[str, bytes]]]
"""Makes a document of a message: its name and content. Raises DomainError if there is none."""

type ReadFile = Callable[[AttachedFile], AsyncIterator[bytes]]
"""Reads a file in parts. Raises AttachmentNotFoundError for one that is deleted."""

MOST_BYTES: Final = 50 * 1024 * 1024
"""An archive that is larger gets no more drawn documents, which the app can make at any time."""
MOST_WITH_FILES: Final = 1024 * 1024 * 1024
"""An archive that is larger gets no more files: a list names them, and the app downloads them."""
_PER_PAGE: Final = 100


class CollectData:
    """Write profile, choices, devices, notifications, messages, payments and documents into a file.

    Cost: those of Holdings; a point read for each payment, and for each shared content that is not
    in memory; those of the documents, which `documents` make; for each stored file one point read,
    and one get for each 4 MiB, of which one is in memory; one query for each hundred kept files.
    """

    def __init__(
        self,
        holdings: Holdings,
        contents: Contents,
        payments: Payments,
        documents: Sequence[MakeDocument],
        kept: KeptDocuments,
        read_file: ReadFile,
    ) -> None:
        self._holdings = holdings
        self._contents = contents
        self._payments = payments
        self._makers = documents
        self._kept = kept
        self._read_file = read_file

    async def __call__(self, fiscal_code: str, file: IO[bytes]) -> None:
        """Write the ZIP file; raise UnavailableError."""
        archive, left_out = DataArchive(file), list[str]()
        async for name, records in self._holdings.records(fiscal_code):
            archive.add_json(f"{name}.json", records)
        access = _own(fiscal_code)
        async for page in self._holdings.messages(fiscal_code):
            for held in page:
                await self._add(archive, access, held)
                folder = f"messages/{held.message.id}/attachments"
                for one in held.message.attachments:
                    await self._add_file(archive, folder, one, left_out)
                # other calls of the process get their turn
                await asyncio.sleep(0)
        await self._add_kept(archive, fiscal_code, left_out)
        if left_out:
            archive.add_json("files-left-out.json", left_out)
        archive.finish()

    async def _add_kept(self, archive: DataArchive, fiscal_code: str, left_out: list[str]) -> None:
        before = None
        while page := await self._kept.page(fiscal_code, _PER_PAGE, before):
            for one in page:
                await self._add_file(archive, "documents", one.file, left_out)
            before = page[-1].file.id

    async def _add_file(
        self, archive: DataArchive, folder: str, file: AttachedFile, left_out: list[str]
    ) -> None:
        name = f"{folder}/{file.id}-{file.name}"
        if archive.size + file.size > MOST_WITH_FILES:
            left_out.append(name)
            return
        # the file of a message that was not delivered may be deleted
        with contextlib.suppress(AttachmentNotFoundError):
            parts = self._read_file(file)
            first = await anext(parts)
            with archive.opened(name) as entry:
                entry.write(first)
                # it makes room for the next part
                del first
                async for part in parts:
                    await asyncio.to_thread(entry.write, part)

    async def _add(self, archive: DataArchive, access: Access, held: HeldMessage) -> None:
        message = await self._contents.whole(held.message)
        folder = f"messages/{message.id}"
        content = message.content
        fields = {} if content is None else dict(content.fields)
        archive.add_json(f"{folder}/message.json", {**held.record, "content": fields})
        if content is None:
            return
        archive.add_text(
            f"{folder}/message.md", f"# {message.title}\n\n{fields.get('markdown', '')}\n"
        )
        if content.payment is not None:
            payment = await self._payments.get(content.payment.rpt_id)
            if payment is not None:
                archive.add_json(f"{folder}/payment.json", _payment(payment))
        async for name, document in self._documents(archive, access, message):
            archive.add(f"{folder}/{name}", document)

    async def _documents(
        self, archive: DataArchive, access: Access, message: Message
    ) -> AsyncIterator[tuple[str, bytes]]:
        for make in self._makers:
            if archive.size > MOST_BYTES:
                return
            # a message has some of the documents
            with contextlib.suppress(DomainError):
                yield await make(access, message.id)


def _own(fiscal_code: str) -> Access:
    nameless = Masked("")
    return Access.to_own_inbox(Citizen(FiscalCode(fiscal_code), nameless, nameless))


def _payment(payment: Payment) -> dict[str, Any]:
    """Return what the payment says, without the messages to others that ask for it too."""
    event = payment.event
    told = event and {
        "outcome": event.outcome,
        "occurred_at": event.occurred_at,
        "paid_at": event.paid_at,
        "amount": event.amount,
    }
    return {
        "rpt_id": payment.rpt_id,
        "status": payment.status,
        "amount": payment.amount,
        "due_date": payment.due_date,
        "last_event": told,
    }
