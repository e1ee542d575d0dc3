"""Endpoints of files: upload them, to attach them to messages."""

from typing import Annotated, Final

from pydantic import StringConstraints

from functions.http.contract.call import FileBody, UploadedFile
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import IDEMPOTENCY_KEY, IdempotencyKey
from functions.http.views.files.items import AttachmentItem, FileIdField
from lib.domain.attachments.attachment import PART_BYTES, Attachment, AttachmentStatus, Refusal
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    AttachmentStateError,
    ScannerOffError,
    WrongPartError,
)
from lib.domain.attachments.new_attachment import NewAttachment
from lib.domain.messages.errors import IdempotencyKeyReusedError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.values import IOType

PATH: Final = "/api/v1/attachments"
WRITERS: Final = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))
PartNumber = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9]|1[0-3])$"),
    IOType(("number from 1 to 13",), "must be a number from 1 to 13"),
    says("The number of the part: 1 for the first."),
]
_EXAMPLE: Final = {
    "name": "certificato.pdf",
    "size": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


class AttachmentView(AttachmentItem):
    """A file that you upload."""

    status: Annotated[
        AttachmentStatus,
        says(
            "The status of the file. UPLOADING: send its parts. CHECKING: it is being checked. "
            "READY: a message or a batch may have it. REFUSED: see `refusal`. ATTACHED: a message "
            "has it. SHARED: a batch has it. RETIRED: it is being deleted."
        ),
    ]
    parts: Annotated[int, says("The number of its parts of 4 MiB (4,194,304 bytes).")]
    created_at: Annotated[str, says("When it was announced: date and time in UTC.")]
    expires_at: Annotated[
        str | None,
        says(
            "When it is deleted, if nothing has it by then: date and time in UTC. Absent: a "
            "message or a batch has it, or it is being deleted."
        ),
    ] = None
    refusal: Annotated[
        Refusal | None,
        says(
            "Why it was refused. WRONG_HASH: the bytes are not those of `sha256`. INFECTED: the "
            "scanner found malware. WRONG_FORM: the content is not what the ending of the name "
            "says. Absent: it was not refused."
        ),
    ] = None
    refusal_detail: Annotated[str | None, says("The refusal in words. Absent: as `refusal`.")] = (
        None
    )


def _view(attachment: Attachment) -> AttachmentView:
    is_alone = attachment.status not in {"ATTACHED", "SHARED", "RETIRED"}
    return AttachmentView(
        id=attachment.id,
        name=attachment.name,
        content_type=attachment.media_type,
        size=attachment.size,
        sha256=attachment.sha256,
        status=attachment.status,
        parts=attachment.parts,
        created_at=attachment.created_at,
        expires_at=attachment.expires_at if is_alone else None,
        refusal=attachment.refusal,
        refusal_detail=attachment.refusal_detail,
    )


async def _create(call: Call[Sender, NewAttachment, None]) -> Answer:
    attachment, is_replayed = await call.app.attachments.upload.begin(
        call.caller, call.body, call.headers.get(IDEMPOTENCY_KEY)
    )
    headers = {"Location": f"{PATH}/{attachment.id}"}
    if is_replayed:
        headers["Idempotent-Replay"] = "true"
    return Answer(201, _view(attachment), headers)


async def _put(call: Call[Sender, UploadedFile, None]) -> Answer:
    attachment = await call.app.attachments.upload.put(
        call.caller, call.path["id"], int(call.path["number"]), call.body.content
    )
    return Answer(200, _view(attachment))


async def _complete(call: Call[Sender, None, None]) -> Answer:
    attachment = await call.app.attachments.upload.complete(call.caller, call.path["id"])
    return Answer(202, _view(attachment))


async def _read(call: Call[Sender, None, None]) -> Answer:
    return Answer(200, _view(await call.app.attachments.upload.read(call.caller, call.path["id"])))


async def _discard(call: Call[Sender, None, None]) -> Answer:
    await call.app.attachments.upload.discard(call.caller, call.path["id"])
    return Answer(204)


create_attachment = Endpoint(
    name="create_attachment",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Create a file to attach to a message",
    description=(
        "PDF, PNG and signed documents (P7M, ASiC-E, ASiC-S) of up to 50 MiB. Upload the parts of "
        "4 MiB next, then complete the file: it is checked for its hash, its form and malware. "
        "Once it is READY, name its id in `attachments` of one message. A file that no message has "
        "after 7 days is deleted."
    ),
    tag="sender",
    policy=WRITERS,
    headers={IDEMPOTENCY_KEY: IdempotencyKey},
    body=Body[NewAttachment](NewAttachment, name="NewAttachment", example=_EXAMPLE),
    handler=_create,
    answers={201: AttachmentView},
    refusals=(ScannerOffError, IdempotencyKeyReusedError),
)

upload_attachment_part = Endpoint(
    name="upload_attachment_part",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{id}}/parts/{{number}}",
    summary="Upload a part of a file",
    description=(
        "Each part but the last has 4,194,304 bytes. Parts may come in any order. A part that came "
        "before may come again with the same bytes, after a lost answer; other bytes are answered "
        "409, since a stored part never changes."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": FileIdField, "number": PartNumber},
    body=FileBody(
        UploadedFile,
        name="attachment_part",
        limit=PART_BYTES,
        media_types=("application/octet-stream",),
        example={"application/octet-stream": "%PDF-1.7"},
    ),
    handler=_put,
    answers={200: AttachmentView},
    refusals=(AttachmentNotFoundError, AttachmentStateError, WrongPartError),
)

complete_attachment = Endpoint(
    name="complete_attachment",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/completion",
    summary="Complete a file whose parts are all uploaded",
    description=(
        "202: the file is checked next; read it until it is READY or REFUSED. 409: parts are "
        "missing, and the detail names them. A repeated request changes nothing."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": FileIdField},
    handler=_complete,
    answers={202: AttachmentView},
    refusals=(AttachmentNotFoundError, AttachmentStateError),
)

read_attachment = Endpoint(
    name="read_attachment",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}",
    summary="Read the status of a file",
    description="The answer does not have the bytes: only the citizen can download them.",
    tag="sender",
    policy=WRITERS,
    parameters={"id": FileIdField},
    handler=_read,
    answers={200: AttachmentView},
    refusals=(AttachmentNotFoundError,),
)

discard_attachment = Endpoint(
    name="discard_attachment",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Remove a file that no message has",
    description="Its bytes are deleted within two days. A repeated request changes nothing.",
    tag="sender",
    policy=WRITERS,
    parameters={"id": FileIdField},
    handler=_discard,
    answers={204: None},
    refusals=(AttachmentNotFoundError, AttachmentStateError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    create_attachment,
    upload_attachment_part,
    complete_attachment,
    read_attachment,
    discard_attachment,
)
