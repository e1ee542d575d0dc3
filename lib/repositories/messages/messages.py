"""Messages as stored: one document each, read by its sender and by the citizen alike."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.payments.payment import PaymentEvent, PaymentStatus
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import is_ulid
from lib.ports.documents import (
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
    Stored,
)
from lib.ports.errors import NotFoundError, PreconditionFailedError
from lib.ports.schema import DAY, MESSAGES
from lib.repositories.messages.message_documents import ACCEPTED_TTL, LIST_FIELDS
from lib.repositories.messages.reminder_fields import announced

FAILED_TTL: Final = 90 * DAY
"""As long as its dead letter can be replayed."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Documents with LIST_FIELDS, newest first; `more` tells that older ones are in range."""

    items: list[Document]
    more: bool


class Messages:
    """The messages of all citizens."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, document: Document) -> str:
        """Return the ETag; raise ConflictError when the message is there already."""
        return (await self._store.create(MESSAGES, document)).etag

    async def withdraw(self, fiscal_code: str, id_: str, etag: str) -> None:
        """Delete a message whose sender was told of a failure, unless it has changed since."""
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.delete(MESSAGES, fiscal_code, id_, if_match=etag)

    async def get(self, fiscal_code: str, id_: str) -> Document:
        """Return the document in whatever status; raise MessageNotFoundError."""
        return (await self.stored(fiscal_code, id_)).document

    async def stored(self, fiscal_code: str, id_: str) -> Stored:
        """Return the document with its ETag, else as `get`."""
        if not is_ulid(id_):
            raise MessageNotFoundError
        try:
            return await self._store.read(MESSAGES, fiscal_code, id_)
        except NotFoundError:
            raise MessageNotFoundError from None

    async def patch(
        self,
        fiscal_code: str,
        id_: str,
        operations: Sequence[PatchOperation],
        *,
        if_match: str | None = None,
        where: tuple[Condition, ...] = (),
    ) -> Stored:
        """Raise NotFoundError, PreconditionFailedError."""
        return await self._store.patch(
            MESSAGES, fiscal_code, id_, operations, if_match=if_match, where=where
        )

    async def deliver(
        self,
        message: Document,
        at: str,
        reminder: Step | None,
        said: tuple[str, str] | None = None,
    ) -> Document:
        """Show a message in the inbox, with the first reminder scheduled for it; return it.

        `said`: other markdown, and its language. Raise PreconditionFailedError unless it is
        ACCEPTED, and due and of the notice's version as it was read.
        """
        same = [
            Condition(name, "=", message[name])
            for name in ("due_date", "notice_version")
            if message.get(name) is not None
        ]
        words = (
            ()
            if said is None
            else (
                PatchOperation("set", "/content/markdown", said[0]),
                PatchOperation("set", "/language", said[1]),
            )
        )
        return await self._settle(
            message["fiscal_code"],
            message["id"],
            "PROCESSED",
            at,
            PatchOperation("remove", "/ttl"),
            *announced(reminder),
            *words,
            where=tuple(same),
        )

    async def reject(self, fiscal_code: str, id_: str, at: str, reason: str, ttl: int) -> Document:
        """Keep the message for `ttl` seconds, for its sender alone, else as `deliver`.

        The content stays: IO's client decodes no answer without it.
        """
        return await self._settle(
            fiscal_code,
            id_,
            "REJECTED",
            at,
            PatchOperation("set", "/rejection_reason", reason),
            PatchOperation("set", "/ttl", ttl),
            PatchOperation("set", "/message_title", ""),
            PatchOperation("set", "/category", {"tag": "GENERIC"}),
            PatchOperation("set", "/amount", None),
            PatchOperation("set", "/due_date", None),
        )

    async def fail(self, fiscal_code: str, id_: str, at: str) -> None:
        """Mark a message that cannot be processed, else as `deliver`."""
        keep = PatchOperation("set", "/ttl", FAILED_TTL)
        await self._settle(fiscal_code, id_, "FAILED", at, keep)

    async def reopen(self, fiscal_code: str, id_: str, at: str) -> None:
        """Make a FAILED message ACCEPTED again; raise PreconditionFailedError unless FAILED."""
        await self._settle(
            fiscal_code,
            id_,
            "ACCEPTED",
            at,
            PatchOperation("set", "/ttl", ACCEPTED_TTL),
            before="FAILED",
        )

    async def _settle(
        self,
        fiscal_code: str,
        id_: str,
        status: str,
        at: str,
        *operations: PatchOperation,
        before: str = "ACCEPTED",
        where: tuple[Condition, ...] = (),
    ) -> Document:
        stored = await self._store.patch(
            MESSAGES,
            fiscal_code,
            id_,
            (
                PatchOperation("set", "/status", status),
                PatchOperation("add", "/status_history/-", {"status": status, "at": at}),
                *operations,
            ),
            where=(Condition("status", "=", before), *where),
        )
        return stored.document

    async def update_payment_status(
        self, fiscal_code: str, id_: str, status: PaymentStatus, event: PaymentEvent, at: str
    ) -> Document | None:
        """Say in the message, at `at`, where its payment stands; return it if that was news.

        It is none where the message is gone, or knows this event or a later one.
        """
        operations = (
            PatchOperation("set", "/payment_status", status),
            PatchOperation("set", "/payment_order", event.order),
            PatchOperation("set", "/payment_happened_at", event.happened_at),
            PatchOperation("set", "/payment_noted_at", at),
            PatchOperation("set", "/payment_reopened", event.is_reopening),
        )
        earlier = (Condition("payment_order", "<", event.order),)
        try:
            stored = await self.patch(fiscal_code, id_, operations, where=earlier)
        except (NotFoundError, PreconditionFailedError):
            return None
        return stored.document

    async def set_flags(
        self, fiscal_code: str, id_: str, flags: Mapping[str, bool], *, read_at: str | None = None
    ) -> Document:
        """Set `is_read` and `is_archived` as given; raise NotFoundError.

        With `read_at`, note when it was read for the first time. Raise PreconditionFailedError when
        the citizen does not see the message, or that was not the first time.
        """
        values: dict[str, bool | str] = {**flags}
        where = [Condition("status", "=", "PROCESSED")]
        if read_at is not None:
            values["read_at"] = read_at
            where.append(Condition("is_read", "=", value=False))
        operations = [PatchOperation("set", f"/{name}", value) for name, value in values.items()]
        return (await self.patch(fiscal_code, id_, operations, where=tuple(where))).document

    async def page(
        self,
        fiscal_code: str,
        *,
        size: int,
        archived: bool,
        below: str | None = None,
        above: str | None = None,
    ) -> InboxPage:
        """Return up to `size` messages with `above` < id < `below`, newest first.

        With `above` alone the page is the one next to that bound, so that paging towards newer
        messages leaves no hole; otherwise it is the newest of the range.
        """
        where: list[Condition] = [
            Condition("status", "=", "PROCESSED"),
            Condition("is_archived", "=", archived),
        ]
        if below is not None:
            where.append(Condition("id", "<", below))
        if above is not None:
            where.append(Condition("id", ">", above))
        upwards = above is not None and below is None
        page = await self._store.query(
            MESSAGES,
            Query(
                fiscal_code,
                limit=size if upwards else size + 1,
                where=tuple(where),
                descending=not upwards,
                fields=LIST_FIELDS,
            ),
        )
        if upwards:
            return InboxPage(page.items[::-1], more=False)
        return InboxPage(page.items[:size], more=len(page.items) > size)
