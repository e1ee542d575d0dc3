"""A store whose queries are behind, as those of Cosmos DB may be."""

from typing import Any

from lib.ports.documents import Container, Query, QueryPage


class Behind:
    """A store that gives the first answer to a query of one container again and again."""

    def __init__(self, store: Any, container: Container) -> None:
        self._store, self._container = store, container
        self._known: dict[Query, QueryPage] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Return what the query found at first."""
        if container != self._container:
            found: QueryPage = await self._store.query(container, query)
            return found
        if query not in self._known:
            self._known[query] = await self._store.query(container, query)
        return self._known[query]
