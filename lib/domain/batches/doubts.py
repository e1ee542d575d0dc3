"""Reasons to ask the sender again before a checked batch is sent."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

MANY: Final = 1000
"""The rows from which a batch may be unusually large."""
TIMES_THE_USUAL: Final = 5
REPEATED_SHARE: Final = 0.1

UNUSUALLY_LARGE: Final = "UNUSUALLY_LARGE"
SENT_BEFORE: Final = "SENT_BEFORE"
TEST_TEXT: Final = "TEST_TEXT"
UNUSED_PAYMENT_COLUMNS: Final = "UNUSED_PAYMENT_COLUMNS"

_KNOWN_PAYMENT: Final = ("ALREADY_SENT", "ALREADY_PAID", "CANCELLED")
_TEST_WORDS: Final = re.compile(
    r"\b(test|prova|testo di prova|lorem ipsum|asdf\w*|xxx+|todo|tbd)\b", re.IGNORECASE
)


def doubts_about(
    rows: int,
    usual: Iterable[int],
    counts: Mapping[str, int],
    texts: Iterable[str],
    unused: Collection[str] = (),
) -> Iterator[str]:
    """Yield the reasons to ask.

    `usual`: the rows of the service's earlier batches. `counts`: the rows by expected outcome.
    `texts`: the subjects and texts, in each language. `unused`: the columns that speak of a
    payment, and that nothing uses.
    """
    largest = max(usual, default=None)
    if largest is not None and rows >= MANY and rows > TIMES_THE_USUAL * largest:
        yield UNUSUALLY_LARGE
    repeated = sum(counts.get(reason, 0) for reason in _KNOWN_PAYMENT)
    if repeated and repeated >= REPEATED_SHARE * rows:
        yield SENT_BEFORE
    if any(_TEST_WORDS.search(text) for text in texts):
        yield TEST_TEXT
    if unused:
        yield UNUSED_PAYMENT_COLUMNS
