"""The containers of batches."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, ByStep, Container, NamesNobody

BATCHES = Container(
    "batches",
    partition_key="service_id",
    indexed=("sender_user_id", "status"),
    composite=(("id",), ("sender_user_id", "id"), ("status", "id")),
    # a timer finds batches that stopped
    swept=("status",),
    default_ttl=366 * DAY_SECONDS,
    erasure=NamesNobody("texts and counts of batches"),
)
BATCH_CHUNKS = Container(
    "batch-chunks",
    partition_key="batch_id",
    indexed=("done_at",),
    composite=(("id",),),
    default_ttl=366 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("counts of chunks"),
)
BATCH_FILES = Container(
    "batch-files",
    partition_key="id",
    # a timer finds files whose time has come
    swept=("due_at",),
    erasure=ByStep("citizens_rows"),
)

CONTAINERS: Final = (
    BATCHES,
    BATCH_CHUNKS,
    BATCH_FILES,
)
