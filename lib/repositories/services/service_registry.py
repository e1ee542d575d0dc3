"""Write the registry of services, which senders and citizens use."""

from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.services.registration import NO_DEPARTMENT, Registration
from lib.domain.services.rights import ServiceCategory
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document, DocumentStore, PatchOperation
from lib.ports.errors import NotFoundError
from lib.ports.schema.senders import SERVICES
from lib.repositories.shared.optimistic import until_written

_VERSION = "managed_version"


class ServiceRegistry:
    """Bring managed services into the registry; the latest version wins, in whatever order.

    Members of an entry that a managed service does not have, such as the reminder policy and the
    payees, stay as they are.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def put(self, registration: Registration) -> None:
        """Write the entry, unless it is of this version or a later one already.

        Cost: one point read, and one write where something changes.
        """
        id_ = registration.service_id
        entry = _entry(registration)

        async def attempt() -> None:
            try:
                stored = await self._store.read(SERVICES, id_, id_)
            except NotFoundError:
                new = {"id": id_, "category": "STANDARD", "authorized_payees": []}
                await self._store.create(SERVICES, {**new, **entry})
                return
            if stored.document.get(_VERSION, 0) < registration.version:
                document = {**stored.document, **entry}
                await self._store.replace(SERVICES, document, if_match=stored.etag)

        await until_written("the registry of services", attempt)

    async def category(self, service_id: ServiceId) -> ServiceCategory | None:
        """Return the present category of a service; None where there is no service."""
        try:
            stored = await self._store.read(SERVICES, service_id, service_id)
        except NotFoundError:
            return None
        category: ServiceCategory = stored.document["category"]
        return category

    async def set_category(self, service_id: ServiceId, category: ServiceCategory) -> None:
        """Set the category of a service; raise NotFoundError."""
        operation = PatchOperation("set", "/category", category)
        await self._store.patch(SERVICES, service_id, service_id, (operation,))

    async def second_language(self, service_id: ServiceId) -> SecondLanguage | None:
        """Return the language in which a service writes beside Italian; raise NotFoundError."""
        stored = await self._store.read(SERVICES, service_id, service_id)
        language: SecondLanguage | None = stored.document.get("second_language")
        return language

    async def set_second_language(
        self, service_id: ServiceId, language: SecondLanguage | None
    ) -> None:
        """Set the language in which a service writes beside Italian; raise NotFoundError."""
        operation = PatchOperation("set", "/second_language", language)
        await self._store.patch(SERVICES, service_id, service_id, (operation,))


def _entry(registration: Registration) -> Document:
    data = registration.data
    return {
        "service_name": registration.name,
        "department_name": data.organization.department_name or NO_DEPARTMENT,
        "organization_name": data.organization.name,
        "organization_fiscal_code": data.organization.fiscal_code,
        "authorized_cidrs": list(data.authorized_cidrs),
        "authorized_recipients": list(data.authorized_recipients),
        "max_allowed_payment_amount": data.max_allowed_payment_amount,
        "require_secure_channels": data.require_secure_channel,
        "is_visible": registration.is_visible,
        "service_metadata": {
            "description": data.description,
            **data.metadata.model_dump(mode="json", exclude_none=True, exclude={"group_id"}),
        },
        _VERSION: registration.version,
    }
