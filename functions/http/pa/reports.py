"""Endpoints of reports for senders: messages by day and status, as JSON and CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, File
from functions.http.pa.messages import READERS
from functions.http.pa.statistics import CSV, TOTAL, PeriodQuery
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.statistics.errors import InvalidPeriodError
from lib.domain.statistics.statistics import MAX_DAYS
from lib.use_cases.messages.sent.report_sent import SentReport


def _flag(value: object) -> object:
    return {"true": True, "false": False}.get(str(value), str(value))


class CsvQuery(PeriodQuery):
    """The period, and the form of the table."""

    bom: Annotated[
        Annotated[bool, Field(strict=True), BeforeValidator(_flag)],
        says("Whether the table begins with a byte order mark, by which Excel knows UTF-8."),
    ] = False


class MessageCounts(Model):
    """Counts of messages by their present status."""

    sent: Annotated[
        int,
        says(
            "How many messages were accepted and are not scheduled any more."
            " It is the sum of the next four."
        ),
    ]
    accepted: Annotated[int, says("How many of them still wait to be processed.")]
    processed: Annotated[int, says("How many of them reached the inbox.")]
    rejected: Annotated[int, says("How many of them were rejected.")]
    failed: Annotated[int, says("How many of them could not be processed.")]
    scheduled: Annotated[int, says("How many messages wait for their set time.")]


class MessageCountsOfDay(MessageCounts):
    """The counts of the messages that were accepted on one day."""

    day: Annotated[date, says("The day on which the messages were accepted, in Europe/Rome.")]


class MessageReportAnswer(Model):
    """The counts of each day of the period, and their sums."""

    days: Annotated[
        list[MessageCountsOfDay], says("The counts of each day of the period, the earliest first.")
    ]
    totals: Annotated[MessageCounts, says("The sums of the counts of all days.")]


async def _report(call: Call[Sender, None, Any]) -> SentReport:
    query = call.query
    return await call.app.messages.report_sent(call.caller, query.first, query.last)


async def _json(call: Call[Sender, None, PeriodQuery]) -> Answer:
    found = await _report(call)
    days = [MessageCountsOfDay(day=day, **asdict(counts)) for day, counts in found.days.items()]
    return Answer(200, MessageReportAnswer(days=days, totals=MessageCounts(**asdict(found.totals))))


async def _csv(call: Call[Sender, None, Any]) -> Answer:
    query: CsvQuery = call.query
    found = await _report(call)
    text = io.StringIO()
    csv.writer(text).writerows(_rows(found))
    name = f"messages-{min(found.days)}-{max(found.days)}.csv"
    encoding = "utf-8-sig" if query.bom else "utf-8"
    return Answer(200, File(text.getvalue().encode(encoding), CSV, name))


def _rows(found: SentReport) -> Iterator[list[Any]]:
    """Yield the header, the days and the totals.

    Every cell is a number, a day or a fixed word, which no spreadsheet takes for a formula.
    """
    names = list(MessageCounts.model_fields)
    yield ["day", *names]
    for day, counts in (*found.days.items(), (TOTAL, found.totals)):
        yield [day, *(getattr(counts, name) for name in names)]


read_message_report = Endpoint(
    name="read_message_report",
    is_ours=True,
    method="GET",
    path="/api/v1/reports/messages",
    summary="Read how many messages you sent, by day and status",
    description=(
        f"Counts for up to {MAX_DAYS} days of the last three years. A message counts on the day "
        "of its acceptance, a scheduled message on the day of its set time, in its present status. "
        "A message is counted when it was processed, "
        "and otherwise a few seconds after its acceptance. The key of the service counts all "
        "messages of the service, the key of an intermediary only those that the intermediary sent."
    ),
    tag="sender",
    policy=READERS,
    query=PeriodQuery,
    handler=_json,
    answers={200: MessageReportAnswer},
    refusals=(InvalidPeriodError,),
)

read_message_report_csv = replace(
    read_message_report,
    name="read_message_report_csv",
    path="/api/v1/reports/messages.csv",
    summary="Download the counts of sent messages as a CSV table",
    description=(
        "The counts of `/api/v1/reports/messages` as CSV (RFC 4180) in UTF-8: a row for each day, "
        "then the row `total`."
    ),
    query=CsvQuery,
    handler=_csv,
    answers={200: CSV},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_message_report, read_message_report_csv)
