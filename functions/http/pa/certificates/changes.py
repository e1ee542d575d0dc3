"""The endpoint by which a service follows the requests for its certificates."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa.certificates.offers import WRITERS
from functions.http.pa.certificates.requests import ReceivedRequest, received_view
from functions.http.parameters.values import DIGITS
from lib.domain.inbox.change_token import OVERLAP
from lib.domain.inbox.errors import ChangeTokenError
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class ChangesQuery(Model):
    """The place in the order of changes, and the size of the page."""

    since: Annotated[
        str | None,
        StringConstraints(max_length=500),
        says("The `token` of the answer before. Absent: all requests, from the first one on."),
    ] = None
    limit: Annotated[int, DIGITS, Field(ge=1, le=100), says("The most requests to return.")] = 100


class RequestChangesAnswer(Model):
    """A page of changed requests, the earliest change first."""

    items: Annotated[
        list[ReceivedRequest], says("The requests, each once, in their present state.")
    ]
    token: Annotated[str, says("Where the next call begins: pass it as `since`.")]
    more: Annotated[bool, says("True: ask at once for the next page. False: that is all for now.")]


async def _changes(call: Call[Sender, None, ChangesQuery]) -> Answer:
    query = call.query
    found = await call.app.certificates.follow(call.caller, query.since, query.limit)
    items = [received_view(one) for one in found.requests]
    return Answer(200, RequestChangesAnswer(items=items, token=found.token, more=found.more))


list_certificate_request_changes = Endpoint(
    name="list_certificate_request_changes",
    is_ours=True,
    method="GET",
    path="/api/v1/certificate-request-changes",
    summary="List the requests for your certificates that changed since the last call",
    description=(
        "New requests, withdrawn, answered and expired ones. Call without `since` at first, and "
        "pass the `token` of each answer in the next call. A request comes in its present state. "
        f"No change is missing; those of the last {OVERLAP.seconds} seconds come again. A token "
        "that is older than a year is refused (400): then begin without `since`."
    ),
    tag="sender",
    policy=WRITERS,
    query=ChangesQuery,
    handler=_changes,
    answers={200: RequestChangesAnswer},
    refusals=(ChangeTokenError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_certificate_request_changes,)
