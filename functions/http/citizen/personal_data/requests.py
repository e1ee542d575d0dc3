"""Endpoints of the citizen's requests for a copy of all personal data, and for its deletion."""

from typing import Annotated, Final, Literal

from pydantic import Field

from functions.http.callers.access_log import Logs
from functions.http.citizen.older_paths import at_older_paths
from functions.http.contract.answers import File
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.files.ranges import RANGE, RangeHeader, asked_of, ranged
from lib.domain.access_log.access_entry import Action
from lib.domain.attachments.errors import RangeNeededError, WrongRangeError
from lib.domain.identity.access import Access
from lib.domain.parties.admission import MANAGES
from lib.domain.personal_data.data_request import DataRequest
from lib.domain.personal_data.erasure_request import ErasureRequest
from lib.domain.personal_data.errors import (
    ArchiveNotFoundError,
    DataRequestNotFoundError,
    DataRequestOpenError,
    ErasureNotPendingError,
)
from lib.domain.profiles.errors import LeavingError
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

PATH: Final = "/api/identity/v1/user-data-processing"
ARCHIVE_PATH: Final = "/api/identity/v1/user-data-archive"
ZIP: Final = "application/zip"
Choice = Literal["DOWNLOAD", "DELETE"]
Status = Literal["PENDING", "WIP", "CLOSED", "FAILED", "ABORTED"]
_CHOICE: Final = says(
    "DOWNLOAD: a copy of all personal data. DELETE: its deletion, after some days in which you can "
    "abort it."
)
ChoiceInPath = Annotated[
    Choice,
    _CHOICE,
    IOType(("UserDataProcessingChoice",), "must be DOWNLOAD or DELETE"),
]


class UserDataProcessingRequest(Model):
    """The request."""

    choice: ChoiceInPath


class UserDataProcessing(Model):
    """A request with its status."""

    choice: Annotated[Choice, _CHOICE]
    status: Annotated[
        Status,
        says(
            "PENDING: the request waits; a deletion can be aborted. WIP: it is being processed. "
            "CLOSED: the archive was made, and can be downloaded for 3 days. FAILED: it could not "
            "be made; ask again. ABORTED: you took the deletion back. A deletion that is done "
            "leaves no request."
        ),
    ]
    version: Annotated[int, says("The number of your requests before this one.")]
    created_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When you made the request: date and time in UTC."),
    ]
    updated_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When its status changed last: date and time in UTC."),
    ]


def _answer(choice: Choice, request: DataRequest | ErasureRequest, status: Status) -> Answer:
    return Answer(
        200,
        UserDataProcessing(
            choice=choice,
            status=status,
            version=request.version,
            created_at=request.created_at,
            updated_at=request.updated_at,
        ),
    )


async def _request(call: Call[Access, UserDataProcessingRequest, None]) -> Answer:
    choice: Choice = call.body.choice
    if choice == "DELETE":
        erasure = await call.app.personal_data.request_erasure(call.caller)
        return _answer(choice, erasure, erasure.status)
    request = await call.app.personal_data.request(call.caller)
    return _answer(choice, request, request.status)


async def _read(call: Call[Access, None, None]) -> Answer:
    if call.path["choice"] == "DELETE":
        erasure = await call.app.personal_data.request_erasure.read(call.caller)
        return _answer("DELETE", erasure, erasure.status)
    return _answer("DOWNLOAD", *await call.app.personal_data.request.read(call.caller))


async def _abort(call: Call[Access, None, None]) -> Answer:
    if call.path["choice"] == "DOWNLOAD":
        await call.app.personal_data.request.read(call.caller)
        raise ErasureNotPendingError
    await call.app.personal_data.request_erasure.abort(call.caller)
    return Answer(202)


async def _download(call: Call[Access, None, None]) -> Answer:
    asked = asked_of(call)
    part = await call.app.personal_data.request.archive(call.caller, asked)
    body, request = File(part.content, ZIP, "recapito.zip"), part.request
    return ranged(body, part.first, request.size, asked, etag=request.id)


request_user_data: Endpoint[Access, UserDataProcessingRequest, None] = Endpoint(
    name="request_user_data",
    method="POST",
    path=PATH,
    summary="Request a copy of all personal data, or its deletion",
    description=(
        "A copy is made in the background; the citizen is told by push or e-mail when it is ready. "
        "A deletion begins after some days (7, unless the installation says otherwise), and until "
        "then all works as before; the citizen is told at once, and can abort it. It then takes an "
        "hour or two, in which no profile can be written. Messages, settings, devices and all else "
        "of the citizen are deleted. What senders keep as their own records stays without the "
        "citizen's name: the entry of a message in their list, and a payment notice. While a "
        "request is not finished, another one of its kind is answered 409."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    body=Body[UserDataProcessingRequest](
        UserDataProcessingRequest,
        name="UserDataProcessingChoiceRequest",
        example={"choice": "DOWNLOAD"},
    ),
    handler=_request,
    logs=Logs(Action.DATA_REQUESTED),
    answers={200: UserDataProcessing},
    refusals=(DataRequestOpenError, LeavingError),
)

read_user_data_request: Endpoint[Access, None, None] = Endpoint(
    name="read_user_data_request",
    method="GET",
    path=f"{PATH}/{{choice}}",
    summary="Read the status of a request for personal data",
    description="The latest request of the citizen; 404 if there is none.",
    tag="citizen",
    policy=Citizens(MANAGES),
    parameters={"choice": ChoiceInPath},
    handler=_read,
    answers={200: UserDataProcessing},
    refusals=(DataRequestNotFoundError,),
)

abort_user_data_request: Endpoint[Access, None, None] = Endpoint(
    name="abort_user_data_request",
    method="DELETE",
    path=f"{PATH}/{{choice}}",
    summary="Cancel the deletion of all personal data",
    description=(
        "You can cancel a deletion while it is PENDING; then nothing is deleted. A request with "
        "another status, or for a copy, is answered 409."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    parameters={"choice": ChoiceInPath},
    handler=_abort,
    logs=Logs(Action.DATA_REQUEST_ABORTED),
    answers={202: None},
    refusals=(DataRequestNotFoundError, ErasureNotPendingError),
)

download_user_data: Endpoint[Access, None, None] = Endpoint(
    name="download_user_data",
    is_ours=True,
    method="GET",
    path=ARCHIVE_PATH,
    summary="Download the copy of all personal data",
    description=(
        "A ZIP file: JSON of profile, choices, devices and notifications, and a folder for each "
        "message with its text, its files, its payment and its documents; and the documents of "
        "the personal archive. It can be downloaded for 3 days after it was made, then it is "
        "deleted. An archive of more than 10 MiB is downloaded in ranges."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    handler=_download,
    logs=Logs(Action.DATA_DOWNLOADED),
    headers={RANGE: RangeHeader},
    answers={200: ZIP, 206: ZIP},
    refusals=(ArchiveNotFoundError, WrongRangeError, RangeNeededError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    request_user_data,
    read_user_data_request,
    abort_user_data_request,
    download_user_data,
)
AT_OLDER_PATHS = at_older_paths(
    (request_user_data, read_user_data_request, abort_user_data_request)
)
