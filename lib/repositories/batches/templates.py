"""Store the templates of each service, and all of their versions."""

from typing import Final, NamedTuple

from lib.domain.batches.templates.template import (
    MAX_TEMPLATES,
    ListedTemplate,
    Template,
    TemplateForm,
)
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import (
    BatchOperation,
    Condition,
    Document,
    DocumentStore,
    PatchOperation,
    Query,
)
from lib.ports.errors import NotFoundError
from lib.ports.schema.messages import TEMPLATES

_LATEST: Final = "latest"
_DELETED: Final = "deleted"
_VERSION: Final = "version"
_MOST_LISTED: Final = 2 * MAX_TEMPLATES
"""More than a service has, although two may be created at the same time."""


class StoredTemplate(NamedTuple):
    """The latest version of a template, with the ETag of its document."""

    template: Template
    is_deleted: bool
    etag: str


class Templates:
    """Store templates in the partition of their service.

    A template has a document with its latest version, and one for each version, which never
    changes. One batch writes both. A deleted template keeps its documents, so that a number of a
    version never names two texts.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def latest(self, service_id: ServiceId, name: str) -> StoredTemplate | None:
        """Return the latest version, None if there is none. Cost: one point read."""
        try:
            stored = await self._store.read(TEMPLATES, service_id, name)
        except NotFoundError:
            return None
        document = stored.document
        return StoredTemplate(_template(document), document["kind"] == _DELETED, stored.etag)

    async def version(self, service_id: ServiceId, name: str, version: int) -> Template | None:
        """Return a version, None if there is none. Cost: one point read."""
        try:
            stored = await self._store.read(TEMPLATES, service_id, _version_id(name, version))
        except NotFoundError:
            return None
        return _template(stored.document)

    async def all_of(self, service_id: ServiceId, user_id: str | None) -> list[ListedTemplate]:
        """Return the templates of a service by name, without deleted ones. Cost: one query.

        `user_id`: the account whose templates alone are listed; None for all of the service.
        """
        where = [Condition("kind", "=", _LATEST)]
        if user_id is not None:
            where.append(Condition("user_id", "=", user_id))
        query = Query(
            service_id,
            limit=_MOST_LISTED,
            where=tuple(where),
            fields=("id", "version", "subject", "languages", "changed_at"),
        )
        found = await self._store.query(TEMPLATES, query)
        return [
            ListedTemplate(
                name=one["id"],
                version=one["version"],
                subject=one["subject"],
                languages=tuple(one["languages"]),
                changed_at=one["changed_at"],
            )
            for one in found.items
        ]

    async def add(self, template: Template, etag: str | None) -> None:
        """Store a new version. Cost: one batch of two.

        `etag`: that of the version before, None for the first version. Raise ConflictError or
        PreconditionFailedError where another version was stored meanwhile.
        """
        latest = _document(template)
        version = {**latest, "id": _version_id(template.name, template.version), "kind": _VERSION}
        await self._store.batch(
            TEMPLATES,
            template.service_id,
            (
                BatchOperation("create", latest)
                if etag is None
                else BatchOperation("replace", latest, if_match=etag),
                BatchOperation("create", version),
            ),
        )

    async def delete(self, stored: StoredTemplate) -> None:
        """Delete a template; its versions stay. Cost: one patch.

        Raise PreconditionFailedError where another version was stored meanwhile.
        """
        template, operation = stored.template, PatchOperation("set", "/kind", _DELETED)
        await self._store.patch(
            TEMPLATES, template.service_id, template.name, (operation,), if_match=stored.etag
        )


def _version_id(name: str, version: int) -> str:
    return f"{name}~{version}"


def _document(template: Template) -> Document:
    return {
        "id": template.name,
        "service_id": template.service_id,
        "user_id": template.user_id,
        "kind": _LATEST,
        "name": template.name,
        "version": template.version,
        "created_at": template.created_at,
        "changed_at": template.changed_at,
        "subject": template.form.subject,
        "languages": [one.language for one in template.form.texts()],
        "form": template.form.model_dump(exclude_none=True),
    }


def _template(document: Document) -> Template:
    return Template(
        name=document["name"],
        service_id=document["service_id"],
        user_id=document["user_id"],
        version=document["version"],
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        form=TemplateForm.model_validate(document["form"]),
    )
