"""List, read and delete the templates of a service."""

from lib.domain.batches.errors import TemplateNotFoundError
from lib.domain.batches.templates.template import ListedTemplate, Template
from lib.domain.services.service import Sender
from lib.repositories.batches.templates import Templates
from lib.repositories.shared.optimistic import until_written


class ManageTemplates:
    """List, read and delete templates; an intermediary sees only those that it made."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    async def all_of(self, sender: Sender) -> list[ListedTemplate]:
        """Return the templates by name, without deleted ones. Cost: one query."""
        return await self._templates.all_of(sender.service.id, sender.owner.user_id)

    async def read(self, sender: Sender, name: str, version: int | None = None) -> Template:
        """Return a version, by default the latest; also the version of a deleted template.

        Raise TemplateNotFoundError. Cost: one point read.
        """
        if version is None:
            stored = await self._templates.latest(sender.service.id, name)
            found = None if stored is None or stored.is_deleted else stored.template
        else:
            found = await self._templates.version(sender.service.id, name, version)
        if found is None or not sender.owns(found.service_id, found.user_id):
            raise TemplateNotFoundError
        return found

    async def delete(self, sender: Sender, name: str) -> None:
        """Delete a template; its versions can still be read. A repeated deletion succeeds.

        Raise TemplateNotFoundError. Cost: one point read, one write.
        """

        async def attempt() -> None:
            stored = await self._templates.latest(sender.service.id, name)
            if stored is None:
                raise TemplateNotFoundError
            template = stored.template
            if not sender.owns(template.service_id, template.user_id):
                raise TemplateNotFoundError
            if not stored.is_deleted:
                await self._templates.delete(stored)

        await until_written("a template", attempt)
