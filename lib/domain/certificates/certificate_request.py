"""A citizen's request for a certificate, from the form to its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from lib.domain.certificates.errors import CertificateRequestStateError
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import timestamp

RequestStatus = Literal["PENDING", "ANSWERING", "FULFILLED", "REFUSED", "WITHDRAWN", "EXPIRED"]
"""ANSWERING: the answer is being sent."""
Outcome = Literal["FULFILLED", "REFUSED"]
MOST_IN_A_DAY: Final = 10
MOST_LISTED: Final = 100
LOOK_AGAIN: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """A request; times as `values.timestamp` writes them.

    `title`: that of the certificate at the time of the request. `due_at`: when it expires, None
    once it has ended. `message_id`: the message with the answer.
    """

    id: str
    service_id: ServiceId
    fiscal_code: FiscalCode = field(repr=False)
    certificate: str
    title: str
    values: Mapping[str, str] = field(repr=False)
    created_at: str
    changed_at: str
    expires_at: str
    due_at: str | None
    status: RequestStatus = "PENDING"
    reason: str | None = field(default=None, repr=False)
    message_id: MessageId | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.status in {"PENDING", "ANSWERING"}

    def answering(self, now: datetime) -> "CertificateRequest":
        """Return the request whose answer is being sent. Raise CertificateRequestStateError."""
        if not self.is_open:
            raise CertificateRequestStateError(self.status)
        return replace(self, status="ANSWERING", changed_at=timestamp(now))

    def waiting_again(self, now: datetime) -> "CertificateRequest":
        """Return the request whose answer was not sent."""
        if self.status != "ANSWERING":
            return self
        return replace(self, status="PENDING", changed_at=timestamp(now))

    def answered(
        self, outcome: Outcome, reason: str | None, message_id: MessageId, now: datetime
    ) -> "CertificateRequest":
        """Return the request with its answer; one that has ended meanwhile stays as it is."""
        if not self.is_open:
            return self
        ended = self._ended(outcome, now)
        return replace(ended, reason=reason, message_id=message_id)

    def withdrawn(self, now: datetime) -> "CertificateRequest":
        """Return the request that its citizen withdrew. Raise CertificateRequestStateError."""
        if self.status == "WITHDRAWN":
            return self
        if self.status != "PENDING":
            raise CertificateRequestStateError(self.status)
        return self._ended("WITHDRAWN", now)

    def expired(self, now: datetime) -> "CertificateRequest":
        """Return the request as expired, if its time has come and nobody is answering it."""
        if self.due_at is None or self.due_at > timestamp(now):
            return self
        if self.status == "ANSWERING":
            # its service may send the same answer again
            return replace(self, due_at=timestamp(now + LOOK_AGAIN))
        return self._ended("EXPIRED", now)

    def _ended(self, status: RequestStatus, now: datetime) -> "CertificateRequest":
        return replace(self, status=status, changed_at=timestamp(now), due_at=None)


class ListedRequest(NamedTuple):
    """An entry of a citizen's list of requests."""

    service_id: ServiceId
    id: str
    certificate: str
    created_at: str
