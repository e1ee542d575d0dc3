"""The list of recipients of a batch, and the result of its check."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from lib.domain.batches.estimates.estimate import Estimate
from lib.domain.batches.pace import WHOLE_ROWS

CHUNK_ROWS: Final = 250
"""The most rows of a chunk: a thousand rows already have all turns that a batch has at a time."""
PART_ROWS: Final = WHOLE_ROWS
"""The most rows of a chunk that have one time, and whose results are stored together."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The list of recipients as it was uploaded.

    `number`: 1 for the first list of the batch, one more for each later list. `blob`: the prefix
    of the names of its parts. `size`: in bytes. `sha256`: of all bytes, in hex.
    """

    number: int
    blob: str
    parts: int
    media_type: str
    size: int
    sha256: str

    def numbered(self, number: int) -> "Upload":
        """Return the upload with its number in the batch."""
        return replace(self, number=number)


@dataclass(frozen=True, slots=True)
class Check:
    """The result of the check of an upload.

    `rows`: all rows of the list. `good`: those that can be sent; they are in `chunks` chunks of
    `chunk_rows` rows, the last of which may have fewer; `part_rows`: the most rows of a part.
    `counts`: rows by expected outcome, such as REACHABLE or USER_NOT_FOUND, and by problem.
    `doubts`: the reasons to ask before sending. `source`: what was detected in the file.
    `estimate`: None where no row can be sent.
    """

    rows: int
    good: int
    chunks: int
    counts: Mapping[str, int]
    doubts: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    chunk_rows: int = CHUNK_ROWS
    part_rows: int = PART_ROWS
    estimate: Estimate | None = None

    @property
    def wrong(self) -> int:
        """The number of rows that have a problem and are not sent."""
        return self.rows - self.good
