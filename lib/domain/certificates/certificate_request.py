"""A citizen's request for a certificate, from the form to its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from lib.domain.certificates.errors import AnswerBegunError, CertificateRequestStateError
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.values import timestamp

RequestStatus = Literal["PENDING", "ANSWERING", "FULFILLED", "REFUSED", "WITHDRAWN", "EXPIRED"]
"""ANSWERING: the answer is being sent, or its process died."""
Outcome = Literal["FULFILLED", "REFUSED"]
MOST_IN_A_DAY: Final = 10
MOST_LISTED: Final = 100
SETTLED_AFTER: Final = timedelta(hours=1)
"""Longer than any request that sends an answer."""


class BegunAnswer(NamedTuple):
    """An answer that is being sent, at `at`. `message_id`: that of its message, stored or not yet.

    `digest`: a hash of the whole answer, so that no other answer ends it.
    """

    message_id: MessageId
    digest: str
    outcome: Outcome
    reason: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """A request; times as `values.timestamp` writes them.

    `title`: that of the certificate at the time of the request. `due_at`: when it is looked at: it
    expires, its begun answer is settled, or its citizen is told of its expiry; None once it has
    ended. `message_id`: the message with the answer, or about the expiry.
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
    begun: BegunAnswer | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.status in {"PENDING", "ANSWERING"}

    @property
    def is_untold(self) -> bool:
        """Whether it has expired, and its citizen is not told yet."""
        return self.status == "EXPIRED" and self.due_at is not None

    def answering(self, begun: BegunAnswer, now: datetime) -> "CertificateRequest":
        """Return the request whose answer is being sent; the same answer again keeps its message.

        Raise CertificateRequestStateError, AnswerBegunError.
        """
        due = timestamp(now + SETTLED_AFTER)
        if self.begun is not None:
            if self.begun.digest != begun.digest:
                raise AnswerBegunError
            # a sweep that is settling it sees the change
            return replace(self, due_at=due)
        if self.status != "PENDING":
            raise CertificateRequestStateError(self.status)
        return replace(self, status="ANSWERING", changed_at=timestamp(now), due_at=due, begun=begun)

    def waiting_again(self, begun: BegunAnswer, now: datetime) -> "CertificateRequest":
        """Return the request whose begun answer was not sent."""
        if self.begun != begun:
            return self
        changed, due = timestamp(now), self.expires_at
        return replace(self, status="PENDING", changed_at=changed, due_at=due, begun=None)

    def answered(self, begun: BegunAnswer, now: datetime) -> "CertificateRequest":
        """Return the request with its answer; one that has ended, or has another, stays."""
        if not self.is_open or self.begun not in {None, begun}:
            return self
        ended = self._ended(begun.outcome, now)
        return replace(ended, reason=begun.reason, message_id=begun.message_id)

    def withdrawn(self, now: datetime) -> "CertificateRequest":
        """Return the request that its citizen withdrew. Raise CertificateRequestStateError."""
        if self.status == "WITHDRAWN":
            return self
        if self.status != "PENDING":
            raise CertificateRequestStateError(self.status)
        return self._ended("WITHDRAWN", now)

    def expired(self, message_id: MessageId, now: datetime) -> "CertificateRequest":
        """Return the request as expired, if its time has come and nobody is answering it.

        `message_id`: that of the message that tells its citizen.
        """
        at = timestamp(now)
        if self.status != "PENDING" or self.due_at is None or self.due_at > at:
            return self
        return replace(self._ended("EXPIRED", now), message_id=message_id, due_at=at)

    def told(self, *, is_told: bool) -> "CertificateRequest":
        """Return the expired request whose citizen is told; not where nobody could write to it."""
        if not self.is_untold:
            return self
        return replace(self, due_at=None, message_id=self.message_id if is_told else None)

    def _ended(self, status: RequestStatus, now: datetime) -> "CertificateRequest":
        return replace(self, status=status, changed_at=timestamp(now), due_at=None, begun=None)


class ListedRequest(NamedTuple):
    """An entry of a citizen's list of requests."""

    service_id: ServiceId
    id: str
    certificate: str
    created_at: str
