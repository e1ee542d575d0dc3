"""Endpoints of statistics for senders: counts of payment messages by day."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Annotated, Any, Final

from pydantic import Field, WithJsonSchema

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, File
from functions.http.contract.policies import Senders
from functions.http.parameters.values import Day
from lib.domain.services.service import Group, Sender, check_whole_service
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.statistics.errors import InvalidPeriodError
from lib.domain.statistics.statistics import LEAST_SHOWN, MAX_DAYS, Counts
from lib.use_cases.statistics.read_payment_statistics import PaymentStatistics

READERS = Senders(frozenset((Group.MESSAGE_READ,)), check=check_whole_service)
_CSV_HEADERS: Final = {"Recapito-Least-Shown": str(LEAST_SHOWN)}
CSV = "text/csv; charset=utf-8"
TOTAL = "total"

Count = Annotated[int | None, WithJsonSchema({"type": ["integer", "null"], "minimum": 0})]
ByStep = Annotated[
    dict[str, int] | None,
    WithJsonSchema(
        {"type": ["object", "null"], "additionalProperties": {"type": "integer", "minimum": 0}}
    ),
]


class PeriodQuery(Model):
    """The first and the last day of the period in Italy; both are included."""

    first: Annotated[
        Day | None,
        Field(
            alias="from",
            description="The first day of the period, in Europe/Rome. By default it is 29 days "
            "before `to`.",
        ),
    ] = None
    last: Annotated[
        Day | None,
        Field(
            alias="to",
            description="The last day of the period, in Europe/Rome; it is included. By default "
            "it is today.",
        ),
    ] = None


class PaymentCounts(Model):
    """Counts of messages that ask for a payment; null for a count that is hidden.

    `sent`: messages that reached the inbox and messages that did not. `read`: first openings.
    `reminded`: reminders; a message may have several. `paid`, `reversed`: each message counts once.
    `paid_after`: `paid` by the last reminder that was sent before; NONE: without a reminder.
    """

    sent: Annotated[
        Count,
        says(
            "How many messages with a payment were processed, delivered or not. Null: the number "
            "is hidden, since so few messages could identify a citizen."
        ),
    ]
    reached: Annotated[
        Count,
        says(
            "How many of them reached the inbox. Null: the number is hidden, since so few messages "
            "could identify a citizen."
        ),
    ]
    not_reached: Annotated[
        Count,
        says(
            "How many of them were rejected. Null: the number is hidden, since so few messages "
            "could identify a citizen."
        ),
    ]
    read: Annotated[
        Count,
        says(
            "How many were read for the first time. Null: the number is hidden, since so few "
            "messages could identify a citizen."
        ),
    ]
    reminded: Annotated[
        Count,
        says(
            "How many reminders were sent; a message may have several. Null: the number is hidden, "
            "since so few messages could identify a citizen."
        ),
    ]
    paid: Annotated[
        Count,
        says(
            "How many were paid; each message counts once. Null: the number is hidden, since so "
            "few messages could identify a citizen."
        ),
    ]
    reversed: Annotated[
        Count,
        says(
            "How many had their payment taken back; each message counts once. Null: the number is "
            "hidden, since so few messages could identify a citizen."
        ),
    ]
    paid_after: Annotated[
        ByStep,
        says(
            "How many were paid, by the last reminder that was sent before; NONE: without a "
            "reminder. Null: the number is hidden, since so few messages could identify a citizen."
        ),
    ]


class PaymentCountsOfDay(PaymentCounts):
    """The counts of one day, also of messages that were sent before."""

    day: Annotated[
        date, says("The day on which it happened, in Europe/Rome, whenever the message was sent.")
    ]


class PaymentStatisticsAnswer(Model):
    """The counts of each day of the period, and the sums of the counts that are shown."""

    days: Annotated[
        list[PaymentCountsOfDay], says("The counts of each day of the period, the earliest first.")
    ]
    totals: Annotated[
        PaymentCounts,
        says(
            "The sums of the counts that are shown. They are lower than the truth by the counts "
            "that are hidden."
        ),
    ]
    least_shown: Annotated[
        int,
        says(
            "The least count that is shown: a lower one is hidden (null), since so few messages "
            "could identify a citizen."
        ),
    ] = LEAST_SHOWN


async def _statistics(call: Call[Sender, None, PeriodQuery]) -> PaymentStatistics:
    query, service_id = call.query, call.caller.service.id
    return await call.app.statistics.read_payments(service_id, query.first, query.last)


async def _json(call: Call[Sender, None, PeriodQuery]) -> Answer:
    found = await _statistics(call)
    days = [PaymentCountsOfDay(day=day, **asdict(counts)) for day, counts in found.days.items()]
    answer = PaymentStatisticsAnswer(days=days, totals=PaymentCounts(**asdict(found.totals)))
    return Answer(200, answer, nulls=True)


async def _csv(call: Call[Sender, None, PeriodQuery]) -> Answer:
    found = await _statistics(call)
    text = io.StringIO()
    csv.writer(text).writerows(_rows(found))
    name = f"payments-{min(found.days)}-{max(found.days)}.csv"
    return Answer(200, File(text.getvalue().encode(), CSV, name), _CSV_HEADERS)


def _rows(found: PaymentStatistics) -> Iterator[list[Any]]:
    """Yield the header, the days and the totals; the cell of a hidden count is empty.

    Every cell is a number, a day or a fixed word, which no spreadsheet takes for a formula.
    """
    steps = list(found.totals.paid_after or ())
    plain = [name for name in PaymentCounts.model_fields if name != "paid_after"]
    yield ["day", *plain, *(f"paid_after_{step}" for step in steps)]
    rows: list[tuple[str, Counts]] = [(day.isoformat(), one) for day, one in found.days.items()]
    for name, counts in (*rows, (TOTAL, found.totals)):
        after = counts.paid_after
        by_step = [None if after is None else after.get(step, 0) for step in steps]
        yield [name, *(getattr(counts, one) for one in plain), *by_step]


read_payment_statistics = Endpoint(
    name="read_payment_statistics",
    is_ours=True,
    method="GET",
    path="/api/v1/dashboard/payments",
    summary="Read how many of your payment messages were read and paid",
    description=(
        f"Counts by day, for up to {MAX_DAYS} days of the last three years. A count of 1 to "
        f"{LEAST_SHOWN - 1} is hidden (null); so are 0 in `read` and `reminded`, and each count "
        "from which a hidden one could be computed: `sent` with either of its parts, and all of "
        "`paid_after` with any of its parts. The totals add up the visible counts alone, so they "
        "may be too low, and are null where all counts are hidden. A count belongs to the day of "
        "the event, not of the message, and may be a minute late. The counts are those of the "
        "whole service: the key of an intermediary is refused."
    ),
    tag="sender",
    policy=READERS,
    query=PeriodQuery,
    handler=_json,
    answers={200: PaymentStatisticsAnswer},
    refusals=(InvalidPeriodError,),
)

read_payment_statistics_csv = replace(
    read_payment_statistics,
    name="read_payment_statistics_csv",
    path="/api/v1/dashboard/payments.csv",
    summary="Download the payment counts as a CSV table",
    description=(
        "The counts of `/api/v1/dashboard/payments` as CSV (RFC 4180): a row for each day, then "
        "the row `total`. The cell of a hidden count is empty. The header Recapito-Least-Shown has "
        "the least count that is shown."
    ),
    handler=_csv,
    answers={200: CSV},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_payment_statistics, read_payment_statistics_csv)
