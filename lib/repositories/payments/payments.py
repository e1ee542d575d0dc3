"""Store payments: one document each, in the partition of the payment notice."""

import contextlib
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Final, NamedTuple

from lib.domain.payments.payment import Carrier, Payment, PaymentEvent
from lib.domain.shared.identifiers import NO_MESSAGE_ID, NO_SERVICE_ID, FiscalCode, MessageId, RptId
from lib.ports.documents import DAY_SECONDS, Document, DocumentStore, Stored
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.messages import PAYMENTS
from lib.repositories.shared.optimistic import until_written

UNCLAIMED_TTL: Final = 90 * DAY_SECONDS
"""The life, in seconds, of a payment that no message and no notice asks for yet."""
_ID: Final = "payment"


class PaymentChange(NamedTuple):
    """A payment before and after a change; both are equal if nothing has changed."""

    before: Payment
    after: Payment


class Payments:
    """Store the payments of all notices."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, rpt_id: RptId) -> Payment | None:
        """Return the payment, None if it is not stored."""
        stored = await self._read(rpt_id)
        return _payment(stored.document) if stored else None

    async def change(
        self, rpt_id: RptId, step: Callable[[Payment], Payment], *, is_new: bool = False
    ) -> PaymentChange:
        """Store the result of `step` on the payment, if the payment changes.

        `step` may be called several times. `is_new`: the payment is probably not stored yet, so the
        first write comes without a read. Raise UnavailableError.
        """
        if is_new:
            with contextlib.suppress(ConflictError):
                return await self._write(rpt_id, None, step)

        async def attempt() -> PaymentChange:
            return await self._write(rpt_id, await self._read(rpt_id), step)

        return await until_written("a payment", attempt)

    async def _write(
        self, rpt_id: RptId, stored: Stored | None, step: Callable[[Payment], Payment]
    ) -> PaymentChange:
        before = _payment(stored.document) if stored else Payment(rpt_id)
        after = step(before)
        if after == before:
            return PaymentChange(before, after)
        if stored is None:
            await self._store.create(PAYMENTS, _document(after, {}))
        else:
            changed = _document(after, stored.document)
            await self._store.replace(PAYMENTS, changed, if_match=stored.etag)
        return PaymentChange(before, after)

    async def _read(self, rpt_id: RptId) -> Stored | None:
        try:
            return await self._store.read(PAYMENTS, rpt_id, _ID)
        except NotFoundError:
            return None


def _document(payment: Payment, stored: Document) -> Document:
    """Return the document, with the stored fields that this version does not know."""
    document: Document = {
        **stored,
        "id": _ID,
        "rpt_id": payment.rpt_id,
        "status": payment.status,
        "amount": payment.amount,
        "due_date": payment.due_date,
        "messages": [asdict(carrier) for carrier in payment.carriers],
        "event": asdict(payment.event) if payment.event else None,
        "ttl": UNCLAIMED_TTL,
    }
    if payment.notice_version or "notice_version" in stored:
        document["notice_version"] = payment.notice_version
    if payment.displaced:
        document["displaced"] = list(payment.displaced)
    if payment.changes:
        document |= {"changes": payment.changes, "changed_at": payment.changed_at}
    if payment.carriers or payment.notice_version:
        del document["ttl"]
    return document


def _payment(document: Document) -> Payment:
    event = document["event"]
    return Payment(
        rpt_id=document["rpt_id"],
        carriers=tuple(
            Carrier(
                carrier["message_id"],
                FiscalCode(carrier["fiscal_code"]),
                carrier.get("service_id", NO_SERVICE_ID),
                carrier.get("is_notice", False),
            )
            for carrier in document["messages"]
        ),
        amount=document["amount"],
        due_date=document["due_date"],
        event=_event(event) if event else None,
        notice_version=document.get("notice_version", 0),
        displaced=tuple(document.get("displaced", ())),
        changes=document.get("changes", 1 if event else 0),
        changed_at=document.get("changed_at") or (event["occurred_at"] if event else None),
    )


def _event(stored: Document) -> PaymentEvent:
    """Return the event of a document, without the fields of other versions."""
    known = {field.name for field in fields(PaymentEvent)}
    members = {name: value for name, value in stored.items() if name in known}
    return PaymentEvent(**{"notice_id": _notice_of(stored["id"]), **members})


def _notice_of(event_id: str) -> MessageId:
    """Return the id of the notice's message in an event id, as earlier versions stored it."""
    kind, _, rest = event_id.partition("-")
    is_notice = kind in {"cancelled", "reopened"}
    return MessageId(rest.partition("-")[0]) if is_notice else NO_MESSAGE_ID
