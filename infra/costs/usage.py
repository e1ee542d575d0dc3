"""What the average message uses: the measured paths, weighted by the assumed traffic."""

from dataclasses import dataclass
from decimal import Decimal

from infra.costs.data import Data
from infra.costs.paths import PathRun, Paths
from infra.costs.request_units import request_units

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Usage:
    """What one message uses; each is a mean, so a fraction.

    `units` is RU by container, `executions` by function (all HTTP functions are `http`);
    `operations` counts documents and queues alike.
    """

    units: dict[str, Decimal]
    executions: dict[str, Decimal]
    operations: Decimal
    queue_operations: Decimal
    reply_bytes: Decimal

    @property
    def all_units(self) -> Decimal:
        """RU of all containers."""
        return sum(self.units.values(), ZERO)

    @property
    def all_executions(self) -> Decimal:
        """Executions of all functions."""
        return sum(self.executions.values(), ZERO)


def contents(data: Data) -> dict[str, Decimal]:
    """Return the shares of messages by what they carry."""
    payment = data.assumptions["payment_share"]
    return {"plain": 1 - payment, "payment": payment}


def weights(data: Data) -> dict[str, Decimal]:
    """Return how often each path is run for one message."""
    given = data.assumptions
    key, rejected = given["idempotency_share"], given["rejected_share"]
    found: dict[str, Decimal] = {}
    for content, share in contents(data).items():
        found[f"submit {content}, key"] = share * key
        found[f"submit {content}"] = share * (1 - key)
        found[f"fan out {content}"] = share * (1 - rejected)
    return found | {
        "fan out rejected": rejected,
        "notify": 1 - rejected,
        "inbox": given["reads"],
        "open": given["opens"],
        **readings(data, given["marks"]),
        "archive": given["archives"],
        "status": given["status_reads"],
    }


def readings(data: Data, marks: Decimal) -> dict[str, Decimal]:
    """Return how often the paths run that marks as read decide.

    A message with a payment has its arrival counted, or its rejection, and its reading.
    """
    payment = data.assumptions["payment_share"]
    return {
        "mark": marks * (1 - payment),
        "mark payment": marks * payment,
        "count event": payment * (1 + marks),
    }


def path_units(data: Data, run: PathRun) -> dict[str, Decimal]:
    """Return the RU of a path by container."""
    found: dict[str, Decimal] = {}
    for call in run.documents:
        found[call.container] = found.get(call.container, ZERO) + request_units(data, call)
    return found


def usage(data: Data, paths: Paths, share: dict[str, Decimal] | None = None) -> Usage:
    """Sum the paths, each as often as `share` says (by default as the traffic is assumed)."""
    units: dict[str, Decimal] = {}
    executions: dict[str, Decimal] = {}
    operations = queues = replies = ZERO
    for name, weight in (share or weights(data)).items():
        run = paths[name]
        for container, charge in path_units(data, run).items():
            units[container] = units.get(container, ZERO) + weight * charge
        executions[run.function] = executions.get(run.function, ZERO) + weight
        operations += weight * (len(run.documents) + len(run.queues))
        queues += weight * len(run.queues)
        replies += weight * run.reply_bytes
    return Usage(units, executions, operations, queues, replies)
