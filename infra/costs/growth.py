"""What is stored, from the documents' measured sizes and the times they live."""

from dataclasses import dataclass
from decimal import Decimal

from infra.costs.data import Data
from infra.costs.paths import Paths
from lib.ports.documents import Container
from lib.schema import DAY, DEAD_LETTERS, DELIVERIES, IDEMPOTENCY_KEYS, MESSAGES
from lib.settings import Settings

GIGABYTE = 1024**3
YEAR = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """Documents of one kind: stored bytes for each message sent, and for how many days.

    `days` is None for what stays for ever.
    """

    name: str
    bytes: Decimal
    days: Decimal | None


def last_size(paths: Paths, path: str, container: Container) -> int:
    """Return the stored bytes of the container's document as the path left it."""
    sizes = [call.sizes for call in paths[path].documents if call.container == container.name]
    return sizes[-1][0]


def kept(data: Data, paths: Paths) -> tuple[Kept, ...]:
    """Return what the average message leaves behind, before the index."""
    given = data.assumptions
    rejected = given["rejected_share"]
    shares = {"due": given["due_date_share"], "payment": given["payment_share"]}
    shares["plain"] = 1 - sum(shares.values(), Decimal(0))
    delivered = sum(
        share * last_size(paths, f"fan out {content}", MESSAGES)
        for content, share in shares.items()
    )
    retention = Settings.model_fields["rejected_retention_days"].default
    return (
        Kept("messages", (1 - rejected) * delivered, None),
        Kept(
            "rejected messages",
            rejected * last_size(paths, "fan out rejected", MESSAGES),
            Decimal(retention),
        ),
        Kept(
            "deliveries",
            (1 - rejected) * last_size(paths, "notify", DELIVERIES),
            Decimal(DELIVERIES.default_ttl or 0) / DAY,
        ),
        Kept(
            "idempotency keys",
            given["idempotency_share"] * last_size(paths, "submit plain, key", IDEMPOTENCY_KEYS),
            Decimal(IDEMPOTENCY_KEYS.default_ttl or 0) / DAY,
        ),
    )


def stored_gb(data: Data, one: Kept, messages: Decimal, years: Decimal) -> Decimal:
    """Return the GB, index included, after so many years of `messages` a year."""
    days = years * YEAR if one.days is None else min(years * YEAR, one.days)
    bytes_ = one.bytes * messages * days / YEAR
    return bytes_ * (1 + data.assumptions["index_share"]) / GIGABYTE


def all_stored_gb(data: Data, paths: Paths, messages: Decimal, years: Decimal) -> Decimal:
    """Return the GB of everything after so many years."""
    return sum((stored_gb(data, one, messages, years) for one in kept(data, paths)), Decimal(0))


def dead_letter_bytes(paths: Paths) -> int:
    """Return the stored bytes of a dead letter."""
    return last_size(paths, "dead letter", DEAD_LETTERS)
