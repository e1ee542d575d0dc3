"""Endpoints of content that senders keep, and of stored files, as IO's app reads them."""

from typing import Annotated, Any, Final

from pydantic import Field

from functions.http.citizen.communication.remote_views import (
    PreconditionAnswer,
    RemoteMessageAnswer,
    precondition_view,
    remote_message_view,
)
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint, File
from functions.http.contract.policies import Citizens
from functions.http.parameters.languages import ACCEPT_LANGUAGE, accepted_languages, tag_of
from functions.http.views.files.ranges import BYTES, RANGE, RangeHeader, answer_with, asked_of
from lib.domain.attachments.errors import (
    AttachmentNotFoundError,
    RangeNeededError,
    WrongRangeError,
)
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.parties.admission import READS_MESSAGE
from lib.domain.remote_content.addresses import MOST_CHARACTERS
from lib.domain.remote_content.conditional import Validators, conditions
from lib.domain.remote_content.errors import (
    AttachmentPathError,
    ConfigurationGoneError,
    HostAwayError,
    HostFailedError,
    HostRefusedError,
    HostSilentError,
    InvalidRemoteContentError,
    NoRemoteContentError,
    NotAPdfError,
    RemoteContentWithdrawnError,
)
from lib.domain.shared.described import says
from lib.domain.shared.errors import DomainError
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId
from lib.use_cases.attachments.read_file import FilePart

PATH: Final = "/api/communication/v1/third-party-messages/{id}"
_HEADERS: Final = {
    "if-none-match": Annotated[
        str, says("The `ETag` of the copy that you have. Absent: you have none.")
    ],
    "if-modified-since": Annotated[
        str, says("The `Last-Modified` of the copy that you have. Absent: you have none.")
    ],
}
_REFUSALS: Final[tuple[type[DomainError], ...]] = (
    MessageNotFoundError,
    NoRemoteContentError,
    RemoteContentWithdrawnError,
    ConfigurationGoneError,
    HostRefusedError,
    HostFailedError,
    HostAwayError,
    HostSilentError,
)
_NOT_MODIFIED: Final = (
    "Where the sender's host gives an `ETag` or `Last-Modified`, the answer has it, and a request "
    "with it may be answered 304."
)

type CitizenCall = Call[Access, None, None]


async def _precondition(call: CitizenCall) -> Answer:
    id_ = MessageId(call.path["id"])
    found = await call.app.remote_content.read_precondition(call.caller, id_)
    return Answer(204) if found is None else Answer(200, precondition_view(found))


async def _message(call: CitizenCall) -> Answer:
    found = await call.app.remote_content.read_message(
        call.caller,
        MessageId(call.path["id"]),
        accepted_languages(call.headers),
        conditions(call.headers),
    )
    if isinstance(found, Validators):
        return Answer(304, headers=found.headers)
    answer = remote_message_view(found)
    written = {} if answer.language is None else {"Content-Language": tag_of(answer.language)}
    return Answer(200, answer, {**written, **found.validators.headers})


async def _attachment(call: CitizenCall) -> Answer:
    asked = asked_of(call)
    found = await call.app.remote_content.read_attachment(
        call.caller,
        MessageId(call.path["id"]),
        call.path["attachment_url"],
        call.query_string,
        conditions(call.headers),
        asked,
    )
    if isinstance(found, FilePart):
        return answer_with(found, asked)
    headers = found.validators.headers
    if found.content is None:
        return Answer(304, headers=headers)
    file = File(found.content, BYTES, "attachment.pdf")
    return Answer(200, file, headers)


def _endpoint(
    name: str, path: str, *, refusals: tuple[type[DomainError], ...] = (), **given: Any
) -> Endpoint[Access, None, None]:
    return Endpoint(
        name=name,
        method="GET",
        path=PATH + path,
        tag="citizen",
        policy=Citizens(READS_MESSAGE),
        refusals=(*_REFUSALS, *refusals),
        **given,
    )


_ID: Final = {"id": AnyMessageIdField}

read_remote_precondition = _endpoint(
    "read_remote_precondition",
    "/precondition",
    summary="Read what the citizen confirms before a message opens",
    description=(
        "The sender's host has the text. A message whose `has_precondition` is NEVER has none: 204."
    ),
    parameters=_ID,
    handler=_precondition,
    answers={200: PreconditionAnswer, 204: None},
)

read_remote_message = _endpoint(
    "read_remote_message",
    "",
    summary="Read a message with its attachments and the content that its sender keeps",
    description=(
        "The sender's host is asked each time, and has five seconds; a message that has files "
        "stored here alone is answered without it. Attachments, subject and text "
        "of the host are shown only if the message announces them; otherwise there are no "
        f"attachments, and the subject and text that the sender sent. {_NOT_MODIFIED}"
    ),
    parameters=_ID,
    headers={**_HEADERS, **ACCEPT_LANGUAGE},
    handler=_message,
    answers={200: RemoteMessageAnswer, 304: None},
    refusals=(InvalidRemoteContentError,),
)

read_remote_attachment = _endpoint(
    "read_remote_attachment",
    "/attachments/{attachment_url}",
    summary="Download an attachment that the sender keeps or that is stored here",
    description=(
        "`attachment_url` is the `url` of an attachment, with its slashes, and a query of its own "
        "is passed on. A file of the sender's host is a PDF document of at most 20 MB, unless the "
        "installation has another limit; the host has 20 seconds, and sees no `Range`. Where the "
        f"answer is 503, ask again after the time in `Retry-After`. {_NOT_MODIFIED} A stored file "
        "is answered as at `messages/{id}/attachments`."
    ),
    parameters={
        **_ID,
        "attachment_url": Annotated[
            str,
            Field(min_length=1, max_length=MOST_CHARACTERS),
            says("The `url` of the attachment, which may have slashes."),
        ],
    },
    headers={**_HEADERS, RANGE: RangeHeader},
    handler=_attachment,
    answers={200: BYTES, 206: BYTES, 304: None},
    refusals=(
        AttachmentPathError,
        NotAPdfError,
        AttachmentNotFoundError,
        WrongRangeError,
        RangeNeededError,
    ),
    takes_rest=True,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_remote_precondition,
    read_remote_message,
    read_remote_attachment,
)
