"""The columns of a file of recipients: their names, and their places in a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Literal

from lib.domain.batches.column_names import (
    NUMBERED,
    OF_INSTALMENTS,
    OTHER_NAMES,
    own_name,
    plain_name,
)
from lib.domain.batches.recipients.problem import MAX_COLUMNS
from lib.domain.payment_notices.notice_request import MAX_INSTALMENTS

MAX_NAME: Final = 100
"""The most characters of the name of a column."""
NOWHERE: Final = -1
"""The place of a column that the file does not have: each row of cells ends in an empty one."""

_OWN: Final = frozenset(
    {
        *OTHER_NAMES.values(),
        "amount",
        "invalid_after_due_date",
        "payee_fiscal_code",
    }
)

LayoutCode = Literal["DUPLICATE_COLUMN", "INSTALMENTS", "TOO_LONG", "TOO_MANY_COLUMNS"]


class LayoutError(Exception):
    """The columns contradict each other. `column`: as its sender named it, "" for all."""

    def __init__(self, code: LayoutCode, column: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.message = message


@dataclass(frozen=True, slots=True)
class SumPlaces:
    """The places of the columns of one sum: the whole sum (`number` 0), or an instalment."""

    number: int
    notice_number: int
    amount: int
    amount_euro: int
    due_date: int

    def name_of(self, column: str) -> str:
        """Return the name of a column of this sum; the amount is in the one that the file has."""
        if column == "amount" and self.amount == NOWHERE != self.amount_euro:
            column = "amount_euro"
        return f"{column}_{self.number}" if self.number else column


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the columns in a row of cells.

    `written`: the names as the sender wrote them. `names`: as `plain_name` returns them, in
    Recapito's words; "" for a column without a name, which is ignored. `in_order`: takes the cells
    in an order that does not depend on the file's.
    """

    written: tuple[str, ...]
    names: tuple[str, ...]
    fiscal_code: int
    reference: int
    whole: SumPlaces
    invalid_after_due_date: int
    payee: int
    instalments: tuple[SumPlaces, ...]
    placeholders: tuple[tuple[str, int], ...]
    has_payments: bool
    in_order: Callable[[Sequence[str]], tuple[str, ...]]

    def column(self, name: str) -> str:
        """Return the sender's own name of a column, for a problem."""
        return self.written[self.names.index(name)] if name in self.names else name


def layout_of(written: Sequence[str]) -> Layout:
    """Return the layout of a header row, or of the members of a JSON object. Raise LayoutError."""
    if len(written) > MAX_COLUMNS:
        raise LayoutError(
            "TOO_MANY_COLUMNS", "", f"has {len(written)} columns; at most {MAX_COLUMNS} are allowed"
        )
    places: dict[str, int] = {}
    for place, column in enumerate(written):
        if len(column) > MAX_NAME:
            raise LayoutError(
                "TOO_LONG",
                "",
                f"the name of column {place + 1} is longer than {MAX_NAME} characters",
            )
        name = own_name(plain_name(column))
        if name and places.setdefault(name, place) != place:
            first = written[places[name]]
            raise LayoutError(
                "DUPLICATE_COLUMN",
                column,
                f"stands for the same as column {places[name] + 1}"
                + ("" if first == column else f" ({first})"),
            )
    return _layout(written, places)


def is_unknown(name: str) -> bool:
    """Tell whether a column of this name, in Recapito's words, has no meaning but for the text."""
    numbered = NUMBERED.fullmatch(name)
    return name not in _OWN and (numbered is None or numbered[1] not in OF_INSTALMENTS)


def _layout(written: Sequence[str], places: dict[str, int]) -> Layout:
    at = {place: name for name, place in places.items()}
    instalments = _instalments(places)
    of_sums = {f"{column}_{sum_.number}" for sum_ in instalments for column in OF_INSTALMENTS}
    placeholders = tuple(
        (name, place) for name, place in places.items() if name not in _OWN | of_sums
    )
    order = [places[name] for name in sorted(places)]
    return Layout(
        written=tuple(written),
        names=tuple(at.get(place, "") for place in range(len(written))),
        fiscal_code=places.get("fiscal_code", NOWHERE),
        reference=places.get("reference", NOWHERE),
        whole=_sum_places(places, 0),
        invalid_after_due_date=places.get("invalid_after_due_date", NOWHERE),
        payee=places.get("payee_fiscal_code", NOWHERE),
        instalments=instalments,
        placeholders=placeholders,
        has_payments=bool(instalments)
        or not (_OWN - {"fiscal_code", "reference"}).isdisjoint(at.values()),
        # two places at least, so that the getter returns a tuple
        in_order=itemgetter(*order, NOWHERE, NOWHERE),
    )


def _instalments(places: dict[str, int]) -> tuple[SumPlaces, ...]:
    numbers = {
        int(found[2])
        for name in places
        if (found := NUMBERED.fullmatch(name)) and found[1] in OF_INSTALMENTS
    }
    if not numbers:
        return ()
    if min(numbers) < 1 or max(numbers) > MAX_INSTALMENTS:
        raise LayoutError(
            "INSTALMENTS", "", f"instalments are numbered from 1 to {MAX_INSTALMENTS}"
        )
    return tuple(_sum_places(places, number) for number in range(1, max(numbers) + 1))


def _sum_places(places: dict[str, int], number: int) -> SumPlaces:
    suffix = f"_{number}" if number else ""
    return SumPlaces(
        number,
        places.get(f"notice_number{suffix}", NOWHERE),
        places.get(f"amount{suffix}", NOWHERE),
        places.get(f"amount_euro{suffix}", NOWHERE),
        places.get(f"due_date{suffix}", NOWHERE),
    )
