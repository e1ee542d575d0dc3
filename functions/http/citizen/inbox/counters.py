"""The endpoint that counts what a citizen has to do, for the badge of the app."""

from typing import Annotated

from pydantic import Field

from functions.http.citizen.inbox.base import INBOX
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.identity.access import Access
from lib.domain.parties.admission import READS_FILTERED
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.repositories.inbox.counters import MOST
from lib.use_cases.inbox.count_inbox import SOON

Count = Annotated[int, Field(ge=0, le=MOST)]


class CountersAnswer(Model):
    """The numbers of messages in the inbox; those in the archive are not counted."""

    unread: Annotated[Count, says("The messages that were not read.")]
    to_pay: Annotated[Count, says("The messages that ask for a payment that is still open.")]
    due_soon: Annotated[
        Count,
        says(
            f"The messages whose due date comes within {SOON.days} days, without those whose "
            "payment is over."
        ),
    ]


async def _count(call: Call[Access, None, None]) -> Answer:
    found = await call.app.inbox.count(call.caller)
    return Answer(
        200, CountersAnswer(unread=found.unread, to_pay=found.to_pay, due_soon=found.due_soon)
    )


count_inbox = Endpoint(
    name="count_inbox",
    is_ours=True,
    method="GET",
    path=f"{INBOX}/counters",
    summary="Count unread messages, open payments and close due dates",
    description=(
        f"A count ends at {MOST}: this number stands for {MOST} or more, so an app shows "
        f"{MOST - 1}+. The call costs the same in every inbox."
    ),
    tag="citizen",
    policy=Citizens(READS_FILTERED),
    handler=_count,
    answers={200: CountersAnswer},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (count_inbox,)
