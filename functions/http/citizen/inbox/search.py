"""The endpoint that searches an inbox by words."""

from typing import Annotated, Any

from pydantic import Field

from functions.http.citizen.inbox.base import INBOX
from functions.http.citizen.inbox.queries import SearchFilters
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.inbox.items import InboxPageAnswer
from functions.http.views.inbox.members import page_answer
from lib.domain.identity.access import Access
from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.parties.admission import READS_FILTERED
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL


class InboxSearchRequest(Model):
    """A search, and the page of it."""

    filter: Annotated[SearchFilters, says("The words, and the filters of the list.")]
    page_size: Annotated[
        int, Field(ge=1, le=100, strict=True), says("How many messages a page has at most.")
    ] = 20
    maximum_id: Annotated[
        MessageIdField | None,
        NOT_NULL,
        says("The `next` of the answer before: only older messages. Absent: from the newest on."),
    ] = None
    minimum_id: Annotated[
        MessageIdField | None,
        NOT_NULL,
        says("The `prev` of an answer: only newer messages, those next to it. Absent: any."),
    ] = None


async def _search(call: Call[Access, InboxSearchRequest, None]) -> Answer:
    body = call.body
    page = await call.app.inbox.list(
        call.caller,
        body.filter.search,
        size=body.page_size,
        maximum_id=body.maximum_id,
        minimum_id=body.minimum_id,
    )
    return Answer(200, page_answer(page, enrich=True))


search_inbox = Endpoint(
    name="search_inbox",
    is_ours=True,
    method="POST",
    path=f"{INBOX}/search",
    summary="List the messages of the inbox that have the words of a search",
    description=(
        "The answer is that of the enriched list, newest first. A message is found by its present "
        "state: neither by words that an amendment took out, nor by the text of a message that its "
        "sender withdrew. A page may be short, even empty: more messages may follow while `next` "
        "is present, or `prev` in a page of newer messages. The first searches of a large inbox "
        "read its messages, up to 1,000 for a page; within minutes an index of its words is ready."
    ),
    tag="citizen",
    policy=Citizens(READS_FILTERED),
    body=Body[Any](
        InboxSearchRequest,
        name="InboxSearchRequest",
        example={"filter": {"q": "rifiuti 2026", "unread": False}, "page_size": 20},
    ),
    handler=_search,
    answers={200: InboxPageAnswer},
    refusals=(ImpossibleFilterError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (search_inbox,)
