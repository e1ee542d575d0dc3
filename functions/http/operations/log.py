"""Endpoint of the operators' log: it lists each change, with its outcome."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from functions.http.parameters.values import Continuation
from lib.domain.operations import operator_action
from lib.domain.operations.operator_action import ActionOutcome
from lib.domain.services.subscription import Operator
from lib.domain.shared.deadline import ROME
from lib.domain.shared.described import CURSOR, QUEUE, says
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.domain.shared.model import Model
from lib.ports.schema.operations import OPERATORS_LOG_DAYS

_FIRST = date(2000, 1, 1)
_LAST = date(9998, 12, 31)


class LogQuery(Model):
    """The actions to list, and the bounds of the page."""

    operation: Annotated[
        str | None,
        Field(
            max_length=64,
            pattern="^[a-z_]+$",
            description="Only this operation, such as `replay_dead_letter`. Absent: all.",
        ),
    ] = None
    day: Annotated[
        date | None,
        Field(ge=_FIRST, le=_LAST),
        says("Only the actions of this day, by the calendar of Italy. Absent: all that are kept."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=100), says("How many actions are listed at most.")] = 20
    continuation: Continuation = None


class LoggedValue(Model):
    """Something that the operator set."""

    name: Annotated[str, says("The name of what was set.")]
    value: Annotated[str, says("Its value as text; *** where it may name a person.")]


class LoggedAction(Model):
    """A change that an operator made or tried to make."""

    id: Annotated[str, says("The id of the entry.")]
    at: Annotated[str, says("When it began: date and time in UTC.")]
    operation: Annotated[str, says("The operation, by its `operationId` in this document.")]
    operator: Annotated[str, says("The id of the subscription whose key the operator used.")]
    outcome: Annotated[
        ActionOutcome,
        says(
            "DONE: it was done. REFUSED: a rule refused it, and nothing was changed. FAILED: an "
            "outage or a fault stopped it, and a part may be done. STARTED: it runs, or its "
            "process ended before it stored how it ended, so that it may be done: look at the "
            "target."
        ),
    ]
    queue: Annotated[str | None, QUEUE] = None
    dead_letter_id: Annotated[str | None, says("The dead letter. Absent: not about one.")] = None
    service_id: Annotated[ServiceId | None, says("The service. Absent: not about one.")] = None
    organization_fiscal_code: Annotated[
        OrganizationFiscalCode | None,
        says("The fiscal code of the organisation. Absent: not about one."),
    ] = None
    reason: Annotated[
        str | None,
        says("The operator's reason; *** where it may name a person. Absent: none was given."),
    ] = None
    values: Annotated[
        list[LoggedValue], Field(max_length=10), says("What the operator set. Empty: nothing.")
    ]
    count: Annotated[
        int | None, says("How many things were changed, where one call changes several.")
    ] = None


class LoggedActionList(Model):
    """A page of the operators' log. `next` names the next page, if any."""

    items: Annotated[list[LoggedAction], says("The actions, the newest first.")]
    next: Annotated[str | None, CURSOR] = None


async def _list(call: Call[Operator, None, LogQuery]) -> Answer:
    query = call.query
    period = None if query.day is None else _bounds(query.day)
    page = await call.app.operators_log.page(
        period, query.limit, query.operation, query.continuation
    )
    return Answer(
        200, LoggedActionList(items=list(map(_shown, page.items)), next=page.continuation)
    )


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first time of a day of Italy, and the first time after it."""
    begin, end = (datetime.combine(one, time(), ROME) for one in (day, day + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def _shown(action: operator_action.OperatorAction) -> LoggedAction:
    target = action.target
    return LoggedAction(
        id=action.id,
        at=action.at,
        operation=action.operation,
        operator=action.operator,
        outcome=action.outcome,
        queue=target.queue,
        dead_letter_id=target.dead_letter_id,
        service_id=target.service_id,
        organization_fiscal_code=target.organization_fiscal_code,
        reason=action.reason,
        values=[LoggedValue(name=name, value=value) for name, value in action.values.items()],
        count=action.count,
    )


list_operator_actions = Endpoint(
    name="list_operator_actions",
    is_ours=True,
    method="GET",
    path="/api/operations/v1/log",
    summary="List what operators changed",
    description=(
        "Each call of an operator that changes something, with its target, reason and outcome. "
        "The entry is stored before the change begins. Calls that are refused for their key or "
        f"their form are not in it. Entries are kept for {OPERATORS_LOG_DAYS} days. They name no "
        "citizen."
    ),
    tag="operations",
    policy=OPERATORS,
    query=LogQuery,
    handler=_list,
    answers={200: LoggedActionList},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_operator_actions,)
