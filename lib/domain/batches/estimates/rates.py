"""The rates at which a service's earlier batches were sent."""

from collections.abc import Iterable, Iterator
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.pace import Pace
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.values import parse_timestamp

FEWEST_ROWS: Final = 500
"""The rows of a batch that tells a rate: a smaller one is over before it has any."""


def observed_rates(earlier: Iterable[Batch]) -> Iterator[float]:
    """Yield the rows of a second of each batch that was sent as fast as possible.

    A pause counts as sending, so the median of the rates is what they tell.
    """
    for batch in earlier:
        check, began, ended = batch.check, batch.began_at, batch.ended_at
        is_whole = batch.status is BatchStatus.FINISHED and batch.pace == Pace()
        if check is None or began is None or ended is None or not is_whole:
            continue
        if check.good >= FEWEST_ROWS:
            seconds = (parse_timestamp(ended) - parse_timestamp(began)).total_seconds()
            yield check.good / max(1.0, seconds)
