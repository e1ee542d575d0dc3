"""Endpoint that shows operators the length and the age of each queue."""

from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class QueueStatus(Model):
    """The backlog of a queue, or of a poison queue, which has items whose every attempt failed."""

    queue: Annotated[
        str,
        says(
            "The name of the queue; one that ends in `-poison` has items whose every "
            "attempt failed."
        ),
    ]
    length: Annotated[
        int,
        says(
            "How many items the queue has, with those that are being worked on or wait for a retry."
        ),
    ]
    oldest_seconds: Annotated[
        int | None,
        says(
            "How many seconds ago the item that waits longest was queued, of those "
            "that can be taken now. Absent: none waits."
        ),
    ] = None


class QueueStatuses(Model):
    """The backlog of every queue."""

    queues: Annotated[list[QueueStatus], says("Every queue, with what waits in it.")]


async def _read(call: Call[Operator, None, None]) -> Answer:
    backlogs = await call.app.operations.read_backlog()
    return Answer(
        200,
        QueueStatuses(
            queues=[
                QueueStatus(queue=one.queue, length=one.length, oldest_seconds=one.oldest_seconds)
                for one in backlogs
            ]
        ),
    )


read_queues = Endpoint(
    name="read_queues",
    is_ours=True,
    method="GET",
    path="/api/operations/v1/queues",
    summary="Read the length and age of each queue",
    description=(
        "A length that grows, or an age of minutes, means that the app is too slow for its load. "
        "In Azure both values are approximate under load."
    ),
    tag="operations",
    policy=OPERATORS,
    handler=_read,
    answers={200: QueueStatuses},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_queues,)
