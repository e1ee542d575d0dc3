"""Store the operators' log: one document for each writing call of an operator, by month."""

import contextlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from lib.domain.operations.operator_action import ActionOutcome, OperatorAction, Target
from lib.domain.shared.values import timestamp
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Query
from lib.ports.errors import ConflictError, ContinuationError
from lib.ports.schema.operations import OPERATORS_LOG

_MONTH: Final = 7
"""The characters of a month, `2026-11`, with which a time and a continuation begin."""


class ActionPage(NamedTuple):
    """A page of actions, the newest first; `continuation`: None on the last page."""

    items: list[OperatorAction]
    continuation: str | None


@dataclass(frozen=True, slots=True)
class OperatorActions:
    """Store actions, whose ids begin with their times. They expire with the container's life."""

    store: DocumentStore

    async def add(self, action: OperatorAction) -> None:
        """Add an action. Cost: one create."""
        target = {name: one for name, one in asdict(action.target).items() if one is not None}
        document: Document = {
            "id": action.id,
            "month": action.at[:_MONTH],
            "at": action.at,
            "operation": action.operation,
            "operator": action.operator,
            "target": target,
            "values": dict(action.values),
            "outcome": action.outcome,
        }
        if action.reason is not None:
            document["reason"] = action.reason
        # the id is random: a conflict is this write, sent twice by the engine's client
        with contextlib.suppress(ConflictError):
            await self.store.create(OPERATORS_LOG, document)

    async def end(self, action: OperatorAction, outcome: ActionOutcome, count: int | None) -> None:
        """Store the outcome of an action. Cost: one patch."""
        changes = [PatchOperation("set", "/outcome", outcome)]
        if count is not None:
            changes.append(PatchOperation("set", "/count", count))
        await self.store.patch(OPERATORS_LOG, action.at[:_MONTH], action.id, changes)

    async def page(
        self,
        since: datetime,
        until: datetime,
        limit: int,
        operation: str | None = None,
        continuation: str | None = None,
    ) -> ActionPage:
        """Return a page of the actions of a period, whose end is not in it.

        Cost: one query for each month until the page is full.

        Raises: ContinuationError for a continuation from elsewhere.
        """
        first, last = timestamp(since)[:_MONTH], timestamp(until)[:_MONTH]
        where = [Condition("id", ">=", timestamp(since)), Condition("id", "<", timestamp(until))]
        if operation is not None:
            where.append(Condition("operation", "=", operation))
        month, mark = last, None
        if continuation is not None:
            month, mark = continuation[:_MONTH], continuation[_MONTH:] or None
            if month > last or not _is_month(month):
                raise ContinuationError
        found: list[OperatorAction] = []
        while month >= first:
            query = Query(
                month,
                limit=limit - len(found),
                where=tuple(where),
                descending=True,
                continuation=mark,
            )
            page = await self.store.query(OPERATORS_LOG, query)
            found += map(_action, page.items)
            mark = page.continuation
            if mark is None:
                month = _before(month)
            if len(found) == limit:
                break
        return ActionPage(found, f"{month}{mark or ''}" if month >= first else None)


def _is_month(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01")
    except ValueError:
        return False
    return True


def _before(month: str) -> str:
    """Return the month before."""
    return (date.fromisoformat(f"{month}-01") - timedelta(days=1)).isoformat()[:_MONTH]


def _action(document: dict[str, Any]) -> OperatorAction:
    return OperatorAction(
        id=document["id"],
        at=document["at"],
        operation=document["operation"],
        operator=document["operator"],
        target=Target(**document["target"]),
        reason=document.get("reason"),
        values=document["values"],
        outcome=ActionOutcome(document["outcome"]),
        count=document.get("count"),
    )
