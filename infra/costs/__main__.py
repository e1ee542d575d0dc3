"""`make costs`: measure the app, price it, print the tables, rewrite the README's."""

import argparse
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from infra.costs.cpu import write_cpu
from infra.costs.data import Data, DataError, read_data
from infra.costs.paths import MeasureError
from infra.costs.readme import FILE, build, rewritten


def _changes(arguments: argparse.Namespace) -> dict[str, Decimal]:
    pairs = [one.partition("=")[::2] for one in arguments.set]
    pairs += [
        (name, getattr(arguments, name))
        for name in ("messages", "reads")
        if getattr(arguments, name) is not None
    ]
    try:
        return {name: Decimal(value) for name, value in pairs}
    except InvalidOperation:
        raise DataError("an input is NAME=NUMBER") from None


def _with_changes(data: Data, changes: dict[str, Decimal]) -> Data:
    return replace(data, assumptions=data.assumptions.changed(changes))


def main() -> int:
    """Print the tables; without changed inputs, rewrite the README's as well."""
    parser = argparse.ArgumentParser(prog="make costs", description=__doc__)
    parser.add_argument("--messages", help="a year, for growth and levers")
    parser.add_argument("--reads", help="inbox pages for each message")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER", help="any other assumption"
    )
    parser.add_argument(
        "--measure-cpu", action="store_true", help="measure the milliseconds anew, and keep them"
    )
    arguments = parser.parse_args()
    try:
        data = read_data()
        if arguments.measure_cpu:
            write_cpu(int(data.assumptions["message_characters"]))
            data = read_data()
        changes = _changes(arguments)
        built = build(_with_changes(data, changes))
    except (DataError, MeasureError) as error:
        sys.stderr.write(f"recapito: {error}\n")
        return 1
    for name, text in built.items():
        sys.stdout.write(f"\n{name}\n\n{text}\n")
    if not changes:
        FILE.write_text(rewritten(FILE.read_text(), built))
    return 0


if __name__ == "__main__":
    sys.exit(main())
