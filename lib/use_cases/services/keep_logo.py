"""Store the logos of services and organisations, and return them to everybody."""

import hashlib
from typing import Final, NamedTuple

from lib.domain.identity.errors import NotAllowedError
from lib.domain.services.errors import LogoInvalidError, LogoNotFoundError
from lib.domain.services.subscription import KeyHolder, Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.blobs import Blobs
from lib.ports.errors import NotFoundError
from lib.use_cases.services.owned_services import OwnedServices
from lib.use_cases.shared.logos import LOGOS, logo_of_organization
from lib.use_cases.shared.png import PngError, png_of

PNG: Final = "image/png"
_FOREIGN: Final = "Your key does not act for this organisation"


class Logo(NamedTuple):
    """A PNG image, and the tag of its content."""

    content: bytes
    tag: str


class KeepLogo:
    """Store and read logos.

    The name of a service's logo follows from its id in lower case; that of an organisation's from
    its fiscal code without zeros at the beginning, as IO's app asks for it.
    """

    def __init__(self, owned: OwnedServices, blobs: Blobs) -> None:
        self._owned = owned
        self._blobs = blobs

    async def put(self, manager: Manager, service_id: ServiceId, encoded: str) -> None:
        """Store the PNG image that the base64 text encodes as the service's logo.

        Raise ManagedServiceNotFoundError, LogoInvalidError; NotAllowedError for another's service.
        Cost: one point read and one blob.
        """
        await self._owned.existing(manager, service_id)
        await self._store(_of_service(service_id), encoded)

    async def put_of_organization(
        self, holder: KeyHolder, fiscal_code: OrganizationFiscalCode, encoded: str
    ) -> None:
        """Store the PNG image that the base64 text encodes as the organisation's logo.

        Raise LogoInvalidError; NotAllowedError for the key of another organisation, and for that
        of an intermediary.
        Cost: one blob.
        """
        if holder.organization_fiscal_code != fiscal_code or holder.subscription.on_behalf:
            raise NotAllowedError(_FOREIGN)
        await self._store(logo_of_organization(fiscal_code), encoded)

    async def get(self, service_id: ServiceId) -> Logo:
        """Return the service's logo; raise LogoNotFoundError. Cost: one blob."""
        return await self._read(_of_service(service_id))

    async def get_of_organization(self, fiscal_code: str) -> Logo:
        """Return the organisation's logo; raise LogoNotFoundError. Cost: one blob."""
        return await self._read(logo_of_organization(fiscal_code))

    async def _store(self, name: str, encoded: str) -> None:
        try:
            content = await png_of(encoded)
        except PngError as error:
            raise LogoInvalidError(str(error)) from None
        await self._blobs.put(LOGOS, name, content, content_type=PNG)

    async def _read(self, name: str) -> Logo:
        try:
            content = (await self._blobs.get(LOGOS, name)).content
        except NotFoundError:
            raise LogoNotFoundError from None
        return Logo(content, hashlib.sha256(content).hexdigest()[:32])


def _of_service(service_id: ServiceId) -> str:
    return f"services/{service_id.lower()}.png"
