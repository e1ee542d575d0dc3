"""The containers of operations: what failed, and what a person must settle."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, ByField, ByStep, Container, NamesNobody

DOUBTFUL_CLAIMS = Container(
    "doubtful-claims",
    partition_key="status",
    composite=(("id",),),
    default_ttl=90 * DAY_SECONDS,
    in_background=True,
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
DEAD_LETTERS = Container(
    "dead-letters",
    partition_key="queue",
    indexed=("failed_at",),
    composite=(("failed_at",),),
    default_ttl=90 * DAY_SECONDS,
    erasure=ByStep("letters"),
)
OPERATORS_LOG_DAYS: Final = 365
OPERATORS_LOG = Container(
    "operators-log",
    partition_key="month",
    indexed=("operation",),
    composite=(("id",),),
    narrowing=("operation",),
    default_ttl=OPERATORS_LOG_DAYS * DAY_SECONDS,
    erasure=NamesNobody("operators by their subscriptions, and queues, services and organisations"),
)

CONTAINERS: Final = (
    DOUBTFUL_CLAIMS,
    DEAD_LETTERS,
    OPERATORS_LOG,
)
