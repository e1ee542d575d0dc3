"""Store the words of the messages of citizens who search, beside their messages."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lib.domain.inbox.words import is_indexed
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
)
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema.messages import INBOX_WORDS

RULES: Final = 1
"""The version of the rules by which words are folded: an index by other rules begins anew."""
LIFE: Final = timedelta(days=365)
"""The time after which an index begins anew.

The words of messages that are gone expire a month later, with the life of the container's
documents.
"""
ASKED_AGAIN: Final = timedelta(minutes=2)
"""The time after which an index that was not brought up to date is asked for again."""
STATE_ID: Final = "-state"
"""Before the ids of messages, so that a deletion in their order ends the index with its begin."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far an index has followed the writes of its inbox.

    `place`: as the follower writes it; the one that `ask` gave at first has no meaning to us.
    """

    place: str
    begun_at: int
    asked_at: int
    rules: int
    etag: str

    def is_good(self, now: int) -> bool:
        """Tell whether the index may be used: it is of this version, and not too old."""
        return self.rules == RULES and now < self.begun_at + LIFE.total_seconds()


class WordIndex:
    """Store one document for each message, with its distinct words, and the state of the index."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def state(self, fiscal_code: str) -> IndexState | None:
        """Return the state of a citizen's index. Cost: one point read."""
        try:
            stored = await self._store.read(INBOX_WORDS, fiscal_code, STATE_ID)
        except NotFoundError:
            return None
        document = stored.document
        return IndexState(
            document["place"],
            document["begun_at"],
            document["asked_at"],
            document["rules"],
            stored.etag,
        )

    async def ask(self, fiscal_code: str, state: IndexState | None, start: str, now: int) -> bool:
        """Note that the index was asked for; tell whether to ask, since no other call has done so.

        `state`: as it was read. An index that is not good begins at the place `start`. Cost: one
        write, or none.
        """
        if state is not None and state.is_good(now):
            if now < state.asked_at + ASKED_AGAIN.total_seconds():
                return False
            step = PatchOperation("set", "/asked_at", now)
            where = (Condition("asked_at", "=", state.asked_at),)
            with contextlib.suppress(NotFoundError, PreconditionFailedError):
                await self._store.patch(INBOX_WORDS, fiscal_code, STATE_ID, (step,), where=where)
                return True
            return False
        document = {
            "id": STATE_ID,
            "fiscal_code": fiscal_code,
            "rules": RULES,
            "place": start,
            "begun_at": now,
            "asked_at": now,
        }
        if state is not None:
            await self._store.upsert(INBOX_WORDS, document)
            return True
        with contextlib.suppress(ConflictError):
            await self._store.create(INBOX_WORDS, document)
            return True
        return False

    async def note(
        self,
        fiscal_code: str,
        state: IndexState,
        place: str,
        words: Sequence[tuple[MessageId, frozenset[str]]],
    ) -> None:
        """Store the words of up to 99 messages, and the place up to which they were followed.

        Both are written or none. Cost: one batch. Raise NotFoundError where the index is gone,
        PreconditionFailedError where it has changed since `state` was read.
        """
        step = PatchOperation("set", "/place", place)
        documents: list[Document] = [
            {"id": id_, "fiscal_code": fiscal_code, "words": sorted(filter(is_indexed, found))}
            for id_, found in words
        ]
        await self._store.batch(
            INBOX_WORDS,
            fiscal_code,
            [
                BatchOperation("patch", id=STATE_ID, operations=(step,), if_match=state.etag),
                *(BatchOperation("upsert", document=one) for one in documents),
            ],
        )

    async def forget(self, fiscal_code: str, id_: MessageId) -> None:
        """Remove the words of a message. Cost: one delete."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(INBOX_WORDS, fiscal_code, id_)
