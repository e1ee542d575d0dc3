"""Inboxes with many messages of all kinds, written straight into the store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched
from typing import Any, Final

from lib.domain.messages.acceptance import accepted
from lib.domain.messages.message import Message
from lib.domain.messages.message_id import first_id_of
from lib.domain.messages.message_parts import MessageSender, StatusChange
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.service import Service
from lib.domain.shared.identifiers import MessageId, OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.documents import BatchOperation, DocumentStore
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import document_of
from tests.builders.payments import a_payment
from tests.doubles.clock import START

ORGANIZATIONS: Final = ("01234567890", "09876543210")
SERVICES: Final = ("tari", "imu", "mensa")
_SERVICE: Final = Service(
    ServiceId("tari"),
    "Tassa sui rifiuti",
    "Tributi",
    "Comune di Esempio",
    OrganizationFiscalCode(ORGANIZATIONS[0]),
)


def a_delivered(citizen: str, n: int, markdown: str = "", **changes: Any) -> Message:
    """Return message `n` of an inbox, an hour after the one before; its kind follows from `n`."""
    at = START - timedelta(days=400) + timedelta(hours=n)
    content: dict[str, Any] = {
        "subject": f"Messaggio numero {n}",
        "markdown": markdown or "Si comunica che la pratica è stata conclusa. " * 3,
    }
    if n % 3 == 0:
        payment = a_payment(notice_number=f"3{n:017}", payee={"fiscal_code": ORGANIZATIONS[0]})
        content["payment_data"] = payment
    if n % 4 == 0:
        content["due_date"] = timestamp(at + timedelta(days=n % 40))
    service = SERVICES[n % len(SERVICES)]
    message = accepted(
        NewMessage.model_validate({"content": content}),
        _SERVICE,
        user_id="u1",
        recipient=citizen,
        id_=MessageId(first_id_of(at)[:16] + f"{n:010}"),
        created_at=timestamp(at),
    )
    paid = n % 2 == 0 and message.payment_status is not None
    return replace(
        message,
        status="PROCESSED",
        status_history=(*message.status_history, StatusChange("PROCESSED", timestamp(at))),
        sender=MessageSender(
            ServiceId(service),
            service,
            "Comune",
            OrganizationFiscalCode(ORGANIZATIONS[n % 5 == 0]),
        ),
        is_read=n % 7 != 0,
        is_archived=n % 11 == 0,
        payment_status="PAID" if paid else message.payment_status,
        **changes,
    )


async def fill(
    store: DocumentStore, citizen: str, count: int, since: int = 0, **fields: Any
) -> list[MessageId]:
    """Write messages `since` to `since + count`; return their ids, the oldest first.

    `fields`: stored fields that they have besides. Every thirteenth message has a star.
    """
    ids = []
    for begin in range(since, since + count, 50):
        documents = []
        for n in range(begin, min(begin + 50, since + count)):
            document = {**document_of(a_delivered(citizen, n)), **fields}
            if n % 13 == 0:
                document["is_starred"] = True
            documents.append(document)
        ids += [MessageId(one["id"]) for one in documents]
        steps = [BatchOperation("upsert", document=one) for one in documents]
        await store.batch(MESSAGES, citizen, steps)
    return ids


async def deliver_now(
    store: DocumentStore, citizen: str, at: datetime, since: int, texts: Sequence[str]
) -> list[MessageId]:
    """Write messages `since` and on with these texts, as delivered at a time; return their ids."""
    documents = []
    for n, text in enumerate(texts, since):
        # a text has 80 characters at least
        message = a_delivered(citizen, n, f"{text} " * (80 // (len(text) + 1) + 1))
        history = (
            StatusChange("ACCEPTED", timestamp(at)),
            StatusChange("PROCESSED", timestamp(at)),
        )
        documents.append(document_of(replace(message, status_history=history)))
    for part in batched(documents, 50, strict=False):
        steps = [BatchOperation("upsert", document=one) for one in part]
        await store.batch(MESSAGES, citizen, steps)
    return [MessageId(one["id"]) for one in documents]
