"""Read and set in which language a service writes beside Italian, with a manage key.

The language is no part of the service's payload, which clients of IO read and write as a whole.
"""

from typing import Annotated, Final

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL

PATH: Final = f"{ONE}/second-language"


class SecondLanguageView(Model):
    """The language in which a service writes beside Italian."""

    second_language: Annotated[
        SecondLanguage | None,
        NOT_NULL,
        says(
            "The language beside Italian in which the office writes: e-mails about the messages "
            "have both, and so do their papers for citizens who chose no other language. Absent: "
            "there is none."
        ),
    ] = None


async def _read(call: Call[Manager, None, None]) -> Answer:
    language = await call.app.services.second_language.read(call.caller, named(call))
    view = (
        SecondLanguageView() if language is None else SecondLanguageView(second_language=language)
    )
    return Answer(200, view)


async def _change(call: Call[Manager, SecondLanguageView, None]) -> Answer:
    await call.app.services.second_language.change(
        call.caller, named(call), call.body.second_language
    )
    return Answer(200, call.body)


read_second_language = Endpoint(
    name="read_second_language",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read in which language a service that you manage writes beside Italian",
    description="It counts for each message that names none itself.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: SecondLanguageView},
    refusals=NOT_FOUND,
)

change_second_language = Endpoint(
    name="change_second_language",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set in which language a service that you manage writes beside Italian",
    description=(
        "It holds for messages, rows of batches and payment notices that are accepted or amended "
        "from then on, on every instance after a minute at most, unless they name one themselves. "
        "A message without a variant in it gets a warning. A body without the member ends it."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=Body[SecondLanguageView](
        SecondLanguageView, name="SecondLanguage", example={"second_language": "de_DE"}
    ),
    handler=_change,
    answers={200: SecondLanguageView},
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_second_language,
    change_second_language,
)
