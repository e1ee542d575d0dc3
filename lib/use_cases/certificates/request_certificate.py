"""Take a citizen's request for a certificate, list the requests, and withdraw one."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from ulid import ULID

from lib.domain.certificates.certificate_request import (
    MOST_IN_A_DAY,
    CertificateRequest,
    ListedRequest,
)
from lib.domain.certificates.errors import (
    CertificateRequestNotFoundError,
    RequestOpenError,
    TooManyRequestsError,
)
from lib.domain.certificates.offer import Offer
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.repositories.certificates.offers import Offers
from lib.repositories.certificates.request_lists import RequestLists
from lib.repositories.certificates.requests import CertificateRequests
from lib.repositories.shared.optimistic import until_written

DAY: Final = timedelta(days=1)


class RequestCertificate:
    """Take requests of citizens. A citizen has one open request for each certificate.

    The list of the citizen names a request before it is stored, so that no crash leaves a request
    that its citizen does not see; the same request again stores it.
    Concurrency: of two requests for one certificate at the same time one is made, by the ETag of
    the list; both are answered with it, if they are the same.
    """

    def __init__(
        self,
        offers: Offers,
        requests: CertificateRequests,
        lists: RequestLists,
        clock: Clock,
    ) -> None:
        self._offers = offers
        self._requests = requests
        self._lists = lists
        self._clock = clock

    async def __call__(
        self, access: Access, service_id: ServiceId, certificate: str, values: Mapping[str, str]
    ) -> CertificateRequest:
        """Return the request; an open one with the same values is returned again.

        Raise CertificateNotFoundError, WrongValueError, RequestOpenError, TooManyRequestsError.
        Cost: two point reads and two writes; one read more where there was a request for the
        certificate before.
        """
        offer = await self._offers.get(service_id, certificate)
        checked = offer.checked(values)

        async def attempt() -> CertificateRequest:
            return await self._made(access, service_id, offer, checked)

        return await until_written("the requests of a citizen", attempt)

    async def _made(
        self, access: Access, service_id: ServiceId, offer: Offer, values: dict[str, str]
    ) -> CertificateRequest:
        now = self._clock.now()
        before = await self._lists.get(access.subject)
        kind = (service_id, offer.name)
        last = next((x for x in before.entries if (x.service_id, x.certificate) == kind), None)
        if last is not None:
            found = await self._requests.find(service_id, last.id)
            if found is None and now - parse_timestamp(last.created_at) < DAY:
                # an earlier call died between its two writes
                return await self._stored(access, last, offer, values)
            if found is not None and found.is_open:
                if dict(found.values) != values:
                    raise RequestOpenError
                return found
        since = timestamp(now - DAY)
        if sum(one.created_at > since for one in before.entries) >= MOST_IN_A_DAY:
            raise TooManyRequestsError
        id_ = str(ULID.from_datetime(now))
        entry = ListedRequest(service_id, id_, offer.name, timestamp(now))
        await self._lists.add(access.subject, before, entry)
        return await self._stored(access, entry, offer, values)

    async def _stored(
        self, access: Access, entry: ListedRequest, offer: Offer, values: dict[str, str]
    ) -> CertificateRequest:
        expires = timestamp(parse_timestamp(entry.created_at) + timedelta(days=offer.days))
        request = CertificateRequest(
            id=entry.id,
            service_id=entry.service_id,
            fiscal_code=access.subject,
            certificate=offer.name,
            title=offer.title,
            values=values,
            created_at=entry.created_at,
            changed_at=entry.created_at,
            expires_at=expires,
            due_at=expires,
        )
        if await self._requests.create(request):
            return request
        return await self._requests.get(entry.service_id, entry.id)

    async def all(self, access: Access) -> list[CertificateRequest]:
        """Return the citizen's latest requests, the latest first.

        Cost: one point read, and one for each request, a hundred at most.
        """
        entries = (await self._lists.get(access.subject)).entries
        found = await asyncio.gather(*(self._requests.find(x.service_id, x.id) for x in entries))
        return [one for one in found if one is not None and one.fiscal_code == access.subject]

    async def withdraw(self, access: Access, id_: str) -> CertificateRequest:
        """Return the withdrawn request; a withdrawn one stays so.

        Raise CertificateRequestNotFoundError, CertificateRequestStateError.
        Cost: two point reads and one replace.
        """
        entries = (await self._lists.get(access.subject)).entries
        entry = next((one for one in entries if one.id == id_), None)
        if entry is None:
            raise CertificateRequestNotFoundError
        now = self._clock.now()
        return await self._requests.change(
            entry.service_id, id_, lambda found: found.withdrawn(now)
        )
