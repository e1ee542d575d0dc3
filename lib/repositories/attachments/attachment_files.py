"""Store the bytes of files, each part encrypted under the key of its file (AES-256-GCM).

The key is in the file's document, and the bytes are in the blob store. So whoever has one of the
two has nothing, and deleting the document makes unreadable what the blob store still keeps.
"""

import base64
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any, Final

from lib.domain.attachments.attachment import Attachment
from lib.domain.attachments.errors import AttachmentStateError
from lib.ports.blobs import Blobs
from lib.ports.errors import ConflictError, NotFoundError

CONTAINER: Final = "attachments"
_BYTES: Final = "application/octet-stream"
_NONCE: Final = 12
_LISTED: Final = 100


def new_key() -> str:
    """Return a key for the bytes of a new file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


class AttachmentFiles:
    """Store and read the parts of files. A stored part never changes."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def put(self, attachment: Attachment, number: int, content: bytes) -> None:
        """Store a part. The same part again changes nothing.

        Raise AttachmentStateError for a part of the same number with other bytes.

        Cost: one put; one get more for a part that comes again.
        """
        nonce = secrets.token_bytes(_NONCE)
        sealed = _cipher(attachment).encrypt(nonce, content, _label(attachment, number))
        name = _name(attachment, number)
        try:
            await self._blobs.put(
                CONTAINER, name, nonce + sealed, content_type=_BYTES, overwrite=False
            )
        except ConflictError:
            if await self.part(attachment, number) != content:
                told = f"part {number} has come before, with other bytes: begin a new file"
                raise AttachmentStateError(told) from None

    async def part(self, attachment: Attachment, number: int) -> bytes:
        """Return a part. Raise NotFoundError. Cost: one get."""
        blob = await self._blobs.get(CONTAINER, _name(attachment, number))
        sealed = memoryview(blob.content)
        label = _label(attachment, number)
        opened: bytes = _cipher(attachment).decrypt(sealed[:_NONCE], sealed[_NONCE:], label)
        return opened

    async def parts(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield the parts, one in memory at a time. Raise NotFoundError. Cost: a get for each."""
        for number in range(1, attachment.parts + 1):
            yield await self.part(attachment, number)

    async def missing(self, attachment: Attachment) -> list[int]:
        """Return the numbers of the parts that have not come. Cost: one listing."""
        found = set(await self._blobs.names(CONTAINER, attachment.place, _LISTED))
        numbers = range(1, attachment.parts + 1)
        return [one for one in numbers if _name(attachment, one) not in found]

    async def delete(self, attachment: Attachment) -> None:
        """Delete all bytes of the file. Cost: one listing, and one delete for each part."""
        for name in await self._blobs.names(CONTAINER, attachment.place, _LISTED):
            with contextlib.suppress(NotFoundError):
                await self._blobs.delete(CONTAINER, name)


def _cipher(attachment: Attachment) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - slow to load

    return AESGCM(base64.b64decode(attachment.key))


def _label(attachment: Attachment, number: int) -> bytes:
    """Return what the encryption binds a part to, so that no other part stands in its place."""
    return f"{attachment.id}/{number}".encode()


def _name(attachment: Attachment, number: int) -> str:
    return f"{attachment.place}/{number:03d}"
