"""Endpoint to which the service that translates sends its texts."""

from typing import Annotated
from urllib.parse import parse_qs

from pydantic import Field

from functions.http.contract.call import FileBody, UploadedFile
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from lib.domain.messages.errors import TranslationTicketError
from lib.domain.shared.described import says
from lib.use_cases.messages.translations.tickets import MAX_TICKET, TRANSLATIONS_PATH

_FORM = "application/x-www-form-urlencoded"
_LIMIT = 256 * 1024

TicketInPath = Annotated[
    str,
    Field(max_length=MAX_TICKET),
    says("The ticket of the address to which a text is sent."),
]


async def _take(call: Call[None, UploadedFile, None]) -> Answer:
    form = parse_qs(call.body.content.decode("utf-8", "replace"), keep_blank_values=True)
    texts = form.get("translated-text") or form.get("translatedText")
    await call.app.messages.take_translation(call.path["token"], texts[0] if texts else None)
    return Answer(200, None)


take_translation = Endpoint(
    name="take_translation",
    method="POST",
    path=f"{TRANSLATIONS_PATH}/{{token}}",
    summary="Record a text of the service that translates",
    description=(
        "The service posts a form with `translated-text`, or with an error. The ticket is the "
        "authentication, and is valid for a day. A text that comes again changes nothing."
    ),
    tag="links",
    policy=Everybody(),
    parameters={"token": TicketInPath},
    body=FileBody(
        UploadedFile,
        name="translation_form",
        limit=_LIMIT,
        media_types=(_FORM,),
        example={_FORM: "request-id=1&translated-text=The+waste+tax"},
    ),
    handler=_take,
    answers={200: None},
    refusals=(TranslationTicketError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (take_translation,)
