"""Print the code's declarations for Bicep: `python -m infra.azure.declarations`.

Containers, queues and the form of a fiscal code are declared in lib/. Bicep reads them as JSON by
loadJsonContent; a test fails when the checked-in file is stale.
"""

import json
import re
import sys
from typing import Any, Final

from functions.declared import ENDPOINTS
from lib.adapters.azure.cosmos_schema import default_ttl, indexing_policy
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.ports.queueing.names import EVERY_QUEUE
from lib.ports.schema.containers import CONTAINERS
from lib.telemetry.routes import BEGINNINGS, key_regex, path_regex

HIDDEN: Final = "HIDDEN"
"""The replacement of a path's parameters, and of an unknown path, in stored telemetry."""
MASK: Final = "FISCAL-CODE"
"""The replacement of a fiscal code in stored telemetry. It is valid inside JSON and URLs."""

_BEFORE: Final = r"(^|[^0-9A-Za-z]|%(?:25)*[0-9A-F]{2}|\\+(?:[bfnrt]|u[0-9A-F]{4}))"
_AFTER: Final = r"(\b|[^0-9A-Za-z])"
"""The texts beside a code: URLs may encode separators, and JSON may encode quotes and line ends."""

UNTOUCHED: Final = ("AppMetrics",)
"""The tables that alerts read and that contain no text of the host."""

TEXT: Final = {
    "AppRequests": ("Name", "OperationName", "Url"),
    "AppDependencies": ("Data", "Name", "OperationName", "Target"),
    "AppTraces": ("Message", "OperationName"),
    "AppExceptions": ("InnermostMessage", "OperationName", "OuterMessage"),
}
"""The text columns that are masked, by table."""
DYNAMIC: Final = {
    "AppRequests": ("Properties",),
    "AppDependencies": ("Properties",),
    "AppTraces": ("Properties",),
    "AppExceptions": ("Details", "Properties"),
}
"""The JSON columns that are masked, by table."""


def queue_names() -> list[str]:
    """Return the names of all queues and their poison queues."""
    return list(EVERY_QUEUE)


def fiscal_code_regex() -> str:
    """Return the pattern of a fiscal code as a word, in either case, with the texts beside it.

    The pattern does not match a part of a word, because one message id in three hundred contains
    such a form (`lib.telemetry.masking` masks the app's own telemetry, and more strictly). Any
    letter may stand for the month, so that a mistyped code is masked, too. The pattern has no
    lookarounds and no syntax of a single engine, because Kusto has changed its engine before.
    """
    code = FISCAL_CODE_PATTERN[1:-1].replace("[ABCDEHLMPRST]", "[A-Z]")
    return f"(?i){_BEFORE}{code}{_AFTER}"


def replacement() -> str:
    """Return the replacement of a fiscal code, with the texts beside it."""
    return rf"\1{MASK}\2"


def known_url_regex() -> str:
    """Return the pattern of a URL whose path is a route without parameters, or is masked."""
    fixed = [re.escape(one.path) for one in ENDPOINTS if "{" not in one.path]
    masked = [rf"/api/{one}/{re.escape(HIDDEN)}" for one in BEGINNINGS]
    paths = "|".join(sorted({*fixed, *masked}))
    return rf"(?i)^https?://[^/?#]+(?:/|{paths})?$"


def transformation(table: str) -> str:
    """Return the KQL that masks one table before it is stored.

    Texts lose fiscal codes, the parameters of paths, and the keys of senders. A URL also loses its
    query, and its whole path if the path belongs to no route, because a name may be anywhere in it.
    """
    codes = f'@"{fiscal_code_regex()}", @"{replacement()}"'
    paths = rf'@"{path_regex()}", @"\1{HIDDEN}"'
    keys = rf'@"{key_regex()}", @"\1{HIDDEN}"'

    def mask(text: str) -> str:
        return f"replace_regex(replace_regex(replace_regex({text}, {paths}), {keys}), {codes})"

    masked = [
        *(f"{name} = {mask(name)}" for name in TEXT[table]),
        *(f"{name} = parse_json({mask(f'tostring({name})')})" for name in DYNAMIC[table]),
    ]
    query = f"source | extend {', '.join(masked)}"
    if "Url" not in TEXT[table]:
        return query
    bare = r'replace_regex(Url, @"(?s)[?#].*$", "")'
    unknown = rf'replace_regex(Url, @"(?s)^(https?://[^/?#]+)?.*$", @"\1/{HIDDEN}")'
    known = f'isempty(Url) or Url matches regex @"{known_url_regex()}"'
    return f"{query} | extend Url = {bare} | extend Url = iff({known}, Url, {unknown})"


def declared() -> dict[str, Any]:
    """Return all declarations for Bicep."""
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
        "tables": [*TEXT, *UNTOUCHED],
        "transformations": [{"table": table, "kql": transformation(table)} for table in TEXT],
    }


def printed() -> str:
    """Return the text of declarations.json."""
    return json.dumps(declared(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
