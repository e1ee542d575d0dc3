"""The containers of operations: what failed, and what a person must settle."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, ByField, ByStep, Container

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

CONTAINERS: Final = (
    DOUBTFUL_CLAIMS,
    DEAD_LETTERS,
)
