"""Endpoints of dead letters for operators: count, list and replay them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.callers.operators_log import Records
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Operators
from lib.domain.operations.dead_letters import MOST_AT_ONCE, Cause, FailureKind
from lib.domain.operations.errors import DeadLetterNotFoundError, QueueNotFoundError
from lib.domain.operations.reasons import Reason
from lib.domain.operations.redaction import redacted
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import QUEUE, says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, IOType
from lib.use_cases.operations.replay_dead_letter import MOST_COUNTED

OPERATORS = Operators()
INDEX = "/api/operations/v1/dead-letters"
BASE = f"{INDEX}/{{queue}}"
REPLAYS = "/api/operations/v1/dead-letter-replays/{queue}"

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
    kind: Annotated[
        FailureKind,
        says(
            "What the reason means. PROCESS_DIED: the process ended during each attempt. OUTAGE: a "
            "system was unavailable for too long. UNREADABLE: the text is not an item of this "
            "queue. FAULT: the program failed at each attempt."
        ),
    ]
    failed_at: Annotated[str, says("When its last attempt failed: date and time in UTC.")]


class DeadLetterList(Model):
    """The dead letters of a queue, the newest first."""

    items: Annotated[list[DeadLetter], says("The dead letters, the newest first.")]


class ItemMember(Model):
    """A member of an item. `value`: as text; *** where it may name a person."""

    name: Annotated[str, says("The name of the member.")]
    value: Annotated[str, says("Its value as text; *** where it may name a person.")]


class OpenedDeadLetter(DeadLetter):
    """A dead letter, and its item without what may name a person."""

    item: Annotated[
        list[ItemMember],
        Field(max_length=1000),
        says("The members of the item. Empty: the item is no object in JSON."),
    ]


class Replay(Model):
    """A replay of one dead letter."""

    reason: Annotated[Reason | None, NOT_NULL] = None


class ReplayOfAll(Model):
    """A replay of the dead letters of a queue."""

    reason: Reason


class Replayed(Model):
    """The dead letters that a replay put back into their queue."""

    count: Annotated[int, says("How many dead letters went back into the queue.")]
    is_more: Annotated[bool, says("Whether the queue may have more: then replay again.")]


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
        DeadLetter(
            id=one.id,
            queue=one.queue,
            reason=one.reason,
            kind=one.kind,
            failed_at=one.failed_at,
        )
        for one in letters
    ]
    return Answer(200, DeadLetterList(items=items))


async def _read(call: Call[Operator, None, None]) -> Answer:
    one = await call.app.operations.replay_dead_letter.read(call.path["queue"], call.path["id"])
    members = [ItemMember(name=each.name, value=each.value) for each in redacted(one.text)]
    return Answer(
        200,
        OpenedDeadLetter(
            id=one.id,
            queue=one.queue,
            reason=one.reason,
            kind=one.kind,
            failed_at=one.failed_at,
            item=members,
        ),
    )


async def _replay(call: Call[Operator, Replay, None]) -> Answer:
    cause = Cause(call.caller.subscription.id, call.body.reason)
    await call.app.operations.replay_dead_letter(call.path["queue"], call.path["id"], cause)
    return Answer(202)


async def _replay_all(call: Call[Operator, ReplayOfAll, None]) -> Answer:
    cause = Cause(call.caller.subscription.id, call.body.reason)
    count, is_more = await call.app.operations.replay_dead_letter.all(call.path["queue"], cause)
    return Answer(200, Replayed(count=count, is_more=is_more))


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

read_dead_letter = Endpoint(
    name="read_dead_letter",
    is_ours=True,
    method="GET",
    path=f"{BASE}/{{id}}",
    summary="Read a dead letter and its item",
    description=(
        "Shows the ids, times, numbers and fixed words of the item. All other values are ***, "
        "since they may name a person."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName, "id": DeadLetterId},
    handler=_read,
    answers={200: OpenedDeadLetter},
    refusals=(QueueNotFoundError, DeadLetterNotFoundError),
)

replay_dead_letter = Endpoint(
    name="replay_dead_letter",
    is_ours=True,
    method="POST",
    path=f"{BASE}/{{id}}/replay",
    summary="Process a dead letter again",
    description=(
        "The item goes back into its queue, and the dead letter is deleted. 202: the item waits to "
        "be processed. The event `dead letter replayed` has the reason."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName, "id": DeadLetterId},
    body=Body[Replay](
        Replay, name="Replay", example={"reason": "The store is back."}, is_optional=True
    ),
    handler=_replay,
    records=Records({"queue": "queue", "dead_letter_id": "id"}),
    answers={202: None},
    refusals=(QueueNotFoundError, DeadLetterNotFoundError),
)

replay_dead_letters = Endpoint(
    name="replay_dead_letters",
    is_ours=True,
    method="POST",
    path=REPLAYS,
    summary="Process the dead letters of a queue again",
    description=(
        f"Up to {MOST_AT_ONCE} items go back into their queue, the newest first. Items that fail "
        "again become dead letters again."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={"queue": QueueName},
    body=Body[ReplayOfAll](
        ReplayOfAll, name="ReplayOfAll", example={"reason": "The store is back."}
    ),
    handler=_replay_all,
    records=Records({"queue": "queue"}, count=lambda replayed: replayed.count),
    answers={200: Replayed},
    refusals=(QueueNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    count_dead_letters,
    list_dead_letters,
    read_dead_letter,
    replay_dead_letter,
    replay_dead_letters,
)
