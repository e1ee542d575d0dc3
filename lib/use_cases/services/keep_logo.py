"""Store the logo of a service, and return it to everybody."""

import hashlib
from typing import Final, NamedTuple

from lib.domain.services.errors import LogoInvalidError, LogoNotFoundError
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.ports.blobs import Blobs
from lib.ports.errors import NotFoundError
from lib.use_cases.services.owned_services import OwnedServices
from lib.use_cases.shared.png import PngError, png_of

LOGOS: Final = "logos"
PNG: Final = "image/png"


class Logo(NamedTuple):
    """A PNG image, and the tag of its content."""

    content: bytes
    tag: str


class KeepLogo:
    """Store and read logos; the name of one follows from the service's id, in lower case."""

    def __init__(self, owned: OwnedServices, blobs: Blobs) -> None:
        self._owned = owned
        self._blobs = blobs

    async def put(self, manager: Manager, service_id: ServiceId, encoded: str) -> None:
        """Store the PNG image that the base64 text encodes as the service's logo.

        Raise ManagedServiceNotFoundError, LogoInvalidError; NotAllowedError for another's service.
        Cost: one point read and one blob.
        """
        await self._owned.existing(manager, service_id)
        try:
            content = await png_of(encoded)
        except PngError as error:
            raise LogoInvalidError(str(error)) from None
        await self._blobs.put(LOGOS, _name(service_id), content, content_type=PNG)

    async def get(self, service_id: ServiceId) -> Logo:
        """Return the service's logo; raise LogoNotFoundError. Cost: one blob."""
        try:
            content = (await self._blobs.get(LOGOS, _name(service_id))).content
        except NotFoundError:
            raise LogoNotFoundError from None
        return Logo(content, hashlib.sha256(content).hexdigest()[:32])


def _name(service_id: ServiceId) -> str:
    return f"services/{service_id.lower()}.png"
