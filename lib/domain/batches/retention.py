"""How long a batch may be open, and how long its files are kept.

The files are the list, the rows, their problems and their results: all that names citizens. The
batch itself names none, and is kept for as long as its container says.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lib.domain.batches.batch import LONGEST_LIFE, Batch
from lib.domain.batches.status import UNSENT
from lib.domain.shared.values import parse_timestamp, timestamp

UNSENT_LIFE: Final = timedelta(days=30)
"""The time after its last change after which a batch that nobody sends is cancelled."""
PARTS_LIFE: Final = timedelta(days=7)
"""The time to complete a list that is uploaded in parts."""


def expiry_of(batch: Batch, kept: timedelta) -> datetime:
    """Return when the batch expires as it is now; `kept`: how long files are kept after its end.

    A recall needs the files, and its sender the results, so its request counts as the end.
    """
    if batch.recall is not None:
        return parse_timestamp(batch.recall.asked_at) + kept
    if batch.ended_at is not None:
        return parse_timestamp(batch.ended_at) + kept
    if batch.status in UNSENT:
        return parse_timestamp(batch.changed_at) + UNSENT_LIFE
    return parse_timestamp(batch.created_at) + LONGEST_LIFE


def expired(batch: Batch, kept: timedelta, now: datetime) -> Batch:
    """Return the batch whose time has come without its files; another batch is unchanged.

    A batch that is still to be sent never loses its rows: it is cancelled, and they stay for as
    long as those of any batch that has ended.
    """
    if batch.expired_at is not None or expiry_of(batch, kept) > now:
        return batch
    if batch.is_ended:
        return replace(batch, expired_at=timestamp(now))
    after = batch.cancelled(now)
    return replace(after, expired_at=timestamp(now)) if batch.status in UNSENT else after
