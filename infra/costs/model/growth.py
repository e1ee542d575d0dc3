"""Compute stored data from the documents' measured sizes and lifetimes."""

from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.usage import contents, events, notices
from lib.composition.settings import Settings
from lib.ports.documents import DAY_SECONDS, Container
from lib.ports.schema.messages import IDEMPOTENCY_KEYS, MESSAGES, PAYMENTS, STATISTICS
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.use_cases.statistics.count_sender_event import MARK_TTL

GIGABYTE = 1024**3
YEAR = 365


@dataclass(frozen=True, slots=True)
class Kept:
    """Documents of one kind: the stored bytes for each sent message, and the days of storage.

    `days` is None for documents that are kept for ever.
    """

    name: str
    container: str
    bytes: Decimal
    days: Decimal | None


def last_size(paths: Paths, path: str, container: Container) -> int:
    """Return the stored bytes of the container's document after the path."""
    sizes = [call.sizes for call in paths[path].documents if call.container == container.name]
    return sizes[-1][0]


def kept(data: Data, paths: Paths) -> tuple[Kept, ...]:
    """Return the documents that the average message creates, without the index."""
    given = data.assumptions
    rejected = given["rejected_share"]
    delivered = sum(
        (
            share * last_size(paths, f"fan out {content}", MESSAGES)
            for content, share in contents(data).items()
        ),
        Decimal(0),
    )
    retention = Settings.model_fields["rejected_retention_days"].default
    return (
        Kept("messages", MESSAGES.name, (1 - rejected) * delivered, None),
        Kept(
            "rejected messages",
            MESSAGES.name,
            rejected * last_size(paths, "fan out rejected", MESSAGES),
            Decimal(retention),
        ),
        Kept(
            "payments",
            PAYMENTS.name,
            (1 - rejected)
            * contents(data)["payment"]
            * last_size(paths, "fan out payment", PAYMENTS),
            None,
        ),
        Kept(
            "marks of counted events",
            STATISTICS.name,
            events(data) * last_size(paths, "mark payment", STATISTICS),
            Decimal(MARK_TTL) / DAY_SECONDS,
        ),
        Kept(
            "notifications",
            NOTIFICATIONS.name,
            (1 + given["email_share"])
            * notices(data)
            * last_size(paths, "fan out plain", NOTIFICATIONS),
            Decimal(NOTIFICATIONS.default_ttl or 0) / DAY_SECONDS,
        ),
        Kept(
            "idempotency keys",
            IDEMPOTENCY_KEYS.name,
            given["idempotency_share"] * last_size(paths, "submit plain, key", IDEMPOTENCY_KEYS),
            Decimal(IDEMPOTENCY_KEYS.default_ttl or 0) / DAY_SECONDS,
        ),
    )


def stored_gb(data: Data, one: Kept, messages: Decimal, years: Decimal) -> Decimal:
    """Return the GB, index included, after `years` of `messages` a year."""
    days = years * YEAR if one.days is None else min(years * YEAR, one.days)
    bytes_ = one.bytes * messages * days / YEAR
    return bytes_ * (1 + data.assumptions["index_share"]) / GIGABYTE


def by_container(
    data: Data, paths: Paths, messages: Decimal, years: Decimal = Decimal(1)
) -> dict[str, Decimal]:
    """Return the GB by container after `years`."""
    found: dict[str, Decimal] = {}
    for one in kept(data, paths):
        size = stored_gb(data, one, messages, years)
        found[one.container] = found.get(one.container, Decimal(0)) + size
    return found
