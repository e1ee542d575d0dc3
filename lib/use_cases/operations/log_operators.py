"""Log what operators change, and list it."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from lib import telemetry
from lib.domain.operations.operator_action import ActionOutcome, OperatorAction
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import PortError
from lib.ports.schema.operations import OPERATORS_LOG_DAYS
from lib.repositories.operations.operator_actions import ActionPage, OperatorActions

KEPT: Final = timedelta(days=OPERATORS_LOG_DAYS)
_NOW: Final = timedelta(minutes=5)
"""The clock of the instance that wrote an entry may be ahead by so much."""


class LogOperators:
    """Store each action before it begins, and its outcome when it ended.

    So no change is without an entry: where the store does not take the entry, the action does not
    begin. A crash in between leaves STARTED, and so does an outage while the outcome is stored,
    which is logged and counted: the action is done, and its answer must say so.
    Cost: one create and one patch for each action.
    """

    def __init__(self, actions: OperatorActions, clock: Clock) -> None:
        self._actions = actions
        self._clock = clock

    async def begin(self, action: OperatorAction) -> OperatorAction:
        """Store an action; return it with its time and id, by which it ends.

        Raises: UnavailableError: the action must not begin.
        """
        at = timestamp(self._clock.now())
        begun = replace(action.without_persons(), at=at, id=f"{at}-{secrets.token_hex(8)}")
        await self._actions.add(begun)
        return begun

    async def end(
        self, action: OperatorAction, outcome: ActionOutcome, count: int | None = None
    ) -> None:
        """Store how an action ended."""
        try:
            await self._actions.end(action, outcome, count)
        except PortError as error:
            telemetry.outcome_unnoted(error)

    async def page(
        self,
        period: tuple[datetime, datetime] | None,
        limit: int,
        operation: str | None,
        continuation: str | None,
    ) -> ActionPage:
        """Return a page of the actions, the newest first; `period` None: all that are kept.

        Cost: one query for each month until the page is full, at most 14.

        Raises: ContinuationError for a continuation from elsewhere.
        """
        now = self._clock.now()
        oldest, newest = now - KEPT, now + _NOW
        since, until = (oldest, newest) if period is None else period
        if until <= oldest or since >= newest:
            return ActionPage([], None)
        since, until = max(since, oldest), min(until, newest)
        return await self._actions.page(since, until, limit, operation, continuation)
