"""Check the content of an uploaded file: its hash, its form, and that it has no malware."""

import asyncio
import contextlib
import hashlib
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Final, NamedTuple

from lib import telemetry
from lib.domain.attachments.attachment import Attachment, Refusal
from lib.domain.attachments.errors import AttachmentNotFoundError
from lib.domain.attachments.forms.cms import decoded, is_base64
from lib.domain.attachments.forms.fault import FormError
from lib.domain.attachments.forms.form import check_form
from lib.domain.attachments.forms.media_types import ending_of
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.files.scanner import Scanner
from lib.ports.queueing.items.messages import AttachmentUploaded
from lib.repositories.attachments.attachment_files import AttachmentFiles
from lib.repositories.attachments.attachments import Attachments

_BLOCK: Final = 1024 * 1024


class _Fault(NamedTuple):
    refusal: Refusal
    detail: str


class CheckAttachment:
    """Check a file in constant memory: it is copied to an anonymous file on the machine's disk.

    A refused file keeps its document for a while, so that its sender reads why, and no bytes.
    Cost: one read, one get for each part of 4 MiB, one read and one replace; for a refused file one
    listing and a delete for each part.
    Concurrency: a repeated run finds the same. A crash leaves nothing: the anonymous file has no
    name, so its space is freed with the process.
    """

    def __init__(
        self,
        attachments: Attachments,
        files: AttachmentFiles,
        scanner: Scanner | None,
        clock: Clock,
    ) -> None:
        self._attachments = attachments
        self._files = files
        self._scanner = scanner
        self._clock = clock

    async def __call__(self, item: AttachmentUploaded) -> None:
        """Check the file that the item names. Raise UnavailableError, also without a verdict."""
        try:
            attachment = await self._attachments.get(item.attachment_id)
        except AttachmentNotFoundError:
            return
        if attachment.status != "CHECKING":
            # an earlier run may have died before it deleted the bytes
            if attachment.status == "REFUSED":
                await self._files.delete(attachment)
            return
        # a context manager closes it, and so frees its space
        with tempfile.TemporaryFile() as copy:
            fault = await self._fault(attachment, copy)
        now = self._clock.now()
        refusal, detail = fault or (None, None)
        with contextlib.suppress(AttachmentNotFoundError):
            after = await self._attachments.change(
                attachment.id, lambda found: found.checked(refusal, detail, now)
            )
            telemetry.attachment_became(after.status, after.id, service_id=after.service_id)
            if after.status == "REFUSED":
                await self._files.delete(after)

    async def _fault(self, attachment: Attachment, copy: IO[bytes]) -> _Fault | None:
        digest = hashlib.sha256()
        try:
            async for part in self._files.parts(attachment):
                digest.update(part)
                await asyncio.to_thread(copy.write, part)
        except NotFoundError:
            # all parts were there at the completion, so the store lags
            raise UnavailableError("a part of a file is not visible") from None
        found = digest.hexdigest()
        if found != attachment.sha256:
            return _Fault("WRONG_HASH", f"the file has the hash {found}")
        return await self._malware(attachment, copy) or await self._wrong_form(attachment, copy)

    async def _malware(self, attachment: Attachment, copy: IO[bytes]) -> _Fault | None:
        if self._scanner is None:
            raise UnavailableError("no scanner is set up")
        name = await self._scanner.scan(_blocks(copy))
        if name is None and ending_of(attachment.name) == "p7m" and is_base64(copy):
            # scanners do not look into base64
            try:
                plain = await asyncio.to_thread(decoded, copy)
            except FormError as error:
                return _Fault("WRONG_FORM", str(error))
            with plain:
                name = await self._scanner.scan(_blocks(plain))
        return None if name is None else _Fault("INFECTED", f"the scanner found {name[:100]}")

    async def _wrong_form(self, attachment: Attachment, copy: IO[bytes]) -> _Fault | None:
        try:
            await asyncio.to_thread(check_form, attachment.name, copy)
        except FormError as error:
            return _Fault("WRONG_FORM", str(error))
        return None


async def _blocks(copy: IO[bytes]) -> AsyncIterator[bytes]:
    copy.seek(0)
    while block := await asyncio.to_thread(copy.read, _BLOCK):
        yield block
