"""The recall of a batch: its sender asks for the withdrawal of all its messages."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from lib.domain.batches.errors import BatchStateError
from lib.domain.batches.status import SENT, BatchStatus
from lib.domain.shared.values import timestamp

if TYPE_CHECKING:
    from lib.domain.batches.batch import Batch


class BatchRecall(NamedTuple):
    """The request to withdraw all messages of a batch; times as `values.timestamp` writes them.

    `reason`: the sender's words for citizens who have read their message. `is_cut`: it came before
    each row was sent, so some rows make no message. `subscription_id`, `user_id`: of the key that
    asked for it. `ended_at`: when each row had its final outcome; None before.
    """

    reason: str
    asked_at: str
    is_cut: bool
    subscription_id: str
    user_id: str
    ended_at: str | None = None


def recalled(
    batch: "Batch", reason: str, now: datetime, *, subscription_id: str, user_id: str
) -> "Batch":
    """Return the batch whose messages are withdrawn; unchanged after an earlier request.

    No further row is sent. Raise BatchStateError.
    """
    if batch.recall is not None:
        return batch
    batch.require(SENT, "was not sent: cancel it instead")
    if batch.began_at is None:
        raise BatchStateError(f"the batch is {batch.status}: no row of it was sent")
    if batch.expired_at is not None:
        raise BatchStateError("the rows of the batch are not kept any more")
    at, is_cut = timestamp(now), batch.status is not BatchStatus.FINISHED
    return replace(
        batch,
        status=BatchStatus.WITHDRAWING,
        changed_at=at,
        generation=batch.generation + 1,
        ended_at=batch.ended_at or at,
        recall=BatchRecall(reason, at, is_cut, subscription_id, user_id),
    )


def withdrawn(batch: "Batch", now: datetime) -> "Batch":
    """Return the batch after its last message; unchanged where no recall is under way."""
    if batch.status is not BatchStatus.WITHDRAWING or batch.recall is None:
        return batch
    at = timestamp(now)
    recall = batch.recall._replace(ended_at=at)
    return replace(batch, status=BatchStatus.WITHDRAWN, changed_at=at, recall=recall)
