"""The operator's side: items that could not be processed, and another run for them."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from functions.http.endpoint import Answer, Call, Endpoint
from functions.http.policies import Senders
from lib.domain.errors import DeadLetterNotFoundError, QueueUnknownError
from lib.domain.service import Group, Sender
from lib.domain.values import IOType
from lib.use_cases.replay_dead_letter import MOST_COUNTED

OPERATORS = Senders(frozenset((Group.OPERATIONS,)))
INDEX = "/api/operations/v1/dead-letters"
BASE = f"{INDEX}/{{queue}}"

QueueName = Annotated[
    str,
    StringConstraints(pattern="^[a-z0-9](-?[a-z0-9]){2,62}$"),
    IOType(("queue name",), "must be the name of a queue, such as message-submitted"),
]

DeadLetterId = Annotated[
    str,
    StringConstraints(pattern="^[0-9a-f]{32}$"),
    IOType(("dead letter id",), "must be the id of a dead letter: 32 hexadecimal digits"),
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


class DeadLetterCount(BaseModel):
    """How many dead letters a queue has; with `is_more` there are more than the count says."""

    queue: str
    count: int
    is_more: bool


class DeadLetterCounts(BaseModel):
    """Every queue, in a fixed order."""

    items: list[DeadLetterCount]


async def _count(call: Call[Sender, None, None]) -> Answer:
    counts = await call.app.replay_dead_letter.counts()
    items = [
        DeadLetterCount(queue=queue, count=count, is_more=count == MOST_COUNTED)
        for queue, count in counts.items()
    ]
    return Answer(200, DeadLetterCounts(items=items))


async def _list(call: Call[Sender, None, ListQuery]) -> Answer:
    letters = await call.app.replay_dead_letter.list(call.path["queue"], call.query.limit)
    return Answer(200, DeadLetterList(items=[DeadLetter(**letter) for letter in letters]))


async def _replay(call: Call[Sender, None, None]) -> Answer:
    await call.app.replay_dead_letter(call.path["queue"], call.path["id"])
    return Answer(202)


count_dead_letters = Endpoint(
    name="count_dead_letters",
    is_ours=True,
    method="GET",
    path=INDEX,
    summary="List the queues, and how many dead letters each has",
    description=f"Counted up to {MOST_COUNTED}.",
    tag="operations",
    policy=OPERATORS,
    handler=_count,
    answers={200: DeadLetterCounts},
)

list_dead_letters = Endpoint(
    name="list_dead_letters",
    is_ours=True,
    method="GET",
    path=BASE,
    summary="List a queue's dead letters",
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName},
    query=ListQuery,
    handler=_list,
    answers={200: DeadLetterList},
    refusals=(QueueUnknownError,),
)

replay_dead_letter = Endpoint(
    name="replay_dead_letter",
    is_ours=True,
    method="POST",
    path=f"{BASE}/{{id}}/replay",
    summary="Queue a dead letter again",
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName, "id": DeadLetterId},
    handler=_replay,
    answers={202: None},
    refusals=(QueueUnknownError, DeadLetterNotFoundError),
)
