"""Let a service say which certificates citizens may ask for."""

from lib.domain.certificates.errors import TooManyCertificatesError
from lib.domain.certificates.offer import MOST_OFFERS, NewOffer, Offer
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.certificates.offers import Offers


class ManageOffers:
    """Save, list and remove the certificates of a service.

    A request keeps the title and the values that it was made with, so a change of its certificate
    changes nothing in it.
    Concurrency: saves at the same time may exceed the number of certificates by some.
    """

    def __init__(self, offers: Offers) -> None:
        self._offers = offers

    async def save(self, sender: Sender, name: str, new: NewOffer) -> Offer:
        """Store a certificate, in place of an earlier one. Raise TooManyCertificatesError.

        Cost: one query and one upsert.
        """
        offer = Offer(name=name, **new.model_dump())
        present = {one.name for one in await self._offers.all(sender.service.id)}
        if name not in present and len(present) >= MOST_OFFERS:
            raise TooManyCertificatesError
        await self._offers.put(sender.service.id, offer)
        return offer

    async def of_service(self, service_id: ServiceId) -> list[Offer]:
        """Return the certificates of a service by their names. Cost: one query."""
        return await self._offers.all(service_id)

    async def remove(self, sender: Sender, name: str) -> None:
        """Remove a certificate. Open requests for it stay. Raise CertificateNotFoundError.

        Cost: one point read and one delete.
        """
        await self._offers.get(sender.service.id, name)
        await self._offers.remove(sender.service.id, name)
