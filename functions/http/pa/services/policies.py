"""Settings of a service that IO does not have, with a manage key.

How it treats a second message for a payment, and in which language it writes beside Italian. They
are no part of the service's payload, which clients of IO read and write as a whole.
"""

from typing import Annotated, Final

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa import checks
from functions.http.pa.checks import DuplicatePolicyView
from functions.http.pa.services.managing import MANAGERS, NOT_FOUND, ONE, PARAMETERS, Manager, named
from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL

PATH: Final = f"{ONE}/duplicate-policy"
LANGUAGE_PATH: Final = f"{ONE}/second-language"


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
    policy = await call.app.services.duplicate_policy.read(call.caller, named(call))
    return Answer(200, DuplicatePolicyView(policy=policy))


async def _change(call: Call[Manager, DuplicatePolicyView, None]) -> Answer:
    policy = await call.app.services.duplicate_policy.change(
        call.caller, named(call), call.body.policy
    )
    return Answer(200, DuplicatePolicyView(policy=policy))


async def _read_language(call: Call[Manager, None, None]) -> Answer:
    language = await call.app.services.second_language.read(call.caller, named(call))
    view = (
        SecondLanguageView() if language is None else SecondLanguageView(second_language=language)
    )
    return Answer(200, view)


async def _change_language(call: Call[Manager, SecondLanguageView, None]) -> Answer:
    await call.app.services.second_language.change(
        call.caller, named(call), call.body.second_language
    )
    return Answer(200, call.body)


read_managed_duplicate_policy = Endpoint(
    name="read_managed_duplicate_policy",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Read how a service that you manage treats a second message for a payment",
    description=checks.READ,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read,
    answers={200: DuplicatePolicyView},
    refusals=NOT_FOUND,
)

change_managed_duplicate_policy = Endpoint(
    name="change_managed_duplicate_policy",
    is_ours=True,
    method="PUT",
    path=PATH,
    summary="Set how a service that you manage treats a second message for a payment",
    description=checks.CHANGED,
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    body=checks.change_duplicate_policy.body,
    handler=_change,
    answers={200: DuplicatePolicyView},
    refusals=NOT_FOUND,
)

read_second_language = Endpoint(
    name="read_second_language",
    is_ours=True,
    method="GET",
    path=LANGUAGE_PATH,
    summary="Read in which language a service that you manage writes beside Italian",
    description="It counts for each message that names none itself.",
    tag="sender",
    policy=MANAGERS,
    parameters=PARAMETERS,
    handler=_read_language,
    answers={200: SecondLanguageView},
    refusals=NOT_FOUND,
)

change_second_language = Endpoint(
    name="change_second_language",
    is_ours=True,
    method="PUT",
    path=LANGUAGE_PATH,
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
    handler=_change_language,
    answers={200: SecondLanguageView},
    refusals=NOT_FOUND,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_managed_duplicate_policy,
    change_managed_duplicate_policy,
    read_second_language,
    change_second_language,
)
