"""A payment by notice number: the messages that carry it, and its events."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from lib.domain.shared.described import says
from lib.domain.shared.values import IOType

RPT_ID_PATTERN: Final = "^[0-9]{11}[0123][0-9]{17}$"
MAX_OF_CITIZEN: Final = 20
"""Messages of one service that ask one citizen for a payment; further ones are refused."""
MAX_OF_SERVICE: Final = 100
"""Messages of one service that ask for a payment, all citizens together; others are refused."""

RptId = Annotated[
    str,
    says("The payment: its payee and its notice number, in one."),
    StringConstraints(pattern=RPT_ID_PATTERN),
    IOType(
        (f'string that matches the pattern "{RPT_ID_PATTERN}"',),
        "must be the fiscal code of the payee, 11 digits, and the notice number, 18, in one",
    ),
]
"""pagoPA's name of a payment: the payee's fiscal code, 11 digits, and the notice number, 18."""

PAYMENT_NODE: Final = "payment-node"
"""The source of an event that nobody told: the node was asked."""

PaymentStatus = Literal["NOT_PAID", "PAID", "CANCELLED"]
"""CANCELLED: the payee took the notice back, and nothing is to be paid."""
PaymentOutcome = Literal["PAID", "CANCELLED", "REVERSED"]
"""REVERSED: a payment was taken back, and the notice is to be paid again."""

_STATUS: Final[dict[PaymentOutcome, PaymentStatus]] = {
    "PAID": "PAID",
    "CANCELLED": "CANCELLED",
    "REVERSED": "NOT_PAID",
}
_RANK: Final[dict[PaymentOutcome, int]] = {"REVERSED": 0, "CANCELLED": 1, "PAID": 2}
"""Of two events of the same millisecond the higher counts: nobody is asked to pay twice."""


def payee_of(rpt_id: str) -> str:
    """Return the payee's fiscal code."""
    return rpt_id[:11]


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """An event of a payment; times as in `values.timestamp`, the amount in euro cents.

    `id` is the event's own, in visible ASCII. `source`: the service that reported it. `notice_id`:
    the message of the payment notice whose sender cancelled or reopened it, else "".
    """

    id: str
    outcome: PaymentOutcome
    occurred_at: str
    source: str
    paid_at: str | None = None
    amount: int | None = None
    notice_id: str = ""

    @property
    def happened_at(self) -> str:
        """When the event happened; never after it was reported."""
        return min(self.paid_at or self.occurred_at, self.occurred_at)

    @property
    def is_reopening(self) -> bool:
        """Tell whether the event undoes a cancellation rather than a payment."""
        return self.outcome == "REVERSED" and bool(self.notice_id)

    @property
    def order(self) -> str:
        """The sort key of events: the greatest event is the last one, whenever it arrives.

        An answer of the payment node sorts before all reported events: its time is that of the
        question, and it knows neither the time nor the amount of the payment.
        """
        asked = "0 " if self.source == PAYMENT_NODE else ""
        return f"{asked}{self.occurred_at} {_RANK[self.outcome]} {self.id}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A message that carries the payment. `fiscal_code` is the citizen's; the repr leaves it out.

    `service_id`: the sender's, "" where an earlier version stored the carrier. `is_notice`: the
    message is that of a payment notice.
    """

    message_id: str
    fiscal_code: str
    service_id: str = ""
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment: its messages, the oldest first, and its last event.

    Concurrency: changes may come in any order, repeatedly and at the same time, with the same
    result. The exceptions are `changes`, which counts the events that were applied, `changed_at`,
    the time of the last one, and a service with more messages than the limit: the messages that
    came first stay, and none of them is removed for a later one. `displaced`: ids of the messages
    of another service's notice that the payee's own notice replaced; they ask for nothing any more.
    `notice_version`: the version of the payment notice that amount and due date are from; 0 where
    there is no notice.
    """

    rpt_id: str
    carriers: tuple[Carrier, ...] = ()
    amount: int | None = None
    due_date: str | None = None
    event: PaymentEvent | None = None
    notice_version: int = 0
    displaced: tuple[str, ...] = ()
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

        Amount (euro cents) and due date are those of the message with the newest notice version;
        among messages of the same version, or of none, those of the newest message. A payment
        notice's own message always has room.
        """
        if self.names(carrier.message_id) or carrier.message_id in self.displaced:
            return self
        if not carrier.is_notice and not self.has_room(carrier.service_id, carrier.fiscal_code):
            return self
        carriers = sorted((*self.carriers, carrier), key=lambda one: one.message_id)
        known = replace(self, carriers=tuple(carriers))
        is_newest = carriers[-1] is carrier and notice_version == self.notice_version
        if not is_newest and notice_version <= self.notice_version:
            return known
        return replace(known, amount=amount, due_date=due_date, notice_version=notice_version)

    def asking(
        self, amount: int, due_date: str, notice_version: int, notice_id: str = ""
    ) -> "Payment":
        """Return the payment with the terms of a notice version, unless a later version is known.

        `notice_id`: the id of the notice's own message. A displaced notice changes nothing.
        """
        if notice_version <= self.notice_version or notice_id in self.displaced:
            return self
        return replace(self, amount=amount, due_date=due_date, notice_version=notice_version)

    def after(self, event: PaymentEvent, at: str | None = None) -> "Payment":
        """Return the payment after an event, unless an event that it has already is later."""
        if self.event is not None and event.order <= self.event.order:
            return self
        if event.notice_id in self.displaced:
            return self
        return replace(self, event=event, changes=self.changes + 1, changed_at=at)

    def displacing(self, message_ids: tuple[str, ...], at: str | None = None) -> "Payment":
        """Return the payment without another service's notice; unchanged where it is paid.

        `message_ids`: the notice's own message and its message that asks for this payment. The
        terms and the cancellation of that notice are removed.
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

    def is_contested(self, service_id: str) -> bool:
        """Tell whether another service asks for the payment, too, or did so before."""
        others = {one.service_id for one in self.carriers} - {service_id, ""}
        return bool(self.displaced or others)

    def names(self, message_id: str) -> bool:
        """Tell whether the payment lists the message."""
        return any(one.message_id == message_id for one in self.carriers)

    def has_room(self, service_id: str, fiscal_code: str) -> bool:
        """Tell whether the service may ask the citizen for the payment with one more message."""
        own = [one for one in self.carriers if one.service_id == service_id and not one.is_notice]
        of_citizen = [one for one in own if one.fiscal_code == fiscal_code]
        return len(own) < MAX_OF_SERVICE and len(of_citizen) < MAX_OF_CITIZEN

    def newer_for(self, fiscal_code: str, service_id: str, than: str) -> list[str]:
        """Return the ids of the citizen's newer messages, the newest first.

        They are the messages of the service, those of payment notices, and those whose service is
        not stored.
        """
        return [
            one.message_id
            for one in reversed(self.carriers)
            if one.fiscal_code == fiscal_code
            and one.message_id > than
            and (one.is_notice or one.service_id in {service_id, ""})
        ]

    def is_of(self, fiscal_code: str) -> bool:
        """Tell whether one of the messages is this citizen's."""
        return any(one.fiscal_code == fiscal_code for one in self.carriers)
