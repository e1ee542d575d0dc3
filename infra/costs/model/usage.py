"""Compute the usage of the average message: measured paths, weighted by assumed traffic."""

from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import HTTP, PathRun, Paths
from infra.costs.model.data import Data
from infra.costs.model.request_units import request_units

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of one message; each value is a mean.

    `units` is RU by container; `asked` is the part of them that HTTP requests use, while a client
    waits. `executions` is by function (all HTTP functions are `http`). `operations` counts
    operations on documents and on queues, `blob_writes` and `blob_reads` those of the blob store.
    """

    units: dict[str, Decimal]
    asked: dict[str, Decimal]
    executions: dict[str, Decimal]
    operations: Decimal
    queue_operations: Decimal
    reply_bytes: Decimal
    blob_writes: Decimal = ZERO
    blob_reads: Decimal = ZERO

    @property
    def all_units(self) -> Decimal:
        """Return the RU of all containers."""
        return sum(self.units.values(), ZERO)

    @property
    def all_executions(self) -> Decimal:
        """Return the executions of all functions."""
        return sum(self.executions.values(), ZERO)


def contents(data: Data) -> dict[str, Decimal]:
    """Return the shares of messages by their content."""
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
        "e-mail": given["email_share"] * notices(data),
        "profile": given["app_starts"],
        "register device": given["app_starts"],
        "inbox": given["reads"],
        "open": given["opens"],
        **readings(data, given["marks"]),
        "archive": given["archives"],
        "status": given["status_reads"],
        "choose": given["choices"],
        **in_background(data),
        **later(data),
    }


def in_background(data: Data) -> dict[str, Decimal]:
    """Return how often the paths run that follow the calls of senders, for one message.

    At low rates each accepted message is looked up alone in the list of sent messages. Calls are
    counted as if each sender sent in bursts; a sender of few calls has no report at all.
    """
    given = data.assumptions
    reports = (1 + given["status_reads"]) / given["calls_of_a_report"]
    first = reports * given["first_reports_share"]
    return {
        "list accepted": Decimal(1),
        "first report of calls": first,
        "report calls": reports - first,
    }


def reminders(data: Data) -> Decimal:
    """Return the mean number of reminders of a message, if no payment ends them."""
    given = data.assumptions
    return given["payment_share"] * (1 - given["rejected_share"]) * given["reminders_of_a_notice"]


def notices(data: Data) -> Decimal:
    """Return the notifications of a message on one channel, with those of its reminders."""
    return 1 - data.assumptions["rejected_share"] + reminders(data)


def events(data: Data) -> Decimal:
    """Return the number of a message's events that its sender's statistics count."""
    given = data.assumptions
    paid = given["payment_share"] * (1 - given["rejected_share"]) * given["payment_events"]
    return given["payment_share"] * (1 + given["marks"]) + reminders(data) + paid


def later(data: Data) -> dict[str, Decimal]:
    """Return how often the later paths, such as reminders, run for one message."""
    given = data.assumptions
    paid = given["payment_share"] * (1 - given["rejected_share"])
    return {
        "dispatch reminder": reminders(data),
        "process_due_reminder": reminders(data),
        "payment info": paid * given["payment_looks"],
        "pay": paid * given["payment_events"],
        "record payment": paid * given["payment_events"],
        "hold back": given["held_share"],
        "dispatch digest": given["held_share"],
        "digest": given["held_share"],
        "submit notice": given["instalment_share"] / 2,
        "dispatch instalment": given["instalment_share"],
        "instalment": given["instalment_share"],
        "plan fold": given["plans_of_a_fold"] / given["messages_of_a_fold"],
        "dispatch fold": 1 / given["messages_of_a_fold"],
        "fold week": 1 / given["messages_of_a_fold"],
    }


def readings(data: Data, marks: Decimal) -> dict[str, Decimal]:
    """Return how often the paths run that depend on the share of messages marked as read."""
    payment = data.assumptions["payment_share"]
    return {
        "mark": marks * (1 - payment),
        "mark payment": marks * payment,
    }


def path_units(data: Data, run: PathRun) -> dict[str, Decimal]:
    """Return the RU of a path by container."""
    found: dict[str, Decimal] = {}
    for call in run.documents:
        found[call.container] = found.get(call.container, ZERO) + request_units(data, call)
    return found


def usage(data: Data, paths: Paths, share: dict[str, Decimal] | None = None) -> Usage:
    """Add all paths, each weighted by `share` (by default the assumed traffic)."""
    units: dict[str, Decimal] = {}
    asked: dict[str, Decimal] = {}
    executions: dict[str, Decimal] = {}
    operations = queues = replies = writes = reads = ZERO
    shares = share or weights(data)
    for name, run in paths.items():
        # an execution that a path causes runs as often as the path
        weight = shares.get(name.partition(" > ")[0], ZERO)
        if not weight:
            continue
        for container, charge in path_units(data, run).items():
            units[container] = units.get(container, ZERO) + weight * charge
            if run.function == HTTP:
                asked[container] = asked.get(container, ZERO) + weight * charge
        if run.function:
            executions[run.function] = executions.get(run.function, ZERO) + weight
        operations += weight * (len(run.documents) + len(run.queues))
        queues += weight * len(run.queues)
        replies += weight * run.reply_bytes
        writes += weight * run.blobs.count("put")
        reads += weight * run.blobs.count("get")
    return Usage(units, asked, executions, operations, queues, replies, writes, reads)
