"""Values and builders that the tests of the cost model share."""

from dataclasses import replace
from decimal import Decimal

from infra.costs.model.data import Data
from infra.costs.model.usage import Usage

KB = 1024
MILLION = Decimal(1_000_000)


def used(units: str, executions: str = "1") -> Usage:
    """Return the use of a message: RU of `messages` for each message, and executions."""
    return Usage(
        {"messages": Decimal(units)},
        {"messages": Decimal(units)},
        {"http": Decimal(executions)},
        operations=Decimal(1),
        queue_operations=Decimal(0),
        reply_bytes=Decimal(0),
    )


def with_memory(data: Data, megabytes: int) -> Data:
    """Return the data with instances of another size."""
    changes = {"instance_mb": Decimal(megabytes)}
    return replace(data, assumptions=data.assumptions.changed(changes))
