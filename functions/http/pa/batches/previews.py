"""Endpoints that show the message of a text for a row: of a template, or of a text that is sent."""

from typing import Annotated, Final

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.batches.template_views import (
    PreviewAnswer,
    PreviewRequest,
    RowMessage,
    preview_view,
    row_message,
)
from functions.http.pa.batches.templates import BODY_LIMIT, EXAMPLE, ONE, PARAMETERS, READERS
from lib.domain.batches.errors import InvalidTemplateError, TemplateNotFoundError
from lib.domain.batches.templates.template import TemplateForm
from lib.domain.services.service import Sender
from lib.domain.shared.described import says

_VALUES: Final = {
    "nome": "Maria",
    "indirizzo": "Via Roma 12",
    "anno": 2027,
    "importo": "84,50",
    "scadenza": "30/06/2027",
}


class TextPreviewRequest(PreviewRequest):
    """A text, and the values of a row."""

    content: Annotated[TemplateForm, says("The text, as a batch has it: nothing of it is stored.")]


async def _preview(call: Call[Sender, PreviewRequest, None]) -> Answer:
    preview = await call.app.batches.preview_template(
        call.caller, call.path["name"], call.body.values, call.body.language
    )
    return Answer(200, preview_view(preview))


async def _preview_text(call: Call[Sender, TextPreviewRequest, None]) -> Answer:
    sent = call.body
    return Answer(
        200, row_message(call.app.batches.preview_text(sent.content, sent.values, sent.language))
    )


preview_template = Endpoint(
    name="preview_template",
    is_ours=True,
    method="POST",
    path=f"{ONE}/preview",
    summary="Show the message of a template for the values of a row",
    description=(
        "The latest version is used. Values have the names of columns, such as `nome`, `importo` "
        "or `scadenza`. The answer has the message also if the row would not be sent; then the "
        "warnings say why."
    ),
    tag="sender",
    policy=READERS,
    parameters=PARAMETERS,
    body=Body(
        PreviewRequest,
        name="PreviewRequest",
        example={"values": _VALUES, "language": "it_IT"},
    ),
    handler=_preview,
    answers={200: PreviewAnswer},
    refusals=(TemplateNotFoundError,),
)

preview_text = Endpoint(
    name="preview_text",
    is_ours=True,
    method="POST",
    path="/api/v1/text-previews",
    summary="Show the message of a text for the values of a row",
    description=(
        "For a batch with a text of its own, before it is made. The answer is that of the preview "
        "of a template; nothing is stored."
    ),
    tag="sender",
    policy=READERS,
    body=Body(
        TextPreviewRequest,
        name="TextPreviewRequest",
        limit=BODY_LIMIT,
        example={"content": EXAMPLE, "values": _VALUES, "language": "it_IT"},
    ),
    handler=_preview_text,
    answers={200: RowMessage},
    refusals=(InvalidTemplateError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (preview_template, preview_text)
