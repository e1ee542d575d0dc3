"""The containers of files and certificates."""

from typing import Final

from lib.ports.documents import (
    WRITTEN_AT,
    ByField,
    ByStep,
    Container,
    NamesNobody,
    OwnPartition,
)

ATTACHMENTS = Container(
    "attachments",
    partition_key="id",
    # a timer finds files whose time to be looked at has come; an erasure finds those of a citizen
    swept=("due_at", "fiscal_code"),
    erasure=ByStep("attachments"),
)
KEPT_DOCUMENTS = Container(
    "kept-documents",
    partition_key="fiscal_code",
    composite=(("id",),),
    erasure=OwnPartition(),
)
CERTIFICATES = Container(
    "certificates",
    partition_key="service_id",
    composite=(("id",),),
    erasure=NamesNobody("certificates that services offer"),
)
CERTIFICATE_REQUESTS = Container(
    "certificate-requests",
    partition_key="service_id",
    indexed=("status",),
    # services follow the changes of their requests
    composite=(("id",), ("status", "id"), (WRITTEN_AT,)),
    # a timer finds requests that nobody answered; an erasure finds those of a citizen
    swept=("due_at", "fiscal_code"),
    erasure=ByField("fiscal_code"),
)
CERTIFICATE_LISTS = Container(
    "certificate-lists", partition_key="fiscal_code", erasure=OwnPartition(("requests",))
)

CONTAINERS: Final = (
    ATTACHMENTS,
    KEPT_DOCUMENTS,
    CERTIFICATES,
    CERTIFICATE_REQUESTS,
    CERTIFICATE_LISTS,
)
