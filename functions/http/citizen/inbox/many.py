"""The endpoint that changes many messages of an inbox with one call."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from functions.http.citizen.inbox.base import INBOX
from functions.http.citizen.inbox.changes import MessageStatusChange, flags_of
from functions.http.citizen.inbox.queries import SearchFilters
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.identity.access import Access
from lib.domain.inbox.errors import ImpossibleFilterError
from lib.domain.parties.admission import ACTS_FILTERED
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageId, MessageIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL
from lib.use_cases.inbox.change_many import MOST, Outcome


class ManyChanges(Model):
    """A change, and the messages that get it: those with the ids, or those of a filter."""

    change: Annotated[
        MessageStatusChange, says("The change of each message, as of a single message.")
    ]
    ids: Annotated[
        list[MessageIdField] | None,
        NOT_NULL,
        Field(min_length=1, max_length=MOST),
        says("The ids of the messages. Absent: `filter` counts."),
    ] = None
    filter: Annotated[
        SearchFilters | None,
        NOT_NULL,
        says(
            "The filters of a list or a search, to change all its messages. Absent: `ids` counts."
        ),
    ] = None
    maximum_id: Annotated[
        MessageIdField | None,
        NOT_NULL,
        says("The `next` of the answer before, with the same `filter`. Absent: the first call."),
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.ids is None) == (self.filter is None):
            raise ValueError("must have either `ids` or `filter`")
        if self.ids is not None and self.maximum_id is not None:
            raise ValueError("must have no `maximum_id` with `ids`")
        return self


class OneOutcome(Model):
    """The outcome of one message."""

    id: MessageIdField
    outcome: Annotated[
        Outcome,
        says(
            "CHANGED: the message is as the change says, whether it was so before or not. "
            "NOT_FOUND: there is no such message in the place that the change needs. UNAVAILABLE: "
            "it may not have been changed; send the change of it again."
        ),
    ]


class ManyAnswer(Model):
    """The outcome of each message."""

    items: Annotated[list[OneOutcome], says("One outcome for each message.")]
    next: Annotated[
        MessageIdField | None,
        says(
            "More messages of the filter may follow: send the call again with it as `maximum_id`. "
            "Absent: none is left."
        ),
    ] = None


async def _change(call: Call[Access, ManyChanges, None]) -> Answer:
    body, many = call.body, call.app.inbox.change_many
    flags = flags_of(body.change)
    if body.filter is not None:
        done = await many.of_search(call.caller, body.filter.search, flags, body.maximum_id)
    else:
        done = await many.of_ids(call.caller, [MessageId(id_) for id_ in body.ids or ()], flags)
    items = [OneOutcome(id=id_, outcome=outcome) for id_, outcome in done.outcomes.items()]
    return Answer(200, ManyAnswer(items=items, next=done.next))


change_many_messages = Endpoint(
    name="change_many_messages",
    is_ours=True,
    method="POST",
    path=f"{INBOX}/status",
    summary="Change many messages at once",
    description=(
        f"It changes up to {MOST} messages: those of `ids`, or the newest of `filter`. With a "
        "filter, send it again with `next` until there is none; messages that come meanwhile are "
        "not changed. Each message has its own outcome, and a repeated call changes nothing more."
    ),
    tag="citizen",
    policy=Citizens(ACTS_FILTERED),
    body=Body[Any](
        ManyChanges,
        name="ManyChanges",
        example={
            "change": {"change_type": "archiving", "is_archived": True},
            "filter": {"unread": False, "to": "2026-06-30"},
        },
    ),
    handler=_change,
    answers={200: ManyAnswer},
    refusals=(ImpossibleFilterError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (change_many_messages,)
