"""Certificates that a service offers, and the requests of citizens for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that the citizen fills in; its name is that in the values of a request."""

    name: str
    label: str
    is_required: bool = True
    max_length: int = 100


@dataclass(frozen=True, slots=True)
class NewOffer:
    """A certificate to offer. `days`: within how many days you answer a request."""

    title: str
    description: str
    days: int
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(NewOffer):
    """A certificate that the service offers, with its name."""

    name: str


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A request of a citizen, with what the citizen wrote in `values`.

    `status`: PENDING, ANSWERING, FULFILLED, REFUSED, WITHDRAWN or EXPIRED. `message_id`: of the
    message with the answer.
    """

    id: str
    fiscal_code: str = field(repr=False)
    service_id: str
    certificate: str
    title: str
    values: Mapping[str, str] = field(repr=False)
    status: str
    created_at: datetime
    changed_at: datetime
    expires_at: datetime
    reason: str | None = None
    message_id: str | None = None
