"""How long a batch takes, and what it costs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from lib.domain.batches.pace import Pace
from lib.domain.messages.checks.cost import MICROCENTS_OF_ROW

ASSUMED_ROWS_A_SECOND: Final = 100
"""About the rows of one small instance; four of them may send a batch."""


class EstimateBasis(StrEnum):
    """The basis of an estimated time.

    PACE: the wanted pace. OBSERVED: the service's earlier batches. ASSUMED: a usual rate, for a
    service without either.
    """

    PACE = "PACE"
    OBSERVED = "OBSERVED"
    ASSUMED = "ASSUMED"


@dataclass(frozen=True, slots=True)
class Estimate:
    """The expected time and cost of sending a batch.

    `seconds`: from the start to the last row, with the hours in which nothing is sent.
    `cost_microcents`: in millionths of a euro cent, for the organisation that runs Recapito.
    """

    seconds: int
    basis: EstimateBasis
    cost_microcents: int


def estimate_of(rows: int, pace: Pace, start: datetime, rates: Sequence[float]) -> Estimate:
    """Return the estimate for a batch that starts at `start`.

    `rates`: the rows of a second of the service's earlier batches, see observed_rates.
    """
    a_second = median(rates) if rates else float(ASSUMED_ROWS_A_SECOND)
    basis = EstimateBasis.OBSERVED if rates else EstimateBasis.ASSUMED
    if pace.rows_per_minute is not None and pace.rows_per_minute <= 60 * a_second:
        a_second, basis = pace.rows_per_minute / 60, EstimateBasis.PACE
    ends = pace.ends(start.astimezone(UTC), timedelta(seconds=rows / a_second))
    return Estimate(math.ceil((ends - start).total_seconds()), basis, rows * MICROCENTS_OF_ROW)
