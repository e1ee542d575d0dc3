"""Endpoints of templates: save, list, read and delete them."""

from dataclasses import replace
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.batches.template_views import (
    TemplateList,
    TemplateView,
    list_view,
    template_view,
)
from functions.http.pa.reminders import IF_MATCH, expected_tag
from lib.domain.batches.errors import (
    InvalidTemplateError,
    TemplateChangedError,
    TemplateNotFoundError,
    TemplateTakenError,
    TooManyTemplatesError,
)
from lib.domain.batches.templates.template import (
    MAX_VERSIONS,
    TEMPLATE_NAME_PATTERN,
    Template,
    TemplateForm,
)
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType

PATH: Final = "/api/v1/templates"
ONE: Final = f"{PATH}/{{name}}"
WRITERS: Final = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))
READERS: Final = Senders(WRITERS.groups | {Group.MESSAGE_READ})
BODY_LIMIT: Final = 256 * 1024
_WHO: Final = (
    "The key of the service sees all templates of the service, the key of an intermediary only "
    "those that the intermediary made."
)

TemplateName = Annotated[
    str,
    says("The name of the template, which you choose."),
    StringConstraints(pattern=TEMPLATE_NAME_PATTERN),
    IOType(
        ("name of a template",),
        "must be 1 to 64 small letters, digits, hyphens and underscores; the first and the last "
        "are letters or digits",
    ),
]
TemplateTag = Annotated[
    str,
    says(
        "The ETag of the template that you read last: if it has changed since, the answer is 412. "
        "Absent or `*`: the template is saved in any case."
    ),
    StringConstraints(pattern=r'^(\*|"[!#-~]{1,64}")$'),
    IOType(("entity tag in quotes, or *",), "must be the ETag as it was read, in quotes, or *"),
]
PARAMETERS: Final = {"name": TemplateName}

EXAMPLE: Final = {
    "subject": "Tassa sui rifiuti {{ anno }}",
    "markdown": (
        'Gentile {{ nome | default("cittadino") }},\n\necco l\'avviso della tassa sui rifiuti per '
        "l'immobile di {{ indirizzo }}.\n\n{% if instalments %}\nPuoi pagare a rate: "
        "{{ amount_euro_1 | euro }} entro il {{ due_date_1 }}, {{ amount_euro_2 | euro }} entro il "
        "{{ due_date_2 }}.\n{% else %}\nPuoi pagare {{ amount_euro | euro }} entro il "
        "{{ due_date | date }}.\n{% endif %}\n"
    ),
    "variants": {
        "de_DE": {
            "subject": "Rechnung {{ anno }}: {{ indirizzo }}",
            "markdown": (
                "Guten Tag {{ nome }},\n\ndie Rechnung {{ anno }} lautet auf "
                "{{ amount_euro | euro }}, zahlbar bis zum {{ due_date | date }}."
            ),
        }
    },
}


class VersionQuery(Model):
    """The version to return."""

    version: Annotated[
        int | None,
        Field(ge=1, le=MAX_VERSIONS),
        says(
            "The number of a version, also of a template that was deleted. Absent: the latest "
            "version."
        ),
    ] = None


def _answer(template: Template) -> Answer:
    return Answer(200, template_view(template), {"ETag": f'"{template.tag}"'})


async def _save(call: Call[Sender, TemplateForm, None]) -> Answer:
    saved = await call.app.batches.save_template(
        call.caller, call.path["name"], call.body, expected_tag(call.headers)
    )
    answer = _answer(saved.template)
    if not saved.is_new:
        return answer
    location = {"Location": f"{PATH}/{saved.template.name}"}
    return replace(answer, status=201, headers={**answer.headers, **location})


async def _list(call: Call[Sender, None, None]) -> Answer:
    return Answer(200, list_view(await call.app.batches.templates.all_of(call.caller)))


async def _read(call: Call[Sender, None, VersionQuery]) -> Answer:
    name, version = call.path["name"], call.query.version
    return _answer(await call.app.batches.templates.read(call.caller, name, version))


async def _delete(call: Call[Sender, None, None]) -> Answer:
    await call.app.batches.templates.delete(call.caller, call.path["name"])
    return Answer(204)


save_template = Endpoint(
    name="save_template",
    is_ours=True,
    method="PUT",
    path=ONE,
    summary="Create a template, or a new version of it",
    description=(
        "A template is a message with placeholders, which a batch fills with the values of each "
        "row: `{{ nome }}` is the column or member `nome`. Capital letters and accents make no "
        "difference. `{% if nome %}`, `{% elif … %}`, `{% else %}` and `{% endif %}` choose a "
        "part; conditions have names, `==`, `!=`, `not`, `and` and `or`, such as "
        '`{% if rate == "2" %}`. Filters stand after the name: `{{ nome | default("cittadino") }}`,'
        " `upper`, `lower`, `euro` (an amount with the sign of the euro) and `date` (30 giugno "
        "2027). A value is text: nothing in it becomes Markdown. A text in another language has no "
        "names that the Italian text does not have, beside those of every row. Saved again without "
        "a change, the template keeps its version. A batch keeps the version that it was made with."
    ),
    tag="sender",
    policy=WRITERS,
    parameters=PARAMETERS,
    headers={IF_MATCH: TemplateTag},
    body=Body(TemplateForm, name="Template", limit=BODY_LIMIT, example=EXAMPLE),
    handler=_save,
    answers={200: TemplateView, 201: TemplateView},
    refusals=(
        InvalidTemplateError,
        TemplateTakenError,
        TemplateChangedError,
        TooManyTemplatesError,
    ),
)

list_templates = Endpoint(
    name="list_templates",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the templates of your service",
    description=_WHO,
    tag="sender",
    policy=READERS,
    handler=_list,
    answers={200: TemplateList},
)

read_template = Endpoint(
    name="read_template",
    is_ours=True,
    method="GET",
    path=ONE,
    summary="Read a template, or an earlier version of it",
    description=f"Send the ETag as If-Match of a change. {_WHO}",
    tag="sender",
    policy=READERS,
    parameters=PARAMETERS,
    query=VersionQuery,
    handler=_read,
    answers={200: TemplateView},
    refusals=(TemplateNotFoundError,),
)

delete_template = Endpoint(
    name="delete_template",
    is_ours=True,
    method="DELETE",
    path=ONE,
    summary="Delete a template of your service",
    description=(
        "No new batch can use it. Its versions can still be read by their numbers, and batches "
        "that were made with it are sent. A template that is saved under the name again gets the "
        "next number. A repeated deletion is answered as the first."
    ),
    tag="sender",
    policy=WRITERS,
    parameters=PARAMETERS,
    handler=_delete,
    answers={204: None},
    refusals=(TemplateNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_templates,
    save_template,
    read_template,
    delete_template,
)
