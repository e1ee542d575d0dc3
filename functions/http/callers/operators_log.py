"""The declaration of what the operators' log gets of a call, and its entry around the call."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib.composition.app import App
from lib.domain.operations.operator_action import ActionOutcome, OperatorAction, Target
from lib.domain.shared.errors import DomainError


@dataclass(frozen=True, slots=True)
class Records:
    """The calls are in the operators' log, with the `reason` of the body, if it has one.

    `target`: the fields of `Target` that the path names, each with the name of its parameter.
    `in_body`: those that the body names, likewise. `values`: a function that returns what the
    operator sets, as texts; never a citizen's data. `count`: a function that returns how many
    things the call changed, by the body of the answer.
    """

    target: Mapping[str, str] = field(default_factory=dict)
    in_body: Mapping[str, str] = field(default_factory=dict)
    values: Callable[[Any], Mapping[str, str]] | None = None
    count: Callable[[Any], int] | None = None


async def recorded[A](
    records: Records, operation: str, call: Any, handler: Callable[[Any], Awaitable[A]]
) -> A:
    """Return the handler's answer to a call, which is logged before and after.

    Raises: UnavailableError where the entry cannot be stored; else what the handler raises.
    """
    app: App = call.app
    log = app.operators_log
    named = {name: call.path[one] for name, one in records.target.items()}
    named |= {name: getattr(call.body, one) for name, one in records.in_body.items()}
    action = await log.begin(
        OperatorAction(
            id="",
            at="",
            operation=operation,
            operator=call.caller.subscription.id,
            target=Target(**named),
            reason=getattr(call.body, "reason", None),
            values={} if records.values is None else records.values(call),
        )
    )
    try:
        answer = await handler(call)
    except DomainError:
        await log.end(action, ActionOutcome.REFUSED)
        raise
    except Exception:
        await log.end(action, ActionOutcome.FAILED)
        raise
    body = getattr(answer, "body", None)
    await log.end(
        action, ActionOutcome.DONE, None if records.count is None else records.count(body)
    )
    return answer
