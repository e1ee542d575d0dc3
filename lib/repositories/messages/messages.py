"""Store messages: one document each, for the sender and the citizen."""

import contextlib
from typing import Final

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import MessageStatus
from lib.domain.messages.words.variants import Wording
from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.payments.payment import PaymentEvent, PaymentStatus
from lib.domain.reminders.plan import Step
from lib.domain.shared.identifiers import MessageId, is_ulid
from lib.ports.documents import DAY_SECONDS, Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import StoredMessage, document_of, message_of
from lib.repositories.messages.reminder_plans import first_planned

ACCEPTED_TTL: Final = 30 * DAY_SECONDS
"""The life, in seconds, of an accepted message without a fan-out, whose submission got a 503."""
FAILED_TTL: Final = 90 * DAY_SECONDS
"""The life of a failed message, in seconds: that of its dead letter, which can be replayed."""


class Messages:
    """Store the messages of all citizens."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, message: Message, ttl: int = ACCEPTED_TTL) -> str | None:
        """Store a new message and return its ETag; None where a message of its id exists.

        `ttl`: its life in seconds, unless it is delivered.
        """
        document = {**document_of(message), "ttl": ttl}
        try:
            return (await self._store.create(MESSAGES, document)).etag
        except ConflictError:
            return None

    async def discard(self, fiscal_code: str, id_: MessageId, etag: str) -> None:
        """Delete a message whose sender got an error, unless the message has changed since."""
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.delete(MESSAGES, fiscal_code, id_, if_match=etag)

    async def get(self, fiscal_code: str, id_: MessageId) -> Message:
        """Return the message in any status. Cost: one point read.

        Raise MessageNotFoundError.
        """
        return (await self.stored(fiscal_code, id_)).message

    async def stored(self, fiscal_code: str, id_: MessageId) -> StoredMessage:
        """Return the message with its ETag. Cost and errors are those of `get`."""
        if not is_ulid(id_):
            raise MessageNotFoundError
        try:
            stored = await self._store.read(MESSAGES, fiscal_code, id_)
        except NotFoundError:
            raise MessageNotFoundError from None
        return StoredMessage(message_of(stored.document), stored.etag)

    async def find(self, fiscal_code: str, id_: MessageId) -> StoredMessage | None:
        """Return the message with its ETag, None where there is none. Cost: one point read."""
        try:
            return await self.stored(fiscal_code, id_)
        except MessageNotFoundError:
            return None

    async def deliver(
        self,
        message: Message,
        at: str,
        reminder: Step | None,
        wording: Wording | None = None,
        kept_until: str | None = None,
    ) -> Message:
        """Show a message in the inbox, with its first reminder; return the changed message.

        `wording`: the words that its citizen gets. `kept_until`: None for good. Raise
        NotFoundError; PreconditionFailedError if the message is not ACCEPTED, or if its due date or
        notice has changed since the read.
        """
        unchanged = {"due_date": message.due_date, "notice_version": message.notice_version}
        return await self._settle(
            message.fiscal_code,
            message.id,
            "PROCESSED",
            at,
            PatchOperation("remove", "/ttl"),
            *first_planned(reminder),
            *_worded(message, wording),
            *((PatchOperation("set", "/kept_until", kept_until),) if kept_until else ()),
            where=tuple(
                Condition(name, "=", value)
                for name, value in unchanged.items()
                if value is not None
            ),
        )

    async def hold(self, fiscal_code: str, id_: MessageId, at: str) -> Message:
        """Hold an ACCEPTED message for its sender. The errors are those of `deliver`."""
        # a message that was released meanwhile is not held again
        where = (Condition("duplicate_policy", "=", "HOLD"),)
        return await self._settle(fiscal_code, id_, "HELD", at, where=where)

    async def release(
        self,
        fiscal_code: str,
        id_: MessageId,
        at: str,
        policy: DuplicatePolicy = ACCEPT,
        before: MessageStatus = "HELD",
    ) -> Message:
        """Make a HELD or SCHEDULED message ACCEPTED; return the changed message.

        `policy`: the service's treatment of its payment from now on. Raise NotFoundError,
        PreconditionFailedError.
        """
        operations = (
            PatchOperation("set", "/ttl", ACCEPTED_TTL),
            PatchOperation("set", "/duplicate_policy", policy),
        )
        return await self._settle(fiscal_code, id_, "ACCEPTED", at, *operations, before=before)

    async def reject(
        self,
        fiscal_code: str,
        id_: MessageId,
        at: str,
        reason: str,
        ttl: int,
        before: MessageStatus = "ACCEPTED",
    ) -> Message:
        """Reject the message and keep it for `ttl` seconds, visible to its sender only.

        The content stays, since IO's client cannot decode an answer without it. The errors are
        those of `deliver`.
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
            before=before,
        )

    async def fail(
        self, fiscal_code: str, id_: MessageId, at: str, before: MessageStatus = "ACCEPTED"
    ) -> None:
        """Mark a message that cannot be processed as FAILED. The errors are those of `deliver`."""
        keep = PatchOperation("set", "/ttl", FAILED_TTL)
        await self._settle(fiscal_code, id_, "FAILED", at, keep, before=before)

    async def reopen(
        self, fiscal_code: str, id_: MessageId, at: str, status: MessageStatus = "ACCEPTED"
    ) -> None:
        """Give a FAILED message its former status. Raise NotFoundError, PreconditionFailedError."""
        await self._settle(
            fiscal_code,
            id_,
            status,
            at,
            PatchOperation("set", "/ttl", ACCEPTED_TTL),
            before="FAILED",
        )

    async def _settle(
        self,
        fiscal_code: str,
        id_: MessageId,
        status: MessageStatus,
        at: str,
        *operations: PatchOperation,
        before: MessageStatus = "ACCEPTED",
        where: tuple[Condition, ...] = (),
    ) -> Message:
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
        return message_of(stored.document)

    async def update_payment_status(
        self, fiscal_code: str, id_: MessageId, status: PaymentStatus, event: PaymentEvent, at: str
    ) -> Message | None:
        """Store the status of its payment in the message; return the message.

        Return None if the message is gone, or has this event or a later event.
        """
        operations = (
            PatchOperation("set", "/payment_status", status),
            PatchOperation("set", "/payment_order", event.order),
            PatchOperation("set", "/payment_happened_at", event.happened_at),
            PatchOperation("set", "/payment_noted_at", at),
            PatchOperation("set", "/payment_reopened", event.is_reopening),
        )
        is_earlier = (Condition("payment_order", "<", event.order),)
        try:
            stored = await self._store.patch(
                MESSAGES, fiscal_code, id_, operations, where=is_earlier
            )
        except (NotFoundError, PreconditionFailedError):
            return None
        return message_of(stored.document)


def _worded(message: Message, wording: Wording | None) -> tuple[PatchOperation, ...]:
    """Return the operations that give a message its words."""
    if wording is None:
        return ()
    operations = [PatchOperation("set", "/language", wording.language)]
    if wording.markdown is not None:
        operations.append(PatchOperation("set", "/content/markdown", wording.markdown))
    if wording.title is not None:
        operations.append(PatchOperation("set", "/message_title", wording.title))
    if message.titles:
        operations.append(PatchOperation("remove", "/titles"))
    return tuple(operations)
