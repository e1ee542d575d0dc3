"""Endpoints that show the citizen the reminders of a message and change them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from functions.http.citizen.messages import BASE
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.reminders import OwnRemindersAnswer, seen_by_citizen
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.parties.admission import ACTS_ON_MESSAGE, READS_MESSAGE
from lib.domain.reminders.errors import InvalidSnoozeError
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId
from lib.domain.shared.model import Model
from lib.domain.shared.values import ZonedTimestamp, parse_timestamp

PATH = f"{BASE}/{{id}}/reminders"


class Snoozing(Model):
    """Put the reminders off until a moment."""

    change_type: Annotated[Literal["snooze"], says("Which change the body is: always `snooze`.")]
    until: Annotated[
        ZonedTimestamp,
        says(
            "When to remind again: date and time with its zone, in the future, at the "
            "latest in a year, and before the due date has passed."
        ),
    ]


class Finishing(Model):
    """End the reminders of the message."""

    change_type: Annotated[Literal["done"], says("Which change the body is: always `done`.")]


class Resuming(Model):
    """Undo a snooze or an end: the plan of the policy applies again."""

    change_type: Annotated[Literal["resume"], says("Which change the body is: always `resume`.")]


RemindersChange = Annotated[Snoozing | Finishing | Resuming, Field(discriminator="change_type")]


async def _read(call: Call[Access, None, None]) -> Answer:
    access, id_ = call.caller, MessageId(call.path["id"])
    return Answer(200, seen_by_citizen(await call.app.reminders.read.for_citizen(access, id_)))


async def _change(call: Call[Access, Any, None]) -> Answer:
    access, id_ = call.caller, MessageId(call.path["id"])
    change, reminders = call.body, call.app.reminders.change
    match change:
        case Snoozing():
            await reminders.snooze(access, id_, parse_timestamp(change.until))
        case Finishing():
            await reminders.finish(access, id_)
        case _:
            await reminders.resume(access, id_)
    return await _read(call)


read_reminders = Endpoint(
    name="read_reminders",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read the planned and past reminders of a message",
    description=(
        "`past` has the outcome of each reminder: SENT, or the reason why it was not sent: "
        "OPTED_OUT, SERVICE_OFF, NO_CHANNEL, READ, ARCHIVED, QUIET_HOURS, OVERTAKEN (the next one "
        "came first), OTHER_MESSAGE (a newer message reminds of the same payment), PAID_OTHERWISE "
        "(in instalments, or with the whole sum) or CONDITION (its sender took it back)."
    ),
    tag="citizen",
    policy=Citizens(READS_MESSAGE),
    parameters={"id": AnyMessageIdField},
    handler=_read,
    answers={200: OwnRemindersAnswer},
    refusals=(MessageNotFoundError,),
)

change_reminders = Endpoint(
    name="change_reminders",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Snooze, end or resume the reminders of a message",
    description=(
        "A snooze must end before the due date has passed, and within a year. A reminder that "
        "falls into quiet hours, or between nine in the evening and eight in the morning in Italy, "
        "is sent after them."
    ),
    tag="citizen",
    policy=Citizens(ACTS_ON_MESSAGE),
    parameters={"id": AnyMessageIdField},
    body=Body[Any](
        RemindersChange,
        name="RemindersChange",
        example={"change_type": "snooze", "until": "2027-06-29T07:00:00Z"},
    ),
    handler=_change,
    answers={200: OwnRemindersAnswer},
    refusals=(MessageNotFoundError, InvalidSnoozeError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_reminders, change_reminders)
