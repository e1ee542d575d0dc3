"""The OpenAPI documents as they are checked in, which takes no time to build.

tests/structure/test_declarations.py holds each of them against the declarations.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from functions.http.openapi.audiences import Audience

FOLDER: Final = Path(__file__).parents[1] / "infra" / "openapi"


@cache
def checked_in(audience: Audience) -> Any:
    """Return the document of an audience; a test changes nothing in it."""
    return json.loads((FOLDER / f"{audience}.json").read_bytes())


def operations() -> list[tuple[str, Any]]:
    """Return the operations of all audiences with their ids."""
    return [
        (operation["operationId"], operation)
        for audience in Audience
        for methods in checked_in(audience)["paths"].values()
        for operation in methods.values()
    ]


def schemas() -> dict[str, Any]:
    """Return the schemas of all audiences by name."""
    return {
        name: schema
        for audience in Audience
        for name, schema in checked_in(audience)["components"]["schemas"].items()
    }
