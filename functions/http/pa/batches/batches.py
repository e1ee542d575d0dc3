"""Endpoints of batches: make them, send and follow them."""

from typing import Annotated

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.batches.batch_views import BatchView, batch_view
from functions.http.pa.messages import IDEMPOTENCY_KEY, READERS, IdempotencyKey
from lib.domain.attachments.errors import AttachmentNotFoundError, AttachmentStateError
from lib.domain.batches.errors import (
    BatchDoubtError,
    BatchForbiddenError,
    BatchNotFoundError,
    BatchStateError,
    InvalidTemplateError,
    StartTooLateError,
    TemplateNotFoundError,
    TooManyBatchesError,
)
from lib.domain.batches.new_batch import NewBatch
from lib.domain.batches.status import BatchStatus
from lib.domain.messages.errors import IdempotencyKeyReusedError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import Flag

PATH = "/api/v1/batches"
WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))
NEW_BATCH_LIMIT = 512 * 1024
BatchIdField = Annotated[UlidField, says("The id of the batch.")]
EXAMPLE = {
    "name": "TARI 2027",
    "content": {
        "subject": "Tassa sui rifiuti 2027",
        "markdown": "Gentile {{ nome }}, trovi in questo messaggio l'avviso della tassa sui "
        "rifiuti per l'anno 2027, con l'importo e la scadenza.",
    },
    "recipients": [{"fiscal_code": "RSSMRA80A01H501U", "nome": "Mario"}],
}


class SendRequest(Model):
    """How a checked batch is sent."""

    skip_wrong_rows: Annotated[
        Flag, says("Whether the rows with problems are left out. The default is false.")
    ] = False
    accept_doubts: Annotated[
        Flag, says("Whether the batch is sent in spite of its doubts. The default is false.")
    ] = False


class BatchesQuery(Model):
    """The page to return."""

    limit: Annotated[int, Field(ge=1, le=100, description="The most batches to return.")] = 20
    before: Annotated[
        UlidField | None, says("Only batches before this id: the `next` of the page before.")
    ] = None


class BatchList(Model):
    """A page of batches."""

    items: Annotated[list[BatchView], says("The batches, the newest first.")]
    next: Annotated[str | None, says("The start of the next page. Absent: there is none.")] = None


async def _create(call: Call[Sender, NewBatch, None]) -> Answer:
    batches = call.app.batches
    batch, is_replayed = await batches.create(
        call.caller, call.body, call.headers.get(IDEMPOTENCY_KEY)
    )
    headers = {"Location": f"{PATH}/{batch.id}"}
    if is_replayed:
        headers["Idempotent-Replay"] = "true"
    if call.body.recipients is not None and batch.status is BatchStatus.DRAFT:
        batch = await batches.upload.rows(call.caller, batch.id, call.body.recipients)
    return Answer(201, batch_view(batch), headers)


async def _list(call: Call[Sender, None, BatchesQuery]) -> Answer:
    size = call.query.limit
    found = await call.app.batches.follow.page(call.caller, size + 1, call.query.before)
    items = [batch_view(one) for one in found[:size]]
    return Answer(200, BatchList(items=items, next=items[-1].id if len(found) > size else None))


async def _send(call: Call[Sender, SendRequest, None]) -> Answer:
    batch = await call.app.batches.manage.send(
        call.caller,
        call.path["id"],
        skips_wrong_rows=call.body.skip_wrong_rows,
        accepts_doubts=call.body.accept_doubts,
    )
    return Answer(202, batch_view(batch))


create_batch = Endpoint(
    name="create_batch",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Create a batch: one text for many recipients",
    description=(
        "Nothing is sent yet. Up to 1,000 recipients may be in the body; a longer list is uploaded "
        "to `/api/v1/batches/{id}/recipients`. The rows are then checked: follow the batch until "
        "it is CHECKED, look at its problems and counts, and send it. A text without placeholders "
        "is stored once for all recipients, and so is each file in `attachments`. A service may "
        "have 100 batches that are neither FINISHED nor CANCELLED."
    ),
    tag="sender",
    policy=WRITERS,
    headers={IDEMPOTENCY_KEY: IdempotencyKey},
    body=Body[NewBatch](NewBatch, name="NewBatch", limit=NEW_BATCH_LIMIT, example=EXAMPLE),
    handler=_create,
    answers={201: BatchView},
    refusals=(
        InvalidTemplateError,
        TemplateNotFoundError,
        IdempotencyKeyReusedError,
        TooManyBatchesError,
        BatchStateError,
        StartTooLateError,
        AttachmentNotFoundError,
        AttachmentStateError,
    ),
)

list_batches = Endpoint(
    name="list_batches",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List your batches",
    description="The key of an intermediary sees only the batches that the intermediary made.",
    tag="sender",
    policy=READERS,
    query=BatchesQuery,
    handler=_list,
    answers={200: BatchList},
)

send_batch = Endpoint(
    name="send_batch",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/send",
    summary="Send a checked batch",
    description=(
        "202: each good row is sent, once. A batch that needs an approval waits for "
        "`POST /api/v1/batches/{id}/approval`. A row with a problem is never sent."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": BatchIdField},
    body=Body[SendRequest](
        SendRequest, name="SendRequest", example={"skip_wrong_rows": True}, is_optional=True
    ),
    handler=_send,
    answers={202: BatchView},
    refusals=(BatchForbiddenError, BatchNotFoundError, BatchStateError, BatchDoubtError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    create_batch,
    list_batches,
    send_batch,
)
