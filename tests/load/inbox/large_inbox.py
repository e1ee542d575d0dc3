"""One inbox of any size, with its index of words, written straight into the store."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Final

from lib.domain.inbox.words import is_indexed, plain_text, words_of
from lib.domain.messages.message_id import first_id_of
from lib.domain.shared.values import timestamp
from lib.ports.documents import BatchOperation, Document, DocumentStore
from lib.ports.schema.messages import INBOX_WORDS, MESSAGES
from lib.repositories.messages.message_mapping import document_of
from tests.builders.inboxes import a_delivered

CITIZEN: Final = "RSSMRA80A01H501U"
KINDS: Final = 1_001
"""The different messages: the flags and senders of the others repeat theirs."""
_FREQUENT: Final = "comunicazione pagamento tributi ufficio scadenza avviso rata importo".split()  # noqa: SIM905
_BEGIN: Final = datetime(2016, 1, 1, tzinfo=UTC)


def documents(count: int) -> Iterator[Document]:
    """Yield messages, the oldest first: frequent words, rarer ones, and two of their own."""
    chance = random.Random(7)
    kinds = [document_of(a_delivered(CITIZEN, n)) for n in range(KINDS)]
    for n in range(count):
        at = _BEGIN + timedelta(minutes=5 * n)
        kind = kinds[n % KINDS]
        rare = (f"via{chance.randrange(2_000)}", f"pratica{chance.randrange(200_000)}", f"n{n}x")
        text = " ".join((*chance.sample(_FREQUENT, 5), *rare))
        content = {**kind["content"], "markdown": text}
        # more than a hundred unread messages in each inbox, where counts end
        yield {
            **kind,
            "id": first_id_of(at)[:16] + f"{n:010}",
            "created_at": timestamp(at),
            "content": content,
            "is_read": n % 8 != 0,
        }


async def fill(store: DocumentStore, count: int) -> None:
    """Write the messages and their words."""
    for part in batched(documents(count), 100, strict=False):
        messages = [BatchOperation("upsert", document=one) for one in part]
        await store.batch(MESSAGES, CITIZEN, messages)
        words = [BatchOperation("upsert", document=_words(one)) for one in part]
        await store.batch(INBOX_WORDS, CITIZEN, words)


def _words(document: Document) -> Document:
    names = (document[name] for name in ("message_title", "service_name", "organization_name"))
    words = words_of([*names, plain_text(document["content"]["markdown"])])
    return {
        "id": document["id"],
        "fiscal_code": CITIZEN,
        "words": sorted(filter(is_indexed, words)),
    }
