"""Read the history of a service."""

from typing import Annotated, Literal

from pydantic import Field

from functions.http.contract import problems
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.problems import RequestError
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from functions.http.pa.services.views import ServiceHistory, entry_view
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.ports.errors import ContinuationError

CONTINUATION = "continuationToken"


class HistoryQuery(Model):
    """The page of the history, and its order."""

    order: Annotated[
        Literal["ASC", "DESC"],
        says("ASC: the oldest change first. DESC, the default: the newest first."),
    ] = "DESC"
    limit: Annotated[
        int, Field(ge=1, le=100), says("How many changes are listed at most; 10 by default.")
    ] = 10
    continuation: Annotated[
        str | None,
        Field(alias=CONTINUATION, min_length=1, max_length=1024),
        says("The `continuationToken` of the page before. Absent: the first page."),
    ] = None


async def _read(call: Call[Manager, None, HistoryQuery]) -> Answer:
    id_, query = named(call), call.query
    try:
        page = await call.app.services.read.history(
            call.caller, id_, query.order, query.limit, query.continuation
        )
    except ContinuationError:
        raise RequestError(problems.foreign_continuation(CONTINUATION, CONTINUATION)) from None
    items = [entry_view(id_, one) for one in page.entries]
    return Answer(200, ServiceHistory(items=items, continuation_token=page.continuation))


read_service_history = Endpoint(
    name="read_service_history",
    method="GET",
    path=f"{ONE}/history",
    summary="Read the history of a service",
    description=(
        "The service as it was after each change of its lifecycle and its publication. IO's "
        "client sends no key with this call, and is answered 401: add the header yourself."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    query=HistoryQuery,
    handler=_read,
    answers={200: ServiceHistory},
    outage=problems.try_again,
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_service_history,)
