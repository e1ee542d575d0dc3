"""Endpoints of a batch's list of recipients: upload it whole, or in parts."""

import hashlib
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.contract.call import FileBody, UploadedFile
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.problems import Problem, RequestError
from functions.http.pa.batches.batch_views import BatchView, batch_view
from functions.http.pa.batches.batches import PATH, WRITERS, BatchIdField
from lib.domain.batches.errors import (
    BatchForbiddenError,
    BatchNotFoundError,
    BatchStateError,
    ListPartsError,
)
from lib.domain.services.service import Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType
from lib.repositories.batches.batch_files import MOST_PARTS, PART_BYTES

WHOLE_BYTES: Final = 8_000_000
"""The longest list that one request uploads: the platform holds it in memory."""
LISTS = {
    "text/csv": "codice_fiscale;riferimento;nome\nRSSMRA80A01H501U;TARI-1;Mario\n",
    "application/x-ndjson": '{"fiscal_code": "RSSMRA80A01H501U", "nome": "Mario"}\n',
    "application/jsonl": '{"fiscal_code": "RSSMRA80A01H501U", "nome": "Mario"}\n',
    "application/json": [{"fiscal_code": "RSSMRA80A01H501U", "nome": "Mario"}],
}
MEDIA_TYPE_PATTERN: Final = (
    r"^(text/csv|application/x-ndjson|application/jsonl|application/json)(;[ -~]{1,80})?$"
)
PartNumber = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9][0-9]?|100)$"),
    IOType(("number from 1 to 100",), "must be a number from 1 to 100"),
    says("The number of the part: 1 for the first."),
]
REFUSALS = (BatchForbiddenError, BatchNotFoundError, BatchStateError)


class ListPart(Model):
    """A stored part of a list."""

    number: Annotated[int, says("Its number, from 1.")]
    size: Annotated[int, says("How many bytes it has.")]
    sha256: Annotated[str, says("The SHA-256 hash of its bytes, in hex.")]


class WholeList(Model):
    """A list whose parts are all uploaded."""

    parts: Annotated[int, Field(strict=True, ge=1, le=MOST_PARTS), says("How many parts it has.")]
    sha256: Annotated[
        str,
        Field(pattern=r"^[0-9a-f]{64}$"),
        says("The SHA-256 hash of all its bytes, part after part, in hex."),
    ]
    content_type: Annotated[
        str,
        Field(pattern=MEDIA_TYPE_PATTERN),
        says("The form of the list, as the Content-Type of a whole list would name it."),
    ]


async def _upload(call: Call[Sender, UploadedFile, None]) -> Answer:
    file = call.body
    batch = await call.app.batches.upload(
        call.caller, call.path["id"], file.content_type, file.content
    )
    return Answer(202, batch_view(batch))


async def _upload_part(call: Call[Sender, UploadedFile, None]) -> Answer:
    content, number = call.body.content, int(call.path["number"])
    if not content:
        raise RequestError(Problem(400, "Empty part", "The part must have at least one byte."))
    await call.app.batches.upload_parts.put(call.caller, call.path["id"], number, content)
    digest = hashlib.sha256(content).hexdigest()
    return Answer(200, ListPart(number=number, size=len(content), sha256=digest))


async def _complete(call: Call[Sender, WholeList, None]) -> Answer:
    whole = call.body
    batch = await call.app.batches.upload_parts.complete(
        call.caller,
        call.path["id"],
        media_type=whole.content_type,
        parts=whole.parts,
        sha256=whole.sha256,
    )
    return Answer(202, batch_view(batch))


upload_recipients = Endpoint(
    name="upload_recipients",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{id}}/recipients",
    summary="Upload the recipients of a batch",
    description=(
        "A list of up to 200,000 rows, as CSV, as JSON lines or as a JSON array. A list of more "
        "than 8 MB, and up to 50 MB, is uploaded in parts: "
        "`PUT /api/v1/batches/{id}/recipients/parts/{number}`. CSV has "
        "a header row; its encoding and its delimiter are found out and reported. The column "
        "`fiscal_code` (or `codice_fiscale`) is required; `reference`, `notice_number`, `amount` "
        "(euro cents) or `amount_euro` and `due_date` are known; every other column is the value "
        "of a placeholder. `about_kind`, `about_label` and `about_identifier` say whom or what the "
        "message of a row is about, and are values as well. A row with instalments "
        "(`notice_number_1`, `amount_1`, `due_date_1` and so on, at least two), with its whole sum "
        "or without, becomes a payment notice as "
        "`POST /api/v1/payment-notices` makes it: the message has the text of the batch and then "
        "the sums, and each later instalment becomes a message 30 days before it is due. Such a "
        "row is REJECTED where a notice number is in use. `importo_rata_1`, `Rata 1 scadenza` and "
        "`instalment 1 amount` name such columns too. A new list replaces the one before, until "
        "the batch is sent."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": BatchIdField},
    body=FileBody(
        UploadedFile,
        name="recipients",
        limit=WHOLE_BYTES,
        media_types=("text/csv", "application/x-ndjson", "application/jsonl", "application/json"),
        example=LISTS,
    ),
    handler=_upload,
    answers={202: BatchView},
    refusals=REFUSALS,
)

upload_recipients_part = Endpoint(
    name="upload_recipients_part",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{id}}/recipients/parts/{{number}}",
    summary="Upload a part of the recipients of a batch",
    description=(
        "The bytes of the list are cut anywhere into up to 100 parts of up to 4 MiB (4,194,304 "
        "bytes). Parts may come in any order; a part of the same number replaces the one before, "
        "so repeat a part whose answer was lost. `POST /api/v1/batches/{id}/recipients` then makes "
        "them the list of the batch. Parts that are not completed within 7 days are deleted."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": BatchIdField, "number": PartNumber},
    body=FileBody(
        UploadedFile,
        name="part",
        limit=PART_BYTES,
        media_types=("application/octet-stream",),
        example={"application/octet-stream": LISTS["text/csv"]},
    ),
    handler=_upload_part,
    answers={200: ListPart},
    refusals=REFUSALS,
)

complete_recipients = Endpoint(
    name="complete_recipients",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/recipients",
    summary="Complete the recipients of a batch that were uploaded in parts",
    description=(
        "The parts from 1 to `parts` become the list of the batch, in place of the one before, and "
        "the rows are checked. 409: a part is missing, or the bytes are not those of `sha256`; "
        "nothing has changed then, and the detail names what to send again. The same request "
        "again, after a lost answer, changes nothing."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": BatchIdField},
    body=Body[WholeList](
        WholeList,
        name="WholeList",
        example={
            "parts": 1,
            "sha256": hashlib.sha256(str(LISTS["text/csv"]).encode()).hexdigest(),
            "content_type": "text/csv",
        },
    ),
    handler=_complete,
    answers={202: BatchView},
    refusals=(*REFUSALS, ListPartsError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    upload_recipients,
    upload_recipients_part,
    complete_recipients,
)
