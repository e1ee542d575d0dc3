"""Write a container's declaration for Cosmos DB: partition key, indexes, time to live."""

from typing import Any, Final

from lib.adapters.rules.queries import with_id
from lib.ports.documents import Container

NO_DEFAULT_TTL: Final = -1
"""A document without its own `ttl` lives for ever."""


def indexing_policy(container: Container) -> dict[str, Any]:
    """Return the indexing policy, with indexes for queried fields only.

    A query orders by all fields of a composite index in one direction, so the ascending index
    serves both directions. The index begins with the partition key, which every query names and
    Cosmos DB itself does not index. It ends with the id, so that every item has one place. A
    container that is read in bulk has an index on its key alone.
    Cost: each index makes writes dearer. Without an index on the key, a query reads the whole
    physical partition, with documents of other keys.
    """
    key = container.partition_key
    queried = (key, *container.indexed) if container.composite else ()
    if container.read_in_bulk:
        queried = (key, *queried)
    queried = tuple(dict.fromkeys((*queried, *container.swept)))
    listed = () if container.worded is None else (f"{container.worded}/[]",)
    return {
        "indexingMode": "consistent",
        "automatic": True,
        "includedPaths": [
            {"path": f"/{field.replace('.', '/')}/?"} for field in (*queried, *listed)
        ],
        "excludedPaths": [{"path": "/*"}],
        "compositeIndexes": [
            [{"path": f"/{field}", "order": "ascending"} for field in (key, *with_id(fields))]
            for fields in container.composite
        ],
    }


def default_ttl(container: Container) -> int:
    """Return the default time to live in seconds, or NO_DEFAULT_TTL."""
    return NO_DEFAULT_TTL if container.default_ttl is None else container.default_ttl
