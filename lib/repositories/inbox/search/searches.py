"""Read what a search in an inbox needs."""

from collections.abc import Sequence

from lib.ports.documents import DocumentStore
from lib.repositories.inbox.rows import Source
from lib.repositories.inbox.search.found_rows import FoundRows, Searched
from lib.repositories.inbox.search.written_messages import WrittenMessage, WrittenMessages


class Searches:
    """Read messages that no index has yet, and find those that an index has."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._written = WrittenMessages(store)

    async def fresh(self, fiscal_code: str, since: int, most: int) -> list[WrittenMessage] | None:
        """Return the messages written in the second `since` or later; None where they are more.

        Cost: one query.
        """
        page = await self._written.page(fiscal_code, since, most)
        return page.messages if page.continuation is None else None

    def rows(
        self, searched: Searched, fresh: Sequence[WrittenMessage], *, is_indexed: bool
    ) -> Source:
        """Return the source of the messages of a search; see FoundRows."""
        return FoundRows(self._store, searched, fresh, is_indexed=is_indexed)
