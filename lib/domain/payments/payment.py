"""A payment by notice number: the messages that carry it, and its events."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from lib.domain.shared.identifiers import NO_MESSAGE_ID, NO_SERVICE_ID, MessageId, RptId, ServiceId

MAX_OF_CITIZEN: Final = 20
"""The most messages of one service that ask one citizen for a payment."""
MAX_OF_SERVICE: Final = 100
"""The most messages of one service that ask for a payment, all citizens together."""

PAYMENT_NODE: Final = "payment-node"
"""The source of an event that the app learned by a request to pagoPA's payment node."""

PaymentStatus = Literal["NOT_PAID", "PAID", "CANCELLED"]
"""CANCELLED: the payee withdrew the notice, so the payment is no longer needed."""
PaymentOutcome = Literal["PAID", "CANCELLED", "REVERSED"]
"""REVERSED: a payment was undone, so the notice is to be paid again."""

_STATUS: Final[dict[PaymentOutcome, PaymentStatus]] = {
    "PAID": "PAID",
    "CANCELLED": "CANCELLED",
    "REVERSED": "NOT_PAID",
}
_RANK: Final[dict[PaymentOutcome, int]] = {"REVERSED": 0, "CANCELLED": 1, "PAID": 2}
"""The higher rank wins between two events of the same millisecond.

So the app asks no citizen to pay twice.
"""


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """An event of a payment; times as in `values.timestamp`, the amount in euro cents.

    `id`: the id that the source gave the event, in visible ASCII. `source`: the service that
    reported the event. `notice_id`: the message of the payment notice, for an event by which the
    sender cancelled or reopened the notice; else "".
    """

    id: str
    outcome: PaymentOutcome
    occurred_at: str
    source: str
    paid_at: str | None = None
    amount: int | None = None
    notice_id: MessageId = NO_MESSAGE_ID

    @property
    def happened_at(self) -> str:
        """The time of the event, never after the report of the event."""
        return min(self.paid_at or self.occurred_at, self.occurred_at)

    @property
    def is_reopening(self) -> bool:
        """Tell whether the event undoes a cancellation rather than a payment."""
        return self.outcome == "REVERSED" and bool(self.notice_id)

    @property
    def order(self) -> str:
        """The sort key of events: the event with the greatest key is the last one.

        The order of arrival does not matter. An answer of the payment node sorts before all
        reported events: its time is that of the request, and the node tells neither the time nor
        the amount of the payment.
        """
        prefix = "0 " if self.source == PAYMENT_NODE else ""
        return f"{prefix}{self.occurred_at} {_RANK[self.outcome]} {self.id}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A message that carries the payment. `fiscal_code` is the citizen's; the repr leaves it out.

    `service_id`: the sending service, "" where an earlier version stored the carrier. `is_notice`:
    the message is that of a payment notice.
    """

    message_id: MessageId
    fiscal_code: str
    service_id: ServiceId = NO_SERVICE_ID
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment: its messages, the oldest first, and its last event.

    `displaced`: ids of the messages of another service's notice that the payee's own notice
    replaced; they no longer ask for the payment. `notice_version`: the version of the payment
    notice that amount and due date are from; 0 for a payment without a notice.
    Concurrency: changes may come in any order, repeatedly and at the same time, with the same
    result. There are two exceptions. `changes` counts the events that were applied, and
    `changed_at` is the time of the last one. And where a service sends more messages than the
    limit, the messages that came first stay.
    """

    rpt_id: RptId
    carriers: tuple[Carrier, ...] = ()
    amount: int | None = None
    due_date: str | None = None
    event: PaymentEvent | None = None
    notice_version: int = 0
    displaced: tuple[MessageId, ...] = ()
    changes: int = field(default=0, compare=False)
    changed_at: str | None = field(default=None, compare=False)

    @property
    def status(self) -> PaymentStatus:
        """The status of the payment."""
        return _STATUS[self.event.outcome] if self.event else "NOT_PAID"

    def carried_by(
        self, carrier: Carrier, amount: int, due_date: str | None, notice_version: int = 0
    ) -> "Payment":
        """Return the payment with one more message, or unchanged where `has_room` is False.

        Amount (euro cents) and due date are those of the message with the newest notice version.
        Among messages with the same version, or without a version, the newest message counts. A
        payment notice's own message always has room.
        """
        if self.names(carrier.message_id) or carrier.message_id in self.displaced:
            return self
        if not carrier.is_notice and not self.has_room(carrier.service_id, carrier.fiscal_code):
            return self
        carriers = sorted((*self.carriers, carrier), key=lambda each: each.message_id)
        extended = replace(self, carriers=tuple(carriers))
        is_newest = carriers[-1] is carrier and notice_version == self.notice_version
        if not is_newest and notice_version <= self.notice_version:
            return extended
        return replace(extended, amount=amount, due_date=due_date, notice_version=notice_version)

    def asking(
        self, amount: int, due_date: str, notice_version: int, notice_id: MessageId = NO_MESSAGE_ID
    ) -> "Payment":
        """Return the payment with the terms of a notice version, unless it has a later version.

        `notice_id`: the id of the notice's own message. A displaced notice changes nothing.
        """
        if notice_version <= self.notice_version or notice_id in self.displaced:
            return self
        return replace(self, amount=amount, due_date=due_date, notice_version=notice_version)

    def after(self, event: PaymentEvent, at: str | None = None) -> "Payment":
        """Return the payment after an event; unchanged where its present event is later."""
        if self.event is not None and event.order <= self.event.order:
            return self
        if event.notice_id in self.displaced:
            return self
        return replace(self, event=event, changes=self.changes + 1, changed_at=at)

    def displacing(self, message_ids: tuple[MessageId, ...], at: str | None = None) -> "Payment":
        """Return the payment without another service's notice; unchanged where it is paid.

        The result has no terms and no cancellation of that notice. `message_ids`: the notice's own
        message, and its message that asks for this payment.
        """
        if self.status == "PAID" or set(message_ids) <= set(self.displaced):
            return self
        ids = tuple(sorted({*self.displaced, *message_ids}))
        rest = tuple(carrier for carrier in self.carriers if carrier.message_id not in ids)
        event = None if self.event and self.event.notice_id in ids else self.event
        return replace(
            self,
            carriers=rest,
            amount=None,
            due_date=None,
            event=event,
            notice_version=0,
            displaced=ids,
            # calendar entries of those messages need a greater sequence number
            changes=self.changes + 1,
            changed_at=at,
        )

    def releasing(self, message_id: MessageId) -> "Payment":
        """Return the payment without a message that its sender withdrew.

        Amount and due date are unknown where the newest message is gone and there is no notice.
        """
        if not self.names(message_id):
            return self
        rest = tuple(carrier for carrier in self.carriers if carrier.message_id != message_id)
        released = replace(self, carriers=rest)
        if self.notice_version or self.carriers[-1].message_id != message_id:
            return released
        return replace(released, amount=None, due_date=None)

    def without_citizen(self, fiscal_code: str, nobody: str) -> "Payment":
        """Return the payment with `nobody` in place of the citizen, whose data is erased.

        The payee's account of the payment stays: its messages, its sum and its events.
        """
        carriers = tuple(
            replace(one, fiscal_code=nobody) if one.fiscal_code == fiscal_code else one
            for one in self.carriers
        )
        return self if carriers == self.carriers else replace(self, carriers=carriers)

    def without_message(self, message_id: MessageId, nobody: str) -> "Payment":
        """Return the payment with `nobody` as the citizen of a message that is kept no more."""
        carriers = tuple(
            replace(one, fiscal_code=nobody) if one.message_id == message_id else one
            for one in self.carriers
        )
        return self if carriers == self.carriers else replace(self, carriers=carriers)

    def is_contested(self, service_id: ServiceId) -> bool:
        """Tell whether another service asks, or has asked, for the payment."""
        others = {carrier.service_id for carrier in self.carriers} - {service_id, NO_SERVICE_ID}
        return bool(self.displaced or others)

    def names(self, message_id: MessageId) -> bool:
        """Tell whether the payment lists the message."""
        return any(carrier.message_id == message_id for carrier in self.carriers)

    def has_room(self, service_id: ServiceId, fiscal_code: str) -> bool:
        """Tell whether the service may ask the citizen for the payment with one more message."""
        own = [
            carrier
            for carrier in self.carriers
            if carrier.service_id == service_id and not carrier.is_notice
        ]
        of_citizen = [carrier for carrier in own if carrier.fiscal_code == fiscal_code]
        return len(own) < MAX_OF_SERVICE and len(of_citizen) < MAX_OF_CITIZEN

    def newer_for(
        self, fiscal_code: str, service_id: ServiceId, than: MessageId
    ) -> list[MessageId]:
        """Return the ids of the citizen's newer messages, the newest first.

        They are the messages of the service, those of payment notices, and those whose service is
        not stored.
        """
        return [
            carrier.message_id
            for carrier in reversed(self.carriers)
            if carrier.fiscal_code == fiscal_code
            and carrier.message_id > than
            and (carrier.is_notice or carrier.service_id in {service_id, NO_SERVICE_ID})
        ]

    def services_of(self, fiscal_code: str) -> frozenset[ServiceId]:
        """Return the services that sent this citizen a message that asks for the payment."""
        found = (one.service_id for one in self.carriers if one.fiscal_code == fiscal_code)
        return frozenset(found)
