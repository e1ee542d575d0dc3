"""Templates, and previews of them, in requests and answers."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field, StrictFloat, StrictInt, StrictStr, StringConstraints

from functions.http.contract.json_body import escaped
from functions.http.views.request_warnings import RequestWarning, warnings_view
from lib.domain.batches.templates.template import ListedTemplate, Template, TemplateForm
from lib.domain.messages.checks.warning import SubmissionWarning
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import IOType
from lib.rendering.message_templates.advice import advice_about
from lib.rendering.message_templates.compiled import compile_template
from lib.use_cases.batches.templates.preview_template import Preview, PreviewOfTemplate

_VERSION = says("The number of the version: 1 for the first, one more for each change.")
_CHANGED_AT = Annotated[
    str,
    Field(json_schema_extra={"format": "date-time"}),
    says("When this version was saved: date and time in UTC."),
]
_NAME = says("The name of the template.")


ValueName = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PlaceholderView(Model):
    """A name in a template."""

    name: Annotated[
        str,
        says(
            "The name of the column or member of a row that has the value. `amount_euro`, "
            "`due_date`, `notice_number`, `reference` and `fiscal_code` are those of the row; "
            "with `_1`, `_2` and so on those of its instalments, whose number is `instalments`."
        ),
    ]
    is_needed: Annotated[
        bool,
        says(
            "Whether a row without a value gives no message. False: the name stands only in "
            "conditions, inside of `{% if %}`, or with a default."
        ),
    ]


class TemplateView(TemplateForm):
    """A version of a template."""

    name: Annotated[str, _NAME]
    version: Annotated[int, _VERSION]
    created_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the first version was saved: date and time in UTC."),
    ]
    changed_at: _CHANGED_AT
    placeholders: Annotated[
        list[PlaceholderView], says("All names in the texts of the template, in their order.")
    ]
    warnings: Annotated[
        list[RequestWarning], says("The parts of the template that are probably mistakes.")
    ]


class TemplateItem(Model):
    """A template in the list."""

    name: Annotated[str, _NAME]
    version: Annotated[int, _VERSION]
    subject: Annotated[str, says("The subject in Italian, with its placeholders.")]
    languages: Annotated[list[Language], says("The languages of the template, Italian first.")]
    changed_at: _CHANGED_AT


class TemplateList(Model):
    """The templates of your service."""

    items: Annotated[list[TemplateItem], says("The templates, by their names.")]


class PreviewRequest(Model):
    """The values of a row."""

    values: Annotated[
        dict[ValueName, StrictStr | StrictInt | StrictFloat],
        Field(max_length=100),
        IOType(("object of texts and numbers",), "must have texts and numbers alone"),
        says("The members of a row by their names, as a list of recipients has them."),
    ]
    language: Annotated[
        Language,
        says(
            "The language of the citizen; the default is it_IT. A template without it is Italian"
            " for this citizen."
        ),
    ] = DEFAULT_LANGUAGE


class RowMessage(Model):
    """The message that a row gives."""

    language: Annotated[Language, says("The language of the message.")]
    subject: Annotated[
        str, says("The subject of the message. A placeholder without a value stays in it.")
    ]
    markdown: Annotated[
        str, says("The text of the message in Markdown; characters of values are escaped.")
    ]
    warnings: Annotated[
        list[RequestWarning],
        says(
            "The faults for which the row would not be sent, the values that are not in the "
            "template, and parts of the template that are probably mistakes."
        ),
    ]


class PreviewAnswer(RowMessage):
    """The message that a row gives with a stored template."""

    version: Annotated[int, _VERSION]


def template_view(template: Template) -> TemplateView:
    """Return the view of a version."""
    form, compiled = template.form, compile_template(template.form)
    return TemplateView.model_construct(
        subject=form.subject,
        markdown=form.markdown,
        variants=form.variants,
        name=template.name,
        version=template.version,
        created_at=template.created_at,
        changed_at=template.changed_at,
        placeholders=[
            PlaceholderView(name=name, is_needed=name in compiled.needed)
            for name in sorted(compiled.names)
        ],
        warnings=warnings_view(advice_about(form)),
    )


def list_view(templates: Iterable[ListedTemplate]) -> TemplateList:
    """Return the view of the list."""
    return TemplateList(
        items=[
            TemplateItem.model_validate(one._asdict() | {"languages": list(one.languages)})
            for one in templates
        ]
    )


def row_message(preview: Preview) -> RowMessage:
    """Return the view of a message for a row."""
    rendered = preview.rendered
    return RowMessage(
        language=preview.language,
        subject=rendered.subject,
        markdown=rendered.markdown,
        warnings=warnings_view((*_warnings(preview), *advice_about(preview.form))),
    )


def preview_view(preview: PreviewOfTemplate) -> PreviewAnswer:
    """Return the view of the preview of a template."""
    return PreviewAnswer(version=preview.version, **dict(row_message(preview.shown)))


def _warnings(preview: Preview) -> Iterator[SubmissionWarning]:
    for fault in preview.rendered.faults:
        if fault.code == "WRONG_LENGTH":
            detail = f"the {fault.field} of the message {fault.detail}"
            yield SubmissionWarning("", fault.code, detail)
        else:
            name = preview.names.get(fault.field, fault.field)
            yield SubmissionWarning(f"/values/{escaped(name)}", fault.code, fault.detail)
    for name in preview.unused:
        yield SubmissionWarning(
            f"/values/{escaped(name)}", "NOT_IN_TEMPLATE", "is not in the template"
        )
