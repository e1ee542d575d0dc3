"""Compute costs without messages: timers, polls, availability tests, alerts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from functions.declared import TIMERS
from infra.azure.declarations import queue_names
from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.deployment import Deployment
from infra.costs.model.request_units import request_units
from infra.costs.model.traffic import HOURS_A_YEAR, SECONDS_A_YEAR, alive_seconds_a_year
from infra.costs.model.usage import ZERO, Usage
from infra.local.timers.ncrontab import parse_expression

_SOMEDAY = datetime(2027, 1, 4, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Ticks:
    """The runs of the timers in a year."""

    runs: Decimal
    units: dict[str, Decimal]
    """RU by container."""


def ticks(data: Data, paths: Paths) -> Ticks:
    """Return a year's runs of all timers that find nothing to do: 365 times those of a day."""
    runs, units = ZERO, dict[str, Decimal]()
    for timer in TIMERS:
        expression, moment, count = parse_expression(timer.ncrontab), _SOMEDAY, 0
        while (moment := expression.next_after(moment)) <= _SOMEDAY + timedelta(days=1):
            count += 1
        a_year = Decimal(count * 365)
        runs += a_year
        for call in paths[f"tick {timer.name}"].documents:
            used = a_year * request_units(data, call)
            units[call.container] = units.get(call.container, ZERO) + used
    return Ticks(runs, units)


def looks(deployment: Deployment) -> Decimal:
    """Return the runs of the availability test in a year."""
    if not deployment.has("withAvailabilityTest"):
        return ZERO
    places = deployment.count("availabilityLocations")
    return places * SECONDS_A_YEAR / deployment.number("availabilitySeconds")


def polls(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the requests to queues that find no item.

    The scale controller polls each queue every few seconds, all year. An instance of a queue
    function polls its own queue while it is alive: while it works, and for some minutes after.
    """
    given = data.assumptions
    asked = len(queue_names()) * SECONDS_A_YEAR / given["scale_seconds"]
    alive = alive_seconds_a_year(data, usage, messages, given["idle_seconds"])
    return asked + alive / given["poll_seconds"]


def monitoring(data: Data, deployment: Deployment) -> Decimal:
    """Return the euro a year of alert rules and availability tests."""
    given, euro = data.assumptions, data.euro
    quarterly = deployment.has("quarterHourlyAlerts")
    if quarterly:
        queries = (given["alerts_often"] + given["alerts_seldom"]) * euro("log_alert_15_minutes")
    else:
        queries = given["alerts_often"] * euro("log_alert_5_minutes")
        queries += given["alerts_seldom"] * euro("log_alert_10_minutes")
    # in both sets the alert on telemetry's daily cap is evaluated four times an hour
    queries += euro("log_alert_15_minutes")
    series = given["metric_series_always"] + bool(looks(deployment))
    if deployment["cosmosMode"] == "autoscale":
        series += given["metric_series_of_partitions"]
    a_month = queries + series * euro("metric_alert_series_month")
    return 12 * a_month + looks(deployment) * euro("availability_run")


def network(data: Data, deployment: Deployment, gigabytes: Decimal) -> Decimal:
    """Return the euro a year of the private network and of the traffic through its endpoints."""
    if not deployment.has("withPrivateNetwork"):
        return ZERO
    given, euro = data.assumptions, data.euro
    a_month = given["private_endpoints"] * euro("private_endpoint_month")
    a_month += given["private_zones"] * euro("private_zone_month")
    return 12 * a_month + gigabytes * euro("private_link_gb")


def gateway(data: Data, deployment: Deployment) -> Decimal:
    """Return the euro a year of one unit of API Management."""
    return 12 * data.euro("api_management_month") if deployment.has("withGateway") else ZERO


def hub(data: Data, deployment: Deployment, pushes: Decimal) -> Decimal:
    """Return the euro a year of the Notification Hub, with the pushes spread evenly over months."""
    if not deployment.has("withNotificationHub"):
        return ZERO
    tier = deployment["hubTier"].lower()
    if tier == "free":
        return ZERO
    millions = pushes / 12 / 1_000_000
    beyond = max(ZERO, millions - data.limits["hub_pushes_included_millions"])
    first = min(beyond, data.limits["hub_pushes_first_step_millions"])
    a_month = data.euro(f"hub_{tier}_month") + first * data.euro(f"hub_{tier}_million")
    a_month += (beyond - first) * data.euro("hub_standard_million_beyond")
    return 12 * a_month


def ready(data: Data, deployment: Deployment) -> Decimal:
    """Return the euro a year of idle always-ready instances."""
    seconds = deployment.count("alwaysReady") * HOURS_A_YEAR * 3600
    gigabytes = deployment.number("instanceMemoryMB") / 1024
    return seconds * gigabytes * data.euro("functions_ready_gb_second")
