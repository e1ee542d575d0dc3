"""What Bicep reads of the code's own declarations: `python -m infra.azure.declarations`.

Containers, queues and the form of a fiscal code are declared in lib/. Printed as JSON, they reach
Bicep through loadJsonContent; a test fails when what is checked in is not what is declared.
"""

import json
import sys
from typing import Any, Final

from lib import queues
from lib.adapters.azure.cosmos_schema import default_ttl, indexing_policy
from lib.domain.values import FISCAL_CODE_PATTERN
from lib.queues import POISON_SUFFIX
from lib.schema import CONTAINERS

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
