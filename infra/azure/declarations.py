"""What Bicep reads of the code's own declarations: `python -m infra.azure.declarations`.

Containers, queues and the form of a fiscal code are declared in lib/. Printed as JSON, they reach
Bicep through loadJsonContent; a test fails when what is checked in is not what is declared.
"""

import json
import sys
from typing import Any, Final

from lib import queues
from lib.domain.values import FISCAL_CODE_PATTERN
from lib.ports.documents import Container
from lib.queues import POISON_SUFFIX
from lib.schema import CONTAINERS

NO_DEFAULT: Final = -1
"""Time to live is on, and a document without its own lives for ever."""

MASK: Final = "FISCAL-CODE"
"""Stands in stored telemetry where a fiscal code was; plain, so that JSON and URLs stay whole."""

TEXT: Final = {
    "AppRequests": ("Name", "OperationName", "Url"),
    "AppDependencies": ("Data", "Name", "OperationName", "Target"),
    "AppTraces": ("Message", "OperationName"),
    "AppExceptions": ("InnermostMessage", "OperationName", "OuterMessage"),
}
DYNAMIC: Final = {
    "AppRequests": ("Properties",),
    "AppDependencies": ("Properties",),
    "AppTraces": ("Properties",),
    "AppExceptions": ("Details", "Properties"),
}


def default_ttl(container: Container) -> int:
    """Return the container's default time to live, in Cosmos DB's terms."""
    return NO_DEFAULT if container.default_ttl is None else container.default_ttl


def indexing_policy(container: Container) -> dict[str, Any]:
    """Return the container's indexing policy: what is declared, and nothing else.

    Every path of a composite index is ascending: a query orders all its fields in one direction,
    and the service reads an index backwards too. The id comes last, as the tie-breaker of a page.
    """
    return {
        "indexingMode": "consistent",
        "automatic": True,
        "includedPaths": [{"path": f"/{field}/?"} for field in container.indexed],
        "excludedPaths": [{"path": "/*"}],
        "compositeIndexes": [
            [{"path": f"/{field}", "order": "ascending"} for field in _with_id(fields)]
            for fields in container.composite
        ],
    }


def _with_id(fields: tuple[str, ...]) -> tuple[str, ...]:
    return fields if fields[-1] == "id" else (*fields, "id")


def queue_names() -> list[str]:
    """Name every queue, each with its poison queue."""
    names = [
        value
        for name, value in vars(queues).items()
        if name.isupper() and isinstance(value, str) and value != POISON_SUFFIX
    ]
    return [full for name in names for full in (name, f"{name}{POISON_SUFFIX}")]


def fiscal_code_regex() -> str:
    """Return what finds a fiscal code, of either case, anywhere in a text.

    Any letter may stand for the month, so that a mistyped code is masked too.
    """
    return f"(?i){FISCAL_CODE_PATTERN[1:-1].replace('[ABCDEHLMPRST]', '[A-Z]')}"


def transformation(table: str) -> str:
    """Return the KQL that masks fiscal codes in one table before anything of it is stored."""
    regex = f'@"{fiscal_code_regex()}"'
    masked = [
        *(f'{name} = replace_regex({name}, {regex}, "{MASK}")' for name in TEXT[table]),
        *(
            f'{name} = parse_json(replace_regex(tostring({name}), {regex}, "{MASK}"))'
            for name in DYNAMIC[table]
        ),
    ]
    return f"source | extend {', '.join(masked)}"


def declared() -> dict[str, Any]:
    """Collect all that Bicep reads."""
    return {
        "containers": [
            {
                "name": container.name,
                "partitionKey": f"/{container.partition_key}",
                "defaultTtl": default_ttl(container),
                "indexingPolicy": indexing_policy(container),
            }
            for container in CONTAINERS
        ],
        "queues": queue_names(),
        "transformations": [{"table": table, "kql": transformation(table)} for table in TEXT],
    }


def printed() -> str:
    """Return the text of declarations.json."""
    return json.dumps(declared(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
