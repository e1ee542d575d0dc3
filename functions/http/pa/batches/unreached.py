"""The endpoint of the rows of a batch that reached nobody, also with digital domiciles."""

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field

from functions.http.contract.answers import Answer
from functions.http.contract.call import Call
from functions.http.contract.endpoint import AnyEndpoint, Endpoint
from functions.http.pa.batches.batches import PATH, BatchIdField
from functions.http.pa.batches.files import CSV, RESULT_COLUMNS, csv_file
from functions.http.pa.messages import READERS
from functions.http.parameters.values import QueryFlag
from lib.domain.batches.csv_text import Cell
from lib.domain.batches.errors import (
    BatchExpiredError,
    BatchNotFoundError,
    BatchStateError,
    DomicilesAwayError,
    DomicilesOffError,
)
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.use_cases.batches.find_domiciles import WAIT, UnreachedRows

_NAME = "unreached.csv"


class UnreachedQuery(Model):
    """A column that the file has beside those of each row."""

    digital_domicile: Annotated[
        QueryFlag,
        says(
            "Whether the file has the column `digital_domicile`: the certified mailbox that the "
            "register INAD has for the citizen, empty where it has none. Only citizens without a "
            "profile, or who blocked the inbox or the service, are looked up. The default is false."
        ),
    ] = False


class DomicilesPending(Model):
    """The register prepares its lists of up to 1,000 citizens: ask again after `Retry-After`."""

    lists: Annotated[int, Field(ge=1), says("For how many lists the register is asked.")]
    ready: Annotated[int, Field(ge=0), says("How many of them it has answered.")]


async def _read(call: Call[Sender, None, UnreachedQuery]) -> Answer:
    batches = call.app.batches
    batch = await batches.follow.get(call.caller, call.path["id"])
    if not call.query.digital_domicile:
        rows = batches.follow.results(batch, unreached=True)
        return await csv_file(_NAME, RESULT_COLUMNS, rows)
    found = await batches.find_domiciles(batch)
    if not found.is_complete:
        pending = DomicilesPending(lists=found.lists, ready=found.ready)
        return Answer(202, pending, {"Retry-After": str(int(WAIT.total_seconds()))})
    columns = (*RESULT_COLUMNS, "digital_domicile")
    return await csv_file(_NAME, columns, _with_domiciles(found))


async def _with_domiciles(found: UnreachedRows) -> AsyncIterator[tuple[Cell, ...]]:
    for one in found.rows:
        yield (*one, found.domiciles.get(one.fiscal_code))


ENDPOINTS: tuple[AnyEndpoint, ...] = (
    Endpoint(
        name="read_batch_unreached_file",
        is_ours=True,
        method="GET",
        path=f"{PATH}/{{id}}/{_NAME}",
        summary="Download the rows of a batch that reached nobody",
        description="The rows that were rejected or failed, or that a cancelled batch did not "
        "send. With `digital_domicile=true`, once the batch has ended, each citizen who cannot be "
        "reached here is looked up in the register of digital domiciles (INAD). The register takes "
        "some minutes: until then the answer is 202. Recapito stores no digital domicile.",
        tag="sender",
        policy=READERS,
        parameters={"id": BatchIdField},
        query=UnreachedQuery,
        handler=_read,
        answers={200: CSV, 202: DomicilesPending},
        refusals=(
            BatchNotFoundError,
            BatchExpiredError,
            BatchStateError,
            DomicilesOffError,
            DomicilesAwayError,
        ),
    ),
)
