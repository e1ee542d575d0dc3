"""Show the message that a template, or a text of a batch, gives for the values of a row."""

from collections.abc import Mapping
from typing import NamedTuple

from lib.domain.batches.templates.names import RESERVED, canonical
from lib.domain.batches.templates.row_values import sample_values
from lib.domain.batches.templates.template import Rendered, TemplateForm
from lib.domain.profiles.choices import Language
from lib.domain.services.service import Sender
from lib.rendering.message_templates.compiled import compile_template
from lib.use_cases.batches.templates.manage_templates import ManageTemplates


class Preview(NamedTuple):
    """The message for a row, in the language that its citizen would get.

    `names`: the names of the values as they were sent, by their canonical names. `unused`: the
    names that are not in the text.
    """

    form: TemplateForm
    language: Language
    rendered: Rendered
    names: Mapping[str, str]
    unused: list[str]


class PreviewOfTemplate(NamedTuple):
    """The message for a row, with the version of the template that gives it."""

    version: int
    shown: Preview


def preview_text(
    form: TemplateForm, values: Mapping[str, str | float], language: Language
) -> Preview:
    """Return the message, also for values with faults.

    `values`: the members of a row, by any of their names. Raise InvalidTemplateError.
    """
    compiled = compile_template(form)
    chosen = compiled.language_for((language,))
    names, known = {canonical(one): one for one in values}, compiled.names | RESERVED.keys()
    return Preview(
        form,
        chosen,
        compiled.render(sample_values(values), chosen),
        names,
        unused=[sent for name, sent in names.items() if name not in known],
    )


class PreviewTemplate:
    """Render the latest version of a template for a row."""

    def __init__(self, templates: ManageTemplates) -> None:
        self._templates = templates

    async def __call__(
        self, sender: Sender, name: str, values: Mapping[str, str | float], language: Language
    ) -> PreviewOfTemplate:
        """Return the message, as `preview_text` does. Raise TemplateNotFoundError.

        Cost: one point read.
        """
        template = await self._templates.read(sender, name)
        return PreviewOfTemplate(template.version, preview_text(template.form, values, language))
