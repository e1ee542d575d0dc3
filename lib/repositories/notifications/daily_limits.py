"""Store what citizens' daily limits held back: one document each, which expires after some days."""

from collections.abc import Callable
from typing import Final

from lib.domain.notifications.daily_limit import DailyLimit, Digest, HeldNotification
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import Document, DocumentStore, Stored
from lib.ports.errors import NotFoundError
from lib.ports.schema.notifications import DAILY_LIMITS
from lib.repositories.shared.optimistic import until_written

_ID: Final = "budget"
_COUNTED_BEFORE: Final[Document] = {"day": "", "sent": [], "sent_before": []}
"""The members in which the release 2026.11.0 counts what was sent, for no notification."""


class DailyLimits:
    """Store the notifications of a citizen that the daily limit held back.

    A document of the release 2026.11.0 also counts what was sent; that is ignored. That release
    needs these members, and reads this document during an upgrade and after a rollback.
    Cost: one point read; a change costs one write more.
    Concurrency: each write is conditional on the version that was read.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def read(self, fiscal_code: str) -> tuple[DailyLimit, str | None]:
        """Return the limit, and the ETag for `write`, None for a limit that is not stored."""
        try:
            stored = await self._store.read(DAILY_LIMITS, fiscal_code, _ID)
        except NotFoundError:
            return DailyLimit(), None
        return _limit(stored), stored.etag

    async def write(self, fiscal_code: str, limit: DailyLimit, etag: str | None) -> None:
        """Create the limit without an ETag, else replace the version with this ETag.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        document = {"id": _ID, "fiscal_code": fiscal_code, **_members(limit)}
        if etag is None:
            await self._store.create(DAILY_LIMITS, document)
        else:
            await self._store.replace(DAILY_LIMITS, document, if_match=etag)

    async def change(
        self, fiscal_code: str, step: Callable[[DailyLimit], DailyLimit]
    ) -> DailyLimit:
        """Store the result of `step` on the limit, if the limit changes; return the limit.

        `step` may be called several times. Raise UnavailableError.
        """

        async def attempt() -> DailyLimit:
            before, etag = await self.read(fiscal_code)
            after = step(before)
            if after != before:
                await self.write(fiscal_code, after, etag)
            return after

        return await until_written("a daily limit", attempt)


def _members(limit: DailyLimit) -> Document:
    at, digest = limit.digest_at, limit.digest
    return {
        **_COUNTED_BEFORE,
        "held": _documents_of(limit.held),
        "beyond": limit.beyond,
        "digest_at": None if at is None else timestamp(at),
        "digest": digest
        and {"day": digest.day, "held": _documents_of(digest.held), "beyond": digest.beyond},
    }


def _documents_of(held: tuple[HeldNotification, ...]) -> list[Document]:
    return [
        {
            "name": one.name,
            "message_id": one.message_id,
            "is_reminder": one.is_reminder,
            **({"delegation_id": one.delegation_id} if one.delegation_id else {}),
        }
        for one in held
    ]


def _limit(stored: Stored) -> DailyLimit:
    document = stored.document
    at, digest = document["digest_at"], document["digest"]
    return DailyLimit(
        held=_held(document["held"]),
        beyond=document["beyond"],
        digest_at=None if at is None else parse_timestamp(at),
        digest=digest and Digest(digest["day"], _held(digest["held"]), digest["beyond"]),
    )


def _held(stored: list[Document]) -> tuple[HeldNotification, ...]:
    return tuple(
        HeldNotification(
            entry["name"], entry["message_id"], entry["is_reminder"], entry.get("delegation_id")
        )
        for entry in stored
    )
