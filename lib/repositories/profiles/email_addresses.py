"""Store the owner of each e-mail address, under a keyed fingerprint of the address."""

import contextlib
from datetime import datetime
from typing import Final, NamedTuple

from lib.domain.profiles.validation_limits import REQUEST_WINDOW, with_one_more
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema.citizens import EMAIL_ADDRESSES
from lib.repositories.shared.optimistic import until_written

_REQUESTS: Final = "validation-requests"
_OWNER: Final = "owner"


class AddressOwner(NamedTuple):
    """The owner of an address, with the time and the ETag of the claim."""

    fiscal_code: FiscalCode
    claimed_at: datetime
    etag: str


class EmailAddresses:
    """Store the owner of each address, and the validation e-mails requested for it.

    `address` is the fingerprint of an address in each method.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def owner(self, address: str) -> AddressOwner | None:
        """Return the owner of the address, None for an address without a claim."""
        try:
            stored = await self._store.read(EMAIL_ADDRESSES, address, _OWNER)
        except NotFoundError:
            return None
        document = stored.document
        claimed_at = parse_timestamp(document["claimed_at"])
        return AddressOwner(FiscalCode(document["fiscal_code"]), claimed_at, stored.etag)

    async def claim(
        self, address: str, fiscal_code: str, claimed_at: datetime, etag: str | None
    ) -> None:
        """Make the citizen the owner: create a claim, or replace the claim with this ETag.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document: Document = {
            "id": _OWNER,
            "address": address,
            "fiscal_code": fiscal_code,
            "claimed_at": timestamp(claimed_at),
        }
        if etag is None:
            await self._store.create(EMAIL_ADDRESSES, document)
        else:
            await self._store.replace(EMAIL_ADDRESSES, document, if_match=etag)

    async def release(self, address: str, etag: str) -> None:
        """Delete the claim with this ETag; do nothing if the claim is gone or has changed."""
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.delete(EMAIL_ADDRESSES, address, _OWNER, if_match=etag)

    async def count_request(self, address: str, now: datetime) -> None:
        """Count one more validation e-mail to the address.

        Raise ValidationTooSoonError after too many e-mails in 24 hours, UnavailableError.
        Cost: one point read and one write.
        """

        async def attempt() -> None:
            etag, sent = None, []
            try:
                stored = await self._store.read(EMAIL_ADDRESSES, address, _REQUESTS)
                etag, sent = stored.etag, stored.document["sent"]
            except NotFoundError:
                pass
            document: Document = {
                "id": _REQUESTS,
                "address": address,
                "sent": with_one_more(sent, now),
                "ttl": int(REQUEST_WINDOW.total_seconds()),
            }
            if etag is None:
                await self._store.create(EMAIL_ADDRESSES, document)
            else:
                await self._store.replace(EMAIL_ADDRESSES, document, if_match=etag)

        await until_written("a count of validations", attempt)
