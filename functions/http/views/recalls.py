"""Recalls in answers to senders."""

from dataclasses import asdict
from typing import Annotated, Literal

from lib.domain.messages.withdrawals.recall import RecallProgress
from lib.domain.messages.withdrawals.selection import SelectionCount
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageIdField, UlidField
from lib.domain.shared.model import Model


class NotWithdrawn(Model):
    """A message of a recall that was not withdrawn."""

    id: MessageIdField
    outcome: Annotated[
        str,
        says(
            "NOT_FOUND: there is no such message of this recipient. NOT_OWN: another service sent "
            "it. NOTICE: it belongs to a payment notice; cancel the notice."
        ),
    ]


class RecallView(Model):
    """A recall and its progress."""

    id: Annotated[UlidField, says("The id of the recall.")]
    created_at: Annotated[str, says("When the recall was accepted: date and time in UTC.")]
    state: Annotated[Literal["RUNNING", "DONE"], says("DONE: every message has an outcome.")]
    total: Annotated[
        int,
        says("How many messages the recall names; for a selection, how many it has found so far."),
    ]
    done: Annotated[int, says("How many of the messages have an outcome.")]
    withdrawn: Annotated[int, says("How many of the messages are withdrawn.")]
    not_withdrawn: Annotated[
        list[NotWithdrawn],
        says(
            "The messages that were not withdrawn, each with its reason; for a selection, at least "
            "the first hundred."
        ),
    ]


class SelectionView(Model):
    """The messages of a selection, before a recall."""

    messages: Annotated[int, says("How many messages the selection has now.")]
    withdrawn: Annotated[int, says("How many of them are withdrawn already.")]
    notices: Annotated[
        int,
        says("How many of them belong to payment notices, which a recall leaves as they are."),
    ]
    is_complete: Annotated[
        bool, says("False where the selection has more messages than were counted.")
    ]


def selection_view(count: SelectionCount) -> SelectionView:
    """Return the answer for a selection."""
    return SelectionView(**asdict(count))


def recall_view(progress: RecallProgress) -> RecallView:
    """Return the answer for a recall."""
    recall = progress.recall
    return RecallView(
        id=recall.id,
        created_at=recall.created_at,
        state="DONE" if progress.is_done else "RUNNING",
        total=progress.total,
        done=progress.done,
        withdrawn=progress.counts.get("WITHDRAWN", 0),
        not_withdrawn=[
            NotWithdrawn(id=id_, outcome=outcome) for id_, outcome in progress.not_withdrawn.items()
        ],
    )
