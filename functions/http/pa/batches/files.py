"""Endpoints of the files of a batch: problems by row, and results by row."""

import io
from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, File
from functions.http.pa.batches.batch_views import RowProblemView, problem_view
from functions.http.pa.batches.batches import PATH, BatchIdField
from functions.http.pa.messages import READERS
from lib.domain.batches.csv_text import Cell, csv_text
from lib.domain.batches.errors import BatchExpiredError, BatchNotFoundError
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

CSV = "text/csv"
SHOWN = 100
"""The most problems in a JSON answer; the file has all."""
_ROWS_AT_ONCE = 1_000
_PROBLEM_COLUMNS = ("line", "row", "field", "code", "message", "shape", "reference")
RESULT_COLUMNS = ("row", "reference", "fiscal_code", "outcome", "reason", "message_id")


class RowProblemList(Model):
    """The first problems of a list of recipients."""

    items: Annotated[
        list[RowProblemView],
        Field(max_length=SHOWN),
        says("Up to 100 problems, by line; `problems.csv` has all."),
    ]


async def _problems(call: Call[Sender, None, None]) -> Answer:
    follow = call.app.batches.follow
    batch = await follow.get(call.caller, call.path["id"])
    items: list[RowProblemView] = []
    async for problem in follow.problems(batch):
        if len(items) == SHOWN:
            break
        items.append(problem_view(problem))
    return Answer(200, RowProblemList(items=items))


async def _problems_file(call: Call[Sender, None, None]) -> Answer:
    follow = call.app.batches.follow
    batch = await follow.get(call.caller, call.path["id"])
    rows = (
        tuple(getattr(one, name) for name in _PROBLEM_COLUMNS)
        async for one in follow.problems(batch)
    )
    return await csv_file("problems.csv", _PROBLEM_COLUMNS, rows)


async def _results_file(call: Call[Sender, None, None]) -> Answer:
    follow = call.app.batches.follow
    batch = await follow.get(call.caller, call.path["id"])
    return await csv_file("results.csv", RESULT_COLUMNS, follow.results(batch, unreached=False))


async def csv_file(
    name: str, columns: tuple[str, ...], rows: AsyncIterator[tuple[Cell, ...]]
) -> Answer:
    """Return a table as a file to download. Cost: the memory of its text, and of 1,000 rows."""
    content = io.BytesIO(csv_text([columns]).encode())
    content.seek(0, io.SEEK_END)
    part: list[tuple[Cell, ...]] = []
    async for row in rows:
        part.append(row)
        if len(part) == _ROWS_AT_ONCE:
            content.write(csv_text(part).encode())
            part.clear()
    content.write(csv_text(part).encode())
    return Answer(200, File(content.getvalue(), CSV, name))


def _endpoint(name: str, last: str, summary: str, description: str, handler: object) -> AnyEndpoint:
    return Endpoint(
        name=name,
        is_ours=True,
        method="GET",
        path=f"{PATH}/{{id}}/{last}",
        summary=summary,
        description=description,
        tag="sender",
        policy=READERS,
        parameters={"id": BatchIdField},
        handler=handler,  # type: ignore[arg-type]
        answers={200: CSV},
        refusals=(BatchNotFoundError, BatchExpiredError),
    )


list_problems = Endpoint(
    name="list_batch_problems",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}/problems",
    summary="Read the first problems of a batch's recipients",
    description="One for each rule that a row breaks. A row with a problem is never sent.",
    tag="sender",
    policy=READERS,
    parameters={"id": BatchIdField},
    handler=_problems,
    answers={200: RowProblemList},
    refusals=(BatchNotFoundError, BatchExpiredError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_problems,
    _endpoint(
        "read_batch_problems_file",
        "problems.csv",
        "Download all problems of a batch's recipients",
        "One line for each rule that a row breaks, by the line in your list.",
        _problems_file,
    ),
    _endpoint(
        "read_batch_results_file",
        "results.csv",
        "Download the results of a batch by row",
        "The rows that have an outcome, with the id of the message of each.",
        _results_file,
    ),
)
