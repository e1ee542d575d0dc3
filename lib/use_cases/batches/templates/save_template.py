"""Save a template of a service as a new version."""

from typing import NamedTuple

from lib.domain.batches.errors import (
    TemplateChangedError,
    TemplateTakenError,
    TooManyTemplatesError,
)
from lib.domain.batches.templates.template import (
    MAX_TEMPLATES,
    MAX_VERSIONS,
    Template,
    TemplateForm,
)
from lib.domain.services.service import Sender
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.rendering.message_templates.compiled import compile_template
from lib.repositories.batches.templates import Templates
from lib.repositories.shared.optimistic import until_written


class SavedTemplate(NamedTuple):
    """A saved template; `is_new`: the service had no template of this name."""

    template: Template
    is_new: bool


class SaveTemplate:
    """Save a template. The same text again makes no version, so a lost answer may be asked for.

    An intermediary changes only templates that it made, the service's own keys change all.
    """

    def __init__(self, templates: Templates, clock: Clock) -> None:
        self._templates = templates
        self._clock = clock

    async def __call__(
        self, sender: Sender, name: str, form: TemplateForm, expected: str | None
    ) -> SavedTemplate:
        """Return the template. `expected`: the tag of the version to replace, None for any or none.

        Raise InvalidTemplateError, TemplateTakenError, TemplateChangedError, TooManyTemplatesError.
        Cost: one point read and one batch of two; one query more for a new template.
        """
        compile_template(form)

        async def attempt() -> SavedTemplate:
            return await self._save(sender, name, form, expected)

        return await until_written("a template", attempt)

    async def _save(
        self, sender: Sender, name: str, form: TemplateForm, expected: str | None
    ) -> SavedTemplate:
        found = await self._templates.latest(sender.service.id, name)
        before = None if found is None else found.template
        if before is not None and not sender.owns(before.service_id, before.user_id):
            raise TemplateTakenError
        is_new = found is None or found.is_deleted
        if before is not None and before.form == form and not is_new:
            return SavedTemplate(before, is_new=False)
        if expected is not None and (is_new or before is None or before.tag != expected):
            raise TemplateChangedError
        if is_new:
            await self._check_number(sender)
        now = timestamp(self._clock.now())
        template = Template(
            name=name,
            service_id=sender.service.id,
            user_id=sender.user_id if before is None else before.user_id,
            version=1 if before is None else before.version + 1,
            created_at=now if before is None else before.created_at,
            changed_at=now,
            form=form,
        )
        if template.version > MAX_VERSIONS:
            raise TooManyTemplatesError(
                f"The template has {MAX_VERSIONS} versions, and may not have more: use a new name."
            )
        await self._templates.add(template, None if found is None else found.etag)
        return SavedTemplate(template, is_new)

    async def _check_number(self, sender: Sender) -> None:
        if len(await self._templates.all_of(sender.service.id, None)) >= MAX_TEMPLATES:
            raise TooManyTemplatesError(
                f"Your service has {MAX_TEMPLATES} templates, and may not have more: delete one "
                "that you no longer need."
            )
