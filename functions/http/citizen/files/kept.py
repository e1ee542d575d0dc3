"""The endpoints of the personal archive: documents that a citizen keeps."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from functions.http.callers.access_log import LogsNothing
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.parameters.values import DIGITS
from functions.http.views.files.items import AttachmentItem, FileIdField, shown_file
from functions.http.views.files.ranges import BYTES, RANGE, RangeHeader, answer_with, asked_of
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    RangeNeededError,
    WrongRangeError,
)
from lib.domain.documents.kept_document import KeptDocument
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.words.text_rules import one_line
from lib.domain.parties.admission import OWNER_ALONE
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageIdField, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, IOType

PATH: Final = "/api/communication/v1/documents"


class KeepRequest(Model):
    """A document to keep, or another title for a kept one."""

    message_id: Annotated[
        MessageIdField | None,
        NOT_NULL,
        says("The id of the message that has the file. Absent: the document is kept already."),
    ] = None
    title: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=120),
        AfterValidator(one_line),
        NOT_NULL,
        IOType(("title of 1 to 120 characters",), "must be one line of 1 to 120 characters"),
        says("Your own title. Absent: the subject of the message, or the title that it has."),
    ] = None


class KeptDocumentItem(AttachmentItem):
    """A kept document, with its file."""

    title: Annotated[str, says("The title of the document in the archive.")]
    message_id: Annotated[
        MessageIdField, says("The id of the message that had the file; it may be deleted.")
    ]
    sender: Annotated[str, says("The name of the public administration that sent it.")]
    kept_at: Annotated[str, says("When it was put into the archive: date and time in UTC.")]


class DocumentsQuery(Model):
    """The page to return."""

    page_size: Annotated[
        int, DIGITS, Field(ge=1, le=100), says("How many documents a page has at most.")
    ] = 20
    before: Annotated[
        UlidField | None, says("Only documents before this id: the `next` of the page before.")
    ] = None


class KeptDocumentList(Model):
    """A page of the personal archive."""

    items: Annotated[list[KeptDocumentItem], says("The documents, the newest files first.")]
    next: Annotated[str | None, says("The start of the next page. Absent: there is none.")] = None


def _item(kept: KeptDocument) -> KeptDocumentItem:
    return KeptDocumentItem(
        **shown_file(kept.file),
        title=kept.title,
        message_id=kept.message_id,
        sender=kept.sender,
        kept_at=kept.kept_at,
    )


async def _keep(call: Call[Access, KeepRequest, None]) -> Answer:
    asked = call.body
    kept = await call.app.documents.keep(
        call.caller, call.path["id"], asked.message_id, asked.title
    )
    return Answer(200, _item(kept))


async def _list(call: Call[Access, None, DocumentsQuery]) -> Answer:
    size = call.query.page_size
    found = await call.app.documents.keep.page(call.caller, size + 1, call.query.before)
    items = [_item(one) for one in found[:size]]
    following = items[-1].id if len(found) > size else None
    return Answer(200, KeptDocumentList(items=items, next=following))


async def _download(call: Call[Access, None, None]) -> Answer:
    asked = asked_of(call)
    part = await call.app.documents.read_attachment.kept(call.caller, call.path["id"], asked)
    return answer_with(part, asked)


async def _remove(call: Call[Access, None, None]) -> Answer:
    await call.app.documents.keep.remove(call.caller, call.path["id"])
    return Answer(204)


keep_document = Endpoint(
    name="keep_document",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{id}}",
    summary="Set a document of your personal archive",
    description=(
        "A file of a message becomes a document of the archive. It stays there when its message is "
        "deleted, until you remove it from the archive. A repeated request changes nothing; a "
        "request with another title changes the title."
    ),
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"id": FileIdField},
    body=Body[KeepRequest](
        KeepRequest, name="KeepRequest", example={"title": "Certificato di residenza"}
    ),
    handler=_keep,
    logs=LogsNothing("the archive shows it, and the owner alone changes it"),
    answers={200: KeptDocumentItem},
    refusals=(MessageNotFoundError, AttachmentNotFoundError),
)

list_documents = Endpoint(
    name="list_documents",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List your personal archive",
    description="The files that you keep, also those of messages that are deleted.",
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    query=DocumentsQuery,
    handler=_list,
    answers={200: KeptDocumentList},
)

download_document = Endpoint(
    name="download_document",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{id}}/content",
    summary="Download a document of your personal archive",
    description="As a file of a message is downloaded.",
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"id": FileIdField},
    headers={RANGE: RangeHeader},
    handler=_download,
    answers={200: BYTES, 206: BYTES},
    refusals=(AttachmentNotFoundError, WrongRangeError, RangeNeededError),
)

remove_document = Endpoint(
    name="remove_document",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Remove a document from your personal archive",
    description="The file is deleted with its message; soon, if the message is deleted already.",
    tag="citizen",
    policy=Citizens(OWNER_ALONE),
    parameters={"id": FileIdField},
    handler=_remove,
    logs=LogsNothing("the archive shows it, and the owner alone changes it"),
    answers={204: None},
    refusals=(AttachmentNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    keep_document,
    list_documents,
    download_document,
    remove_document,
)
