"""The endpoint that gives the bytes of a message's file."""

from functions.http.citizen.messages import BASE
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.files.items import FileIdField
from functions.http.views.files.ranges import BYTES, RANGE, RangeHeader, answer_with, asked_of
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    RangeNeededError,
    WrongRangeError,
)
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.parties.admission import READS_MESSAGE
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId


async def _download(call: Call[Access, None, None]) -> Answer:
    asked = asked_of(call)
    part = await call.app.documents.read_attachment.of_message(
        call.caller, MessageId(call.path["id"]), call.path["attachment_id"], asked
    )
    return answer_with(part, asked)


download_attachment = Endpoint(
    name="download_attachment",
    is_ours=True,
    method="GET",
    path=f"{BASE}/{{id}}/attachments/{{attachment_id}}",
    summary="Download a file of a message",
    description=(
        "`attachments` of the message has its files. A file of more than 20 MB, unless the "
        "installation has another limit, is downloaded in ranges. The ETag is the file's SHA-256 "
        "hash; a file never changes."
    ),
    tag="citizen",
    policy=Citizens(READS_MESSAGE),
    parameters={"id": AnyMessageIdField, "attachment_id": FileIdField},
    headers={RANGE: RangeHeader},
    handler=_download,
    answers={200: BYTES, 206: BYTES},
    refusals=(MessageNotFoundError, AttachmentNotFoundError, WrongRangeError, RangeNeededError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (download_attachment,)
