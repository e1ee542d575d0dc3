"""Endpoints of dead letters for operators: count, list and replay them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Operators
from lib.domain.operations.errors import DeadLetterNotFoundError, QueueNotFoundError
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import QUEUE, says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType
from lib.use_cases.operations.replay_dead_letter import MOST_COUNTED

OPERATORS = Operators()
INDEX = "/api/operations/v1/dead-letters"
BASE = f"{INDEX}/{{queue}}"

QueueName = Annotated[
    str,
    QUEUE,
    StringConstraints(pattern="^[a-z0-9](-?[a-z0-9]){2,62}$"),
    IOType(("queue name",), "must be the name of a queue, such as message-submitted"),
]

DeadLetterId = Annotated[
    str,
    says("The id of the dead letter."),
    StringConstraints(pattern="^[0-9a-f]{32}$"),
    IOType(("dead letter id",), "must be the id of a dead letter: 32 hexadecimal digits"),
]


class ListQuery(Model):
    """The number of dead letters to list."""

    limit: Annotated[
        int,
        Field(ge=1, le=100),
        says("How many dead letters are listed at most, the newest first."),
    ] = 20


class DeadLetter(Model):
    """A dead letter without the text of the item, which names a citizen. Times are in UTC."""

    id: Annotated[str, says("The id of the dead letter, by which it is replayed.")]
    queue: Annotated[str, QUEUE]
    reason: Annotated[
        str, says("Why the item could not be processed: the kind of error, without personal data.")
    ]
    failed_at: Annotated[str, says("When its last attempt failed: date and time in UTC.")]


class DeadLetterList(Model):
    """The dead letters of a queue, the newest first."""

    items: Annotated[list[DeadLetter], says("The dead letters, the newest first.")]


class DeadLetterCount(Model):
    """The number of dead letters of a queue. `is_more`: there may be more than `count`."""

    queue: Annotated[str, QUEUE]
    count: Annotated[int, says("How many dead letters the queue has, counted up to a limit.")]
    is_more: Annotated[bool, says("Whether there may be more dead letters than `count`.")]


class DeadLetterCounts(Model):
    """The number of dead letters of every queue, in a fixed order."""

    items: Annotated[list[DeadLetterCount], says("Every queue with its count, in a fixed order.")]


async def _count(call: Call[Operator, None, None]) -> Answer:
    counts = await call.app.operations.replay_dead_letter.counts()
    items = [
        DeadLetterCount(queue=queue, count=count, is_more=count == MOST_COUNTED)
        for queue, count in counts.items()
    ]
    return Answer(200, DeadLetterCounts(items=items))


async def _list(call: Call[Operator, None, ListQuery]) -> Answer:
    letters = await call.app.operations.replay_dead_letter.list(
        call.path["queue"], call.query.limit
    )
    items = [
        DeadLetter(id=one.id, queue=one.queue, reason=one.reason, failed_at=one.failed_at)
        for one in letters
    ]
    return Answer(200, DeadLetterList(items=items))


async def _replay(call: Call[Operator, None, None]) -> Answer:
    await call.app.operations.replay_dead_letter(call.path["queue"], call.path["id"])
    return Answer(202)


count_dead_letters = Endpoint(
    name="count_dead_letters",
    is_ours=True,
    method="GET",
    path=INDEX,
    summary="Count the dead letters of each queue",
    description=f"Dead letters of a queue are counted up to {MOST_COUNTED}.",
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
    summary="List the dead letters of a queue",
    description=(
        "A dead letter is an item of which every attempt failed. The list has ids and reasons, and "
        "no content of the items."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName},
    query=ListQuery,
    handler=_list,
    answers={200: DeadLetterList},
    refusals=(QueueNotFoundError,),
)

replay_dead_letter = Endpoint(
    name="replay_dead_letter",
    is_ours=True,
    method="POST",
    path=f"{BASE}/{{id}}/replay",
    summary="Process a dead letter again",
    description=(
        "The item goes back into its queue, and the dead letter is deleted. 202: the item waits to "
        "be processed."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName, "id": DeadLetterId},
    handler=_replay,
    answers={202: None},
    refusals=(QueueNotFoundError, DeadLetterNotFoundError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (count_dead_letters, list_dead_letters, replay_dead_letter)
