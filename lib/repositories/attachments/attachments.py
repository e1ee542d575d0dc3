"""Store the files that senders upload: one document each, without their bytes."""

import contextlib
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from lib.domain.attachments.attachment import Attachment
from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.shared.identifiers import FiscalCode, is_ulid
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.documents import ATTACHMENTS
from lib.repositories.shared.optimistic import until_written

FIELDS = tuple(one.name for one in fields(Attachment))


class Attachments:
    """Store the files of all senders."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, attachment: Attachment) -> bool:
        """Store a new file; return False where a file of its id exists. Cost: one create."""
        try:
            await self._store.create(ATTACHMENTS, _document(attachment))
        except ConflictError:
            return False
        return True

    async def get(self, id_: str) -> Attachment:
        """Return the file. Cost: one point read. Raise AttachmentNotFoundError."""
        if not is_ulid(id_):
            raise AttachmentNotFoundError
        try:
            return attachment_of((await self._store.read(ATTACHMENTS, id_, id_)).document)
        except NotFoundError:
            raise AttachmentNotFoundError from None

    async def change(self, id_: str, step: Callable[[Attachment], Attachment]) -> Attachment:
        """Store the result of `step` on the file, if the file changes; return the file.

        `step` may be called several times. Raise AttachmentNotFoundError, UnavailableError, and
        the errors of `step`. Cost: one point read; a change costs one replace more.
        """
        if not is_ulid(id_):
            raise AttachmentNotFoundError

        async def attempt() -> Attachment:
            try:
                stored = await self._store.read(ATTACHMENTS, id_, id_)
            except NotFoundError:
                raise AttachmentNotFoundError from None
            before = attachment_of(stored.document)
            after = step(before)
            if after != before:
                await self._store.replace(ATTACHMENTS, _document(after), if_match=stored.etag)
            return after

        return await until_written("a file", attempt)

    async def forget(self, id_: str) -> None:
        """Forget a file whose bytes are deleted. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(ATTACHMENTS, id_, id_)


def attachment_of(document: Document) -> Attachment:
    """Return the file of a document."""
    values: dict[str, Any] = {name: document.get(name) for name in FIELDS}
    if values["fiscal_code"] is not None:
        values["fiscal_code"] = FiscalCode(values["fiscal_code"])
    return Attachment(**values)


def _document(attachment: Attachment) -> Document:
    return {name: getattr(attachment, name) for name in FIELDS}
