"""`make costs`: measure the app, compute its costs, print the tables, rewrite the README."""

import argparse
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from infra.costs.measuring.runs import MeasureError
from infra.costs.model.data import DataError, read_data
from infra.costs.tables.readme import FILE, build, rewritten


def main() -> int:
    """Print the tables, and write them into the README unless inputs were changed."""
    parser = argparse.ArgumentParser(prog="make costs", description=__doc__)
    parser.add_argument(
        "changes", nargs="*", metavar="NAME=NUMBER", help="another value of an assumption"
    )
    arguments = parser.parse_args()
    try:
        pairs = [one.partition("=")[::2] for one in arguments.changes]
        changes = {name: Decimal(value) for name, value in pairs}
        data = read_data()
        built = build(replace(data, assumptions=data.assumptions.changed(changes)))
    except InvalidOperation:
        sys.stderr.write("recapito: an input is NAME=NUMBER\n")
        return 1
    except (DataError, MeasureError) as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    for name, text in built.items():
        sys.stdout.write(f"\n{name}\n\n{text}\n")
    if changes:
        return 0
    try:
        FILE.write_text(rewritten(FILE.read_text(), built))
    except DataError as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
