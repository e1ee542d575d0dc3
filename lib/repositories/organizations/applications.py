"""Store the applications of organisations; an application is deleted after seven days."""

from collections.abc import Callable

from lib.domain.organizations.application import Application, ApplicationState
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import ORGANIZATION_APPLICATIONS
from lib.repositories.shared.optimistic import until_written


class Applications:
    """Read, create and change applications."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, id_: str) -> Application | None:
        """Return the application; None where there is none. Cost: one point read."""
        try:
            stored = await self._store.read(ORGANIZATION_APPLICATIONS, id_, id_)
        except NotFoundError:
            return None
        return _application_of(stored.document)

    async def put(self, application: Application) -> None:
        """Store a new application."""
        await self._store.upsert(ORGANIZATION_APPLICATIONS, _document(application))

    async def change(
        self, id_: str, change: Callable[[Application], Application]
    ) -> Application | None:
        """Store what `change` returns; None where there is no such application."""

        async def attempt() -> Application:
            stored = await self._store.read(ORGANIZATION_APPLICATIONS, id_, id_)
            before = _application_of(stored.document)
            after = change(before)
            if after != before:
                await self._store.replace(
                    ORGANIZATION_APPLICATIONS, _document(after), if_match=stored.etag
                )
            return after

        if await self.get(id_) is None:
            return None
        return await until_written("the application", attempt)


def _application_of(document: Document) -> Application:
    return Application(
        id=document["id"],
        fiscal_code=document["organization_fiscal_code"],
        created_at=document["created_at"],
        email=document["email"],
        state=ApplicationState(document["state"]),
        domicile=document["domicile"],
        name=document["name"],
        ipa_code=document["ipa_code"],
        is_counted=document["is_counted"],
        code_hash=document["code_hash"],
    )


def _document(application: Application) -> Document:
    return {
        "id": application.id,
        "organization_fiscal_code": application.fiscal_code,
        "created_at": application.created_at,
        "email": application.email,
        "state": application.state.value,
        "domicile": application.domicile,
        "name": application.name,
        "ipa_code": application.ipa_code,
        "is_counted": application.is_counted,
        "code_hash": application.code_hash,
    }
