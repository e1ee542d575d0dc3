"""What Bicep reads of the code's own declarations: `python -m infra.azure.declarations`.

Containers, queues and the form of a fiscal code are declared in lib/. Printed as JSON, they reach
Bicep through loadJsonContent; a test fails when what is checked in is not what is declared.
"""

import json
import re
import sys
from typing import Any, Final

from functions import ENDPOINTS
from lib.adapters.azure.cosmos_schema import default_ttl, indexing_policy
from lib.domain.shared.values import FISCAL_CODE_PATTERN
from lib.ports.queueing import names as queues
from lib.ports.queueing.names import POISON_SUFFIX
from lib.ports.schema import CONTAINERS
from lib.telemetry.routes import BEGINNINGS, path_regex

HIDDEN: Final = "HIDDEN"
"""Stands in stored telemetry for the parameters of a path, and for a path that is no route's."""
MASK: Final = "FISCAL-CODE"
"""Stands in stored telemetry where a fiscal code was; plain, so that JSON and URLs stay whole."""

_BEFORE: Final = r"(^|[^0-9A-Za-z]|%(?:25)*[0-9A-F]{2}|\\+(?:[bfnrt]|u[0-9A-F]{4}))"
_AFTER: Final = r"(\b|[^0-9A-Za-z])"
"""What may stand beside a code: a URL may encode its separators, JSON its quotes and line ends."""

UNTOUCHED: Final = ("AppMetrics",)
"""Tables that alerts read and that hold no text of the host's."""

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
    """Return what finds a fiscal code that is a word, of either case, with its two neighbours.

    A part of a word is left alone, for one message id in three hundred has a code's shape in it
    (`lib.telemetry.masking` can look around and goes further: what the app tells is masked there).
    Any letter may stand for the month, so that a mistyped code is masked too. No lookarounds and
    nothing that is peculiar to one engine: Kusto has changed its own before.
    """
    code = FISCAL_CODE_PATTERN[1:-1].replace("[ABCDEHLMPRST]", "[A-Z]")
    return f"(?i){_BEFORE}{code}{_AFTER}"


def replacement() -> str:
    """Return what stands for it, its neighbours where they were."""
    return rf"\1{MASK}\2"


def known_url_regex() -> str:
    """Return what matches an address whose path is a route without parameters, or one masked."""
    fixed = [re.escape(one.path) for one in ENDPOINTS if "{" not in one.path]
    masked = [rf"/api/{one}/{re.escape(HIDDEN)}" for one in BEGINNINGS]
    paths = "|".join(sorted({*fixed, *masked}))
    return rf"(?i)^https?://[^/?#]+(?:/|{paths})?$"


def transformation(table: str) -> str:
    """Return the KQL that masks one table before anything of it is stored.

    Texts lose the parameters of paths and fiscal codes. An address loses its query, too, and its
    whole path where that is no route's: a name may be anywhere in it.
    """
    codes = f'@"{fiscal_code_regex()}", @"{replacement()}"'
    paths = rf'@"{path_regex()}", @"\1{HIDDEN}"'

    def mask(text: str) -> str:
        return f"replace_regex(replace_regex({text}, {paths}), {codes})"

    masked = [
        *(f"{name} = {mask(name)}" for name in TEXT[table]),
        *(f"{name} = parse_json({mask(f'tostring({name})')})" for name in DYNAMIC[table]),
    ]
    told = f"source | extend {', '.join(masked)}"
    if "Url" not in TEXT[table]:
        return told
    bare = r'replace_regex(Url, @"(?s)[?#].*$", "")'
    unknown = rf'replace_regex(Url, @"(?s)^(https?://[^/?#]+)?.*$", @"\1/{HIDDEN}")'
    known = f'isempty(Url) or Url matches regex @"{known_url_regex()}"'
    return f"{told} | extend Url = {bare} | extend Url = iff({known}, Url, {unknown})"


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
        "tables": [*TEXT, *UNTOUCHED],
        "transformations": [{"table": table, "kql": transformation(table)} for table in TEXT],
    }


def printed() -> str:
    """Return the text of declarations.json."""
    return json.dumps(declared(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
