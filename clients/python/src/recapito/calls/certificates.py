"""Calls about certificates that citizens ask for."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from recapito.decoding import decode, encode
from recapito.models.certificates import CertificateRequest, NewOffer, Offer
from recapito.transport import Transport

_OFFERS = "/api/v1/certificates"
_REQUESTS = "/api/v1/certificate-requests"


class Certificates:
    """Offer certificates, read the requests of citizens and answer them.

    Each call may be repeated: the same answer again sends no second message.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def save(self, name: str, offer: NewOffer) -> Offer:
        """Offer a certificate; under a name that there is, replace it."""
        path = f"{_OFFERS}/{quote(name)}"
        return decode(Offer, self._transport.call("PUT", path, encode(offer)))

    def list(self) -> tuple[Offer, ...]:
        """List the certificates that your service offers."""
        found = self._transport.call("GET", _OFFERS)
        return tuple(decode(Offer, one) for one in found["items"])

    def remove(self, name: str) -> None:
        """Offer a certificate no more; open requests stay."""
        self._transport.call("DELETE", f"{_OFFERS}/{quote(name)}")

    def requests(
        self, status: str | None = "PENDING", *, page_size: int = 100
    ) -> Iterator[CertificateRequest]:
        """Yield the requests in a status, the oldest first; None for all requests."""
        query: dict[str, Any] = encode({"status": status, "limit": page_size})
        while True:
            page = self._transport.call("GET", _REQUESTS, query=query)
            yield from (decode(CertificateRequest, one) for one in page["items"])
            if "next" not in page:
                return
            query["after"] = page["next"]

    def read(self, id: str) -> CertificateRequest:  # noqa: A002 (the API's name)
        """Read a request."""
        return decode(CertificateRequest, self._transport.call("GET", f"{_REQUESTS}/{quote(id)}"))

    def fulfil(
        self,
        id: str,  # noqa: A002
        subject: str,
        markdown: str,
        attachments: Iterable[str],
    ) -> CertificateRequest:
        """Send the certificate: a message with these files, by the ids of their uploads."""
        return self._answer(id, "FULFILLED", subject, markdown, attachments=list(attachments))

    def refuse(
        self,
        id: str,  # noqa: A002
        subject: str,
        markdown: str,
        reason: str | None = None,
    ) -> CertificateRequest:
        """Refuse a request by a message. `reason`: for the citizen's list of requests."""
        return self._answer(id, "REFUSED", subject, markdown, reason=reason)

    def _answer(
        self, id_: str, outcome: str, subject: str, markdown: str, **more: Any
    ) -> CertificateRequest:
        body = {"outcome": outcome, "subject": subject, "markdown": markdown, **more}
        path = f"{_REQUESTS}/{quote(id_)}/answer"
        return decode(
            CertificateRequest, self._transport.call("POST", path, encode(body), repeats=True)
        )
