"""Build the README's tables of comparisons: levers, options and IO."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from infra.costs.measuring.runs import until_delivered
from infra.costs.model.batches import Sending, sendings
from infra.costs.model.bill import bill
from infra.costs.model.data import Data
from infra.costs.model.deployment import Deployment, read_deployment
from infra.costs.model.growth import by_container
from infra.costs.model.request_units import query_units
from infra.costs.model.throughput import MILLION, maxima
from infra.costs.model.traffic import HOURS_A_YEAR, SECONDS_A_YEAR
from infra.costs.model.usage import notices
from infra.costs.tables.layout import Model, euro, number, table


def levers(model: Model) -> str:
    """Show the effect of single inputs on the production set's bill, at the assumed volume."""
    data, messages = model.data, model.data.assumptions["messages"]
    production = read_deployment("production")

    def total(deployment: Deployment = production, inputs: Data = data) -> Decimal:
        one = replace(model, data=inputs)
        return bill(one.data, one.paths, one.usage, messages, deployment).total

    def assuming(**changes: Decimal) -> Decimal:
        return total(inputs=replace(data, assumptions=data.assumptions.changed(changes)))

    def ruled(**changes: Decimal) -> Decimal:
        return total(inputs=replace(data, units=data.units.changed(changes)))

    sizes, least = model.paths["inbox"].documents[0].sizes, data.units["query_document_least"]
    low, high = (query_units(data, sizes, one) for one in (least, data.units["query_document"]))
    options = (
        ("instances of 2,048 MB", total(production.chosen(instanceMemoryMB="2048"))),
        ("a Notification Hub, Standard", total(production.chosen(withNotificationHub="true"))),
        ("the app keeps all of its traces", total(production.chosen(traceRatio="1"))),
        ("the host keeps all of its requests", total(production.chosen(hostTraceRatio="1"))),
        ("no private network", total(production.chosen(withPrivateNetwork="false"))),
        ("API Management, one unit", total(production.chosen(withGateway="true"))),
        ("no availability test", total(production.chosen(withAvailabilityTest="false"))),
        ("backups of 30 days", total(production.chosen(cosmosBackupTier="Continuous30Days"))),
        ("no reminders", assuming(reminders_of_a_notice=Decimal(0))),
        ("no e-mail", assuming(email_share=Decimal(0))),
        ("half as many inbox pages", assuming(reads=data.assumptions["reads"] / 2)),
        ("a peak hour of 10 % of the day", assuming(peak_hour_share=Decimal("0.1"))),
        (
            "work from queues has the same peaks as requests",
            assuming(levelled=data.assumptions["burst"]),
        ),
        (
            f"an inbox page costs {number(low, 1)} RU, not {number(high, 1)}",
            ruled(query_document=least),
        ),
        ("point reads as under Session consistency", ruled(current_read=Decimal(1))),
    )
    now = total()
    rows = [[name, euro(other - now)] for name, other in options]
    return table((f"change, production set at {number(messages)} messages", "euro a year"), rows)


def small_levers(model: Model) -> str:
    """Show the effect of single choices on the small set's bill, at a million messages."""
    small = read_deployment("small")

    def total(deployment: Deployment) -> Decimal:
        return bill(model.data, model.paths, model.usage, Decimal(MILLION), deployment).total

    choices = (
        ("COSMOS_MODE=free, the subscription's one free account", small.chosen(cosmosMode="free")),
        ("WITH_NOTIFICATION_HUB=true, Basic", small.chosen(withNotificationHub="true")),
        (
            "both",
            small.chosen(cosmosMode="free", withNotificationHub="true"),
        ),
        ("COSMOS_ZONE_REDUNDANT=true", small.chosen(cosmosZoneRedundant="true")),
        ("INSTANCE_MEMORY_MB=2048", small.chosen(instanceMemoryMB="2048")),
        ("QUARTER_HOURLY_ALERTS=false", small.chosen(quarterHourlyAlerts="false")),
        (
            "five locations, every 300 seconds: 525,600 tests",
            small.chosen(availabilityLocations="[1, 2, 3, 4, 5]", availabilitySeconds="300"),
        ),
        ("WITH_PRIVATE_NETWORK=true", small.chosen(withPrivateNetwork="true")),
        ("WITH_GATEWAY=true", small.chosen(withGateway="true")),
        ("ALWAYS_READY, one instance for HTTP", small.chosen(alwaysReady="[1]")),
    )
    now = total(small)
    rows = [[name, euro(total(one) - now), euro(total(one))] for name, one in choices]
    return table(("small set, a million messages", "difference", "total"), rows)


def options(model: Model) -> str:
    """Show the options that are in no total, in euro a year at the assumed volume."""
    data, given = model.data, model.data.assumptions
    messages = given["messages"]
    highest = sum(
        maxima(data, model.usage, messages, by_container(data, model.paths, messages)).values()
    )
    fixed = data.euro("cosmos_provisioned_100_ru_hour") * given["zone_factor_provisioned"]
    production = read_deployment("production")
    ours = (production.number("messagesMaxThroughput"), production.number("sharedMaxThroughput"))
    idle = sum(ours) * data.limits["autoscale_floor"] * data.euro("cosmos_autoscale_100_ru_hour")
    ready = Decimal(SECONDS_A_YEAR) / 1024
    mailed = given["email_share"] * notices(data) * messages
    rows = [
        [
            f"{number(highest)} RU/s provisioned all year, instead of autoscale",
            euro(Decimal(highest) / 100 * HOURS_A_YEAR * fixed),
        ],
        [
            f"limits of {number(ours[0])} and {number(ours[1])} RU/s, the default, when idle",
            euro(idle / 100 * HOURS_A_YEAR),
        ],
        *(
            [
                f"an always-ready instance of {number(size)} MB, idle",
                euro(size * ready * data.euro("functions_ready_gb_second")),
            ]
            for size in (Decimal(512), Decimal(2048))
        ),
        *(
            [
                f"the same, {number(size)} MB, additional cost while executing",
                euro(size * ready * data.euro("functions_ready_execution_gb_second")),
            ]
            for size in (Decimal(512), Decimal(2048))
        ),
        [
            f"{number(mailed)} e-mails through Azure's relay",
            euro(mailed / 1000 * data.euro("email_1000")),
        ],
    ]
    return table(("option", "euro a year"), rows)


def batches(model: Model) -> str:
    """Show 1,000 messages that are sent one by one, and as the rows of a batch."""
    volume = Decimal(10 * MILLION)
    both = sendings(model.data, model.paths, volume, read_deployment("production"))

    def row(name: str, value: Callable[[Sending], Decimal], places: int = 0) -> list[str]:
        return [name, *(number(1000 * value(one), places) for one in both)]

    rows = [
        row("RU", lambda one: one.sent.all_units),
        row("operations on documents", lambda one: one.sent.operations - one.sent.queue_operations),
        row("operations on queues", lambda one: one.sent.queue_operations),
        row("operations on blobs", lambda one: one.sent.blob_writes + one.sent.blob_reads),
        row("executions", lambda one: one.sent.all_executions),
        row(
            f"euro with all that follows, production set at {number(volume)} messages a year",
            lambda one: one.total / volume,
            3,
        ),
    ]
    return table(("1,000 messages", "one by one", "in a batch"), rows)


def beside_io(model: Model) -> str:
    """Show operations on documents and queues, of Recapito and of IO's own backend."""

    def count(name: str) -> int:
        run = model.paths[name]
        return len(run.documents) + len(run.queues)

    def row(name: str, theirs: str, ours: int) -> list[str]:
        return [name, str(ours), str(model.data.io[theirs])]

    accept, fan_out = count("submit plain"), model.paths["fan out plain"]
    items = model.data.assumptions["page_items"]
    rows = [
        row("acceptance", "accept", accept),
        # with the receive of the item; the rest of the fan-out comes after the delivery
        row("acceptance and delivery", "seen", accept + 1 + until_delivered(fan_out)),
        row("acceptance, fan-out and push", "push", accept + count("fan out plain")),
        row(f"an inbox page of {items} messages", "inbox", count("inbox")),
    ]
    return table(("operations", "Recapito", "IO"), rows)
