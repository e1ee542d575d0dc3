"""The operator's side: what waits in the queues."""

from typing import Annotated

from pydantic import BaseModel, Field

from functions.http.endpoint import Answer, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from lib.domain.service import Sender


class QueueStatus(BaseModel):
    """A queue, or a poison queue: one whose items all failed."""

    queue: str
    length: Annotated[
        int, Field(description="items, with those that are being worked on or wait for a retry")
    ]
    oldest_seconds: Annotated[
        int | None,
        Field(
            description="since the longest waiting item was queued, of those that can be taken "
            "now; absent where there is none"
        ),
    ] = None


class Status(BaseModel):
    """What waits."""

    queues: list[QueueStatus]


async def _read(call: Call[Sender, None, None]) -> Answer:
    backlogs = await call.app.read_backlog()
    return Answer(
        200,
        Status(
            queues=[
                QueueStatus(queue=one.queue, length=one.length, oldest_seconds=one.oldest_seconds)
                for one in backlogs
            ]
        ),
    )


read_status = Endpoint(
    name="read_status",
    method="GET",
    path="/status",
    summary="See what waits in the queues, and for how long",
    description=(
        "A length that grows, or an age of minutes, is a backlog. In Azure both are approximate "
        "under load."
    ),
    tag="operations",
    policy=OPERATORS,
    handler=_read,
    answers={200: Status},
)
