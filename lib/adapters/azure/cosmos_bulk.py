"""Read documents of many partitions of Azure Cosmos DB, some of them at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import batched
from typing import Final

from lib.ports.documents import Document

KEYS: Final = 100
"""The documents of one query; the SDK makes a query for each physical partition among them."""
CONCURRENCY: Final = 4
"""The queries that one call makes at the same time, so that it leaves room to other requests."""


async def each(
    ask: Callable[[Sequence[str]], Awaitable[Sequence[Document]]], partitions: Sequence[str]
) -> AsyncIterator[Document]:
    """Yield the documents that `ask` returns for some partitions at a time.

    Their order is not that of the partitions: the SDK loses it for documents with the same id.
    """
    for together in batched(batched(partitions, KEYS, strict=False), CONCURRENCY, strict=False):
        for documents in await asyncio.gather(*map(ask, together)):
            for document in documents:
                yield document
