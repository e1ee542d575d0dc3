"""Compute what messages cost that are sent in batches, beside those that are sent one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import Paths
from infra.costs.model.bill import bill
from infra.costs.model.data import Data
from infra.costs.model.deployment import Deployment
from infra.costs.model.usage import Usage, contents, usage, weights
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS

ONE_BY_ONE = ("submit ", "fan out ", "list accepted", "first report", "report calls")
"""The paths of a message that a row of a batch does not have."""


def in_batches(data: Data) -> dict[str, Decimal]:
    """Return how often each path is run for one message, if all are rows of batches.

    Rows that reach nobody are counted as if they were delivered.
    """
    given = data.assumptions
    a_row, a_batch = Decimal(1) / CHUNK_ROWS, 1 / given["rows_of_a_batch"]
    found = {name: one for name, one in weights(data).items() if not name.startswith(ONE_BY_ONE)}
    for content, share in contents(data).items():
        found[f"batch check {content}"] = found[f"batch chunk {content}"] = share * a_row
    for step in ("create", "upload", "send", "start"):
        found[f"batch {step}"] = a_batch
    return found | {"batch read": given["readings_of_a_batch"] * a_batch}


@dataclass(frozen=True, slots=True)
class Sending:
    """The sending of messages up to their pushes, and a year's total with all that follows."""

    sent: Usage
    total: Decimal


def sendings(
    data: Data, paths: Paths, messages: Decimal, deployment: Deployment
) -> tuple[Sending, Sending]:
    """Return the two ways: one by one, and in batches. `sent` is the use of one message."""
    found = []
    for shares in (weights(data), in_batches(data)):
        own = {
            name: one for name, one in shares.items() if name.startswith((*ONE_BY_ONE, "batch "))
        }
        whole = usage(data, paths, shares)
        total = bill(data, paths, whole, messages, deployment).total
        found.append(Sending(usage(data, paths, own), total))
    single, batch = found
    return single, batch


def microcents(
    data: Data, paths: Paths, messages: Decimal, deployments: Sequence[Deployment]
) -> tuple[int, int]:
    """Return the cost of a message and of a row, in millionths of a euro cent.

    It is the mean of the deployments, with all that follows the message.
    """
    both = [sendings(data, paths, messages, one) for one in deployments]
    single, row = (
        int(sum(one.total for one in way) / len(way) / messages * 100 * 1_000_000)
        for way in zip(*both, strict=True)
    )
    return single, row
