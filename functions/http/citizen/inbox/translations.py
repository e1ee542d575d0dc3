"""Endpoint of translations by machine: the citizen asks for one."""

from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.words.translations import TranslationView, translation_view
from lib.domain.identity.access import Access
from lib.domain.messages.errors import (
    AlreadyWrittenError,
    MessageNotFoundError,
    NoTranslatorError,
    TranslationForbiddenError,
)
from lib.domain.messages.words.translation import Translatable
from lib.domain.parties.admission import ACTS_ON_MESSAGE
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId
from lib.domain.shared.model import Model


class WantedTranslation(Model):
    """The language of a translation."""

    language: Annotated[
        Translatable,
        says("The language to translate into. Ladin and Friulian are not offered."),
    ]


async def _ask(call: Call[Access, WantedTranslation, None]) -> Answer:
    asked = await call.app.messages.ask_translation(
        call.caller, MessageId(call.path["id"]), call.body.language
    )
    status = 202 if asked.translation.status == "PENDING" else 200
    return Answer(status, translation_view(asked.translation))


ask_translation = Endpoint(
    name="ask_translation",
    is_ours=True,
    method="POST",
    path="/api/communication/v1/messages/{id}/translations",
    summary="Request a translation of a message by machine",
    description=(
        "202: it is being made; ask again in a while, or read the message with `language`, whose "
        "answer has `translation` once it is done. 200: it is done, or has failed. Only subject "
        "and text are sent to the service, nothing that names the citizen or the sender, unless "
        "the text does. 403: the sender forbids it, or the message is confidential. 409: the "
        "sender wrote the message in this language. 404 also where the installation translates "
        "nothing."
    ),
    tag="citizen",
    policy=Citizens(ACTS_ON_MESSAGE),
    parameters={"id": AnyMessageIdField},
    body=Body[WantedTranslation](
        WantedTranslation, name="WantedTranslation", example={"language": "en_GB"}
    ),
    handler=_ask,
    answers={200: TranslationView, 202: TranslationView},
    refusals=(
        MessageNotFoundError,
        NoTranslatorError,
        TranslationForbiddenError,
        AlreadyWrittenError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (ask_translation,)
