"""Endpoints by which a sender withdraws many messages with one request."""

from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.withdrawing.withdrawals import WRITERS
from functions.http.views.recalls import (
    RecallView,
    SelectionView,
    recall_view,
    selection_view,
)
from lib.domain.messages.errors import EmptySelectionError, RecallNotFoundError
from lib.domain.messages.withdrawals.recall import NewRecall, RecallProgress, Target
from lib.domain.messages.withdrawals.selection import NewSelectionRecall
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Sender, check_recipient
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import UlidField
from lib.use_cases.messages.withdrawals.select_sent import selection_of

PATH = "/api/v1/withdrawals"
RECALL_LIMIT = 512 * 1024
"""The limit in bytes: a message of a recall takes 47."""
RecallIdField = Annotated[UlidField, says("The id of the recall.")]
SELECTION = Body[NewSelectionRecall](
    NewSelectionRecall,
    name="NewSelectionRecall",
    example={
        "reason": "L'importo era sbagliato: riceverai un nuovo avviso.",
        "since": "2026-11-29T08:00:00Z",
        "until": "2026-11-29T09:30:00Z",
        "reference": "TARI-2026",
    },
)


async def _recall(call: Call[Sender, NewRecall, None]) -> Answer:
    targets = [Target.of(one) for one in call.body.messages]
    for target in targets:
        check_recipient(call.caller, target.fiscal_code)
    recall = call.app.messages.recall
    return _accepted(await recall.accept(call.caller.owner, call.body.reason, targets))


async def _recall_selection(call: Call[Sender, NewSelectionRecall, None]) -> Answer:
    selection = selection_of(call.caller, call.body, call.app.ports.clock.now())
    recall = call.app.messages.recall.selection
    return _accepted(await recall.accept(call.caller.owner, call.body.reason, selection))


def _accepted(progress: RecallProgress) -> Answer:
    return Answer(202, recall_view(progress), {"Location": f"{PATH}/{progress.recall.id}"})


async def _count(call: Call[Sender, NewSelectionRecall, None]) -> Answer:
    selection = selection_of(call.caller, call.body, call.app.ports.clock.now())
    counted = await call.app.messages.recall.selection.count(call.caller.owner, selection)
    return Answer(200, selection_view(counted))


async def _progress(call: Call[Sender, None, None]) -> Answer:
    progress = await call.app.messages.recall.progress(call.caller.owner, call.path["id"])
    return Answer(200, recall_view(progress))


withdraw_messages = Endpoint(
    name="withdraw_messages",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Withdraw up to 10,000 messages that you sent",
    description=(
        "202 means that the recall is durable: each message is withdrawn as by a call of its own, "
        "within seconds. The address in Location tells the progress for 30 days. The same recall "
        "may be sent again."
    ),
    tag="sender",
    policy=WRITERS,
    body=Body[NewRecall](
        NewRecall,
        name="NewRecall",
        limit=RECALL_LIMIT,
        example={
            "reason": "L'importo era sbagliato: riceverai un nuovo avviso.",
            "messages": ["RSSMRA80A01H501U/01J0000000000000000000000A"],
        },
    ),
    handler=_recall,
    answers={202: RecallView},
    refusals=(RecipientForbiddenError, ProductionForbiddenError),
)

withdraw_selection = Endpoint(
    name="withdraw_selection",
    is_ours=True,
    method="POST",
    path="/api/v1/sent-messages/withdrawal",
    summary="Withdraw all messages that you sent between two times",
    description=(
        "For a wrong send whose ids are not at hand. Ask `POST /api/v1/dry-runs/withdrawals` "
        "first, with the same body, how many messages that are. 202 means that the recall is "
        "durable. The address in Location tells the progress for 30 days; it is DONE after half a "
        "minute at the earliest, when the list was searched a second time for messages that were "
        "accepted last. A message that an outage kept out of the list is withdrawn as soon as it "
        "is listed, for a week. A message that waits for its set time is not among them, whatever "
        "times you name: cancel it (`/api/v1/scheduled-messages`), or withdraw it by its id. "
        "Messages of payment notices stay; cancel their notices. The key of "
        "an intermediary withdraws only what the intermediary sent. A key that may write to some "
        "citizens alone withdraws messages by their ids."
    ),
    tag="sender",
    policy=WRITERS,
    body=SELECTION,
    handler=_recall_selection,
    answers={202: RecallView},
    refusals=(EmptySelectionError, RecipientForbiddenError),
)

dry_run_withdrawal = Endpoint(
    name="dry_run_withdrawal",
    is_ours=True,
    method="POST",
    path="/api/v1/dry-runs/withdrawals",
    summary="Count the messages that a recall between two times would withdraw",
    description=(
        "The body is that of `POST /api/v1/sent-messages/withdrawal`, and is refused as there. "
        "Nothing is withdrawn. Messages that were accepted in the last seconds may be missing."
    ),
    tag="sender",
    policy=WRITERS,
    body=SELECTION,
    handler=_count,
    answers={200: SelectionView},
    refusals=(EmptySelectionError, RecipientForbiddenError),
)

read_withdrawals = Endpoint(
    name="read_withdrawals",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}",
    summary="Read the progress of a recall of messages",
    description=(
        "The answer is kept for 30 days. The key of the service reads all recalls of the service, "
        "the key of an intermediary only those that the intermediary made."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": RecallIdField},
    handler=_progress,
    answers={200: RecallView},
    refusals=(RecallNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    withdraw_messages,
    withdraw_selection,
    dry_run_withdrawal,
    read_withdrawals,
)
