"""Where many things share one partition key, and how busy the busiest key gets."""

from dataclasses import dataclass
from decimal import Decimal

from infra.costs.data import Data
from infra.costs.growth import GIGABYTE, dead_letter_bytes, kept
from infra.costs.national import a_second, fleets
from infra.costs.paths import Paths
from infra.costs.usage import path_units, usage


@dataclass(frozen=True, slots=True)
class Hot:
    """Where many things share one partition key: RU/s and GB on it, against a limit of each."""

    what: str
    units_a_second: Decimal
    gigabytes: Decimal


def hot_keys(data: Data, paths: Paths) -> list[Hot]:
    """Return the busiest logical partition of each kind."""
    fleet = sum(count for count, _ in fleets(data, paths).values())
    first = path_units(data, paths["submit first of a minute"])
    minute = Decimal(60)
    busiest = data.national["busiest_citizen_messages_year"]
    message = sum(one.bytes for one in kept(data, paths) if one.days is None)
    letters = path_units(data, paths["dead letter"])["dead-letters"] * a_second(data)
    letters_gb = dead_letter_bytes(paths) * data.national["messages"] / GIGABYTE
    used = usage(data, paths).units["messages"]
    return [
        Hot(
            "sender-keys: one sender, asked by every instance once a minute",
            first["sender-keys"] * fleet / minute,
            Decimal(0),
        ),
        Hot("services: the same", first["services"] * fleet / minute, Decimal(0)),
        Hot(
            "idempotency-keys: one key",
            path_units(data, paths["submit plain, key"])["idempotency-keys"],
            Decimal(0),
        ),
        Hot("deliveries: one message", path_units(data, paths["notify"])["deliveries"], Decimal(0)),
        Hot(
            "messages: the busiest citizen, all of a year's messages in one hour",
            used * busiest / 3600,
            message * busiest / GIGABYTE,
        ),
        Hot("dead-letters: one queue, when every item of the send fails", letters, letters_gb),
    ]
