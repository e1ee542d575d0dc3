"""`make generate`: write every generated file; with --check, name those that are stale."""

import argparse
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from functions import declared, index
from functions.declared import ENDPOINTS
from functions.http.openapi import document as openapi
from functions.http.openapi.audiences import Audience
from infra.azure import declarations
from infra.costs.measuring.runs import MeasureError
from infra.costs.model.data import DataError, read_data
from infra.costs.tables import readme

_INFRA: Final = Path(__file__).parent


def _costs() -> bytes:
    return readme.rewritten(readme.FILE.read_text(), readme.build(read_data())).encode()


FILES: Final[dict[Path, Callable[[], bytes]]] = {
    **{
        _INFRA / "openapi" / f"{audience}.json": partial(openapi.printed, ENDPOINTS, audience)
        for audience in Audience
    },
    _INFRA / "azure" / "declarations.json": lambda: declarations.printed().encode(),
    index.FILE: lambda: declared.printed().encode(),
    readme.FILE: _costs,
}
"""Each generated file with the function that makes its content."""


def stale(files: Mapping[Path, Callable[[], bytes]]) -> dict[Path, bytes]:
    """Return the stale ones of the files, each with its right content.

    Raises: DataError, MeasureError when the costs cannot be computed.
    """
    made = {path: make() for path, make in files.items()}
    return {
        path: content
        for path, content in made.items()
        if not path.is_file() or path.read_bytes() != content
    }


def main(files: Mapping[Path, Callable[[], bytes]] = FILES, root: Path = _INFRA.parent) -> int:
    """Write the stale files; with --check name them and return 1.

    `root`: the folder that holds the files; it is left out of the names that are printed.
    """
    parser = argparse.ArgumentParser(prog="make generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    arguments = parser.parse_args()
    try:
        found = stale(files)
    except (DataError, MeasureError) as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    for path, content in found.items():
        name = path.relative_to(root)
        if arguments.check:
            sys.stderr.write(f"recapito: {name} is stale: run `make generate` and commit it\n")
        else:
            path.write_bytes(content)
            sys.stdout.write(f"wrote {name}\n")
    return 1 if arguments.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
