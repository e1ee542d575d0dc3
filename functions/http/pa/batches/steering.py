"""Endpoints that change the status of a batch: approve, pause, resume, cancel, retry, withdraw."""

from collections.abc import Awaitable, Callable

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.batches.batch_views import BatchView, batch_view
from functions.http.pa.batches.batches import PATH, WRITERS, BatchIdField
from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchForbiddenError, BatchNotFoundError, BatchStateError
from lib.domain.messages.withdrawals.withdrawal_request import NewWithdrawal
from lib.domain.services.service import Sender
from lib.use_cases.batches.manage_batch import ManageBatch

type _Step = Callable[[ManageBatch, Sender, str], Awaitable[Batch]]


def _endpoint(name: str, last: str, summary: str, description: str, step: _Step) -> AnyEndpoint:
    async def handle(call: Call[Sender, None, None]) -> Answer:
        return Answer(
            202, batch_view(await step(call.app.batches.manage, call.caller, call.path["id"]))
        )

    return Endpoint(
        name=name,
        is_ours=True,
        method="POST",
        path=f"{PATH}/{{id}}/{last}",
        summary=summary,
        description=description,
        tag="sender",
        policy=WRITERS,
        parameters={"id": BatchIdField},
        handler=handle,
        answers={202: BatchView},
        refusals=(BatchForbiddenError, BatchNotFoundError, BatchStateError),
    )


async def _withdraw(call: Call[Sender, NewWithdrawal, None]) -> Answer:
    batch = await call.app.batches.manage.withdraw(call.caller, call.path["id"], call.body.reason)
    return Answer(202, batch_view(batch))


withdraw_batch = Endpoint(
    name="withdraw_batch",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/withdrawal",
    summary="Withdraw all messages of a batch",
    description=(
        "A batch that is RUNNING or PAUSED sends no further row; one that is FINISHED or CANCELLED "
        "is withdrawn, too. 202 means that each message is withdrawn as by a call of its own. "
        "Follow the batch until it is WITHDRAWN: `progress` and `results.csv` show each row as "
        "WITHDRAWN, or as NOT_WITHDRAWN with its reason. Rows that were under way at the request "
        "are withdrawn too; they may take six minutes. A payment itself stays payable, but the "
        "payment notice of a row with instalments is cancelled where it is not paid. The same "
        "request may be sent again: the first reason counts. A batch that was withdrawn cannot be "
        "sent again. A batch that was not sent is cancelled instead."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": BatchIdField},
    body=Body[NewWithdrawal](
        NewWithdrawal,
        name="NewWithdrawal",
        example={"reason": "L'importo era sbagliato: riceverai un nuovo avviso."},
    ),
    handler=_withdraw,
    answers={202: BatchView},
    refusals=(BatchForbiddenError, BatchNotFoundError, BatchStateError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    _endpoint(
        "approve_batch",
        "approval",
        "Approve a batch as a second person",
        "The key must be that of another account than the key that made the batch, and than the "
        "key that asked to send it.",
        ManageBatch.approve,
    ),
    _endpoint(
        "pause_batch",
        "pause",
        "Pause a batch that is being sent",
        "Rows that are being sent at this moment still end; no further row is sent.",
        ManageBatch.pause,
    ),
    _endpoint(
        "resume_batch",
        "resume",
        "Send a paused batch on",
        "The rows that have an outcome are not sent again.",
        ManageBatch.resume,
    ),
    _endpoint(
        "cancel_batch",
        "cancellation",
        "Send no further row of a batch",
        "Messages that were sent stay; `/api/v1/batches/{id}/withdrawal` withdraws them, too.",
        ManageBatch.cancel,
    ),
    _endpoint(
        "retry_batch",
        "retry",
        "Send the failed rows of a finished batch again",
        "Rows that were sent or rejected are not sent again. `ABOVE_TRIAL_CAP`: your organisation "
        "is on trial, and had sent its messages of the day; retry on another day.",
        ManageBatch.retry,
    ),
    withdraw_batch,
)
