"""The operator's side: items that could not be processed, and another run for them."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.http.endpoint import Answer, Call, Endpoint
from functions.http.policies import Senders
from lib.domain.errors import DeadLetterNotFoundError
from lib.domain.service import Group, Sender
from lib.domain.values import IOType

OPERATORS = Senders(frozenset((Group.OPERATIONS,)))
BASE = "/api/operations/v1/dead-letters/{queue}"

QueueName = Annotated[
    str,
    StringConstraints(pattern="^[a-z0-9](-?[a-z0-9]){2,62}$"),
    IOType(("queue name",)),
]

DeadLetterId = Annotated[
    str, StringConstraints(pattern="^[0-9a-f]{32}$"), IOType(("dead letter id",))
]


class ListQuery(BaseModel):
    """How many of the newest to list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20


class DeadLetter(BaseModel):
    """An item without its text, which names a citizen; times in UTC."""

    id: str
    queue: str
    reason: str
    failed_at: str


class DeadLetterList(BaseModel):
    """The newest first."""

    items: list[DeadLetter]


async def _list(call: Call[Sender, None, ListQuery]) -> Answer:
    letters = await call.app.replay_dead_letter.list(call.path["queue"], call.query.limit)
    return Answer(200, DeadLetterList(items=[DeadLetter(**letter) for letter in letters]))


async def _replay(call: Call[Sender, None, None]) -> Answer:
    await call.app.replay_dead_letter(call.path["queue"], call.path["id"])
    return Answer(202)


list_dead_letters = Endpoint(
    name="list_dead_letters",
    method="GET",
    path=BASE,
    summary="List a queue's dead letters",
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName},
    query=ListQuery,
    handler=_list,
    answers={200: DeadLetterList},
)

replay_dead_letter = Endpoint(
    name="replay_dead_letter",
    method="POST",
    path=f"{BASE}/{{id}}/replay",
    summary="Queue a dead letter again",
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName, "id": DeadLetterId},
    handler=_replay,
    answers={202: None},
    refusals=(DeadLetterNotFoundError,),
)
