"""A payment notice: which messages carry it, and what became of it."""

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
    """Something that happened to a payment; times as in `values.timestamp`, the amount in cents.

    `id` is the event's own, visible ASCII. `source`: the service that told of it.
    `notice_id`: the message of the payment notice whose sender cancelled or reopened it, else "".
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
        """When it was paid, or what else happened did: no payment is later than the word of it."""
        return min(self.paid_at or self.occurred_at, self.occurred_at)

    @property
    def is_reopening(self) -> bool:
        """Tell whether the event undoes a cancellation, and no payment."""
        return self.outcome == "REVERSED" and bool(self.notice_id)

    @property
    def order(self) -> str:
        """What events are compared by: the greatest is the last, however they came in.

        What the payment node was asked comes before all that was told: its moment is that of the
        question, and it knows neither the payment's own nor its amount.
        """
        asked = "0 " if self.source == PAYMENT_NODE else ""
        return f"{asked}{self.occurred_at} {_RANK[self.outcome]} {self.id}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A message that carries the notice. `fiscal_code`: whose it is; shows in no repr.

    `service_id`: of its sender, "" where an earlier version stored it. `is_notice`: a payment
    notice made it.
    """

    message_id: str
    fiscal_code: str
    service_id: str = ""
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """What is known of a payment: its messages, oldest first, and the last event.

    All changes may come in any order, often, and together: what results is the same, but for the
    two members that tell of their coming: `changes` counts the events that were taken up, and
    `changed_at` is when the last one was; and but for a service with more messages than it may
    have, of which those that came first are named. None that is named is dropped for another.
    `displaced`: ids of the messages of another service's notice that the payee's own took the place
    of; they ask for nothing any more. `notice_version`: of the payment notice that amount and due
    date are of; 0 where there is none.
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
        """Where it stands."""
        return _STATUS[self.event.outcome] if self.event else "NOT_PAID"

    def carried_by(
        self, carrier: Carrier, amount: int, due_date: str | None, notice_version: int = 0
    ) -> "Payment":
        """Add a message; amount, in cents, and due date are those of the newest notice version.

        Of two of the same version, or of none, they are those of the newest message. The same
        where `has_room` says no; a payment notice's own message always has room.
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
        """Take up what a payment notice asks as of a version, unless a later one is known.

        `notice_id`: of the notice's own message; what is displaced asks for nothing.
        """
        if notice_version <= self.notice_version or notice_id in self.displaced:
            return self
        return replace(self, amount=amount, due_date=due_date, notice_version=notice_version)

    def after(self, event: PaymentEvent, at: str | None = None) -> "Payment":
        """Take up an event at this time, unless one that came before is later."""
        if self.event is not None and event.order <= self.event.order:
            return self
        if event.notice_id in self.displaced:
            return self
        return replace(self, event=event, changes=self.changes + 1, changed_at=at)

    def displacing(self, message_ids: tuple[str, ...], at: str | None = None) -> "Payment":
        """Take the payment from a notice of another service; the same where it is paid.

        `message_ids`: of the notice's own message and of its message that asks for this payment.
        What that notice asked, and that it was cancelled, is forgotten.
        """
        if self.status == "PAID" or set(message_ids) <= set(self.displaced):
            return self
        ids = tuple(sorted({*self.displaced, *message_ids}))
        rest = tuple(one for one in self.carriers if one.message_id not in ids)
        event = None if self.event and self.event.notice_id in ids else self.event
        return replace(
            self,
            carriers=rest,
            amount=None,
            due_date=None,
            event=event,
            notice_version=0,
            displaced=ids,
            # what was handed out of those messages has a newer version now
            changes=self.changes + 1,
            changed_at=at,
        )

    def is_contested(self, service_id: str) -> bool:
        """Tell whether another service asks for the payment, too, or did."""
        others = {one.service_id for one in self.carriers} - {service_id, ""}
        return bool(self.displaced or others)

    def names(self, message_id: str) -> bool:
        """Tell whether the message is known to ask for it."""
        return any(one.message_id == message_id for one in self.carriers)

    def has_room(self, service_id: str, fiscal_code: str) -> bool:
        """Tell whether the service may ask the citizen for it with one more message."""
        own = [one for one in self.carriers if one.service_id == service_id and not one.is_notice]
        of_citizen = [one for one in own if one.fiscal_code == fiscal_code]
        return len(own) < MAX_OF_SERVICE and len(of_citizen) < MAX_OF_CITIZEN

    def newer_for(self, fiscal_code: str, service_id: str, than: str) -> list[str]:
        """Return the ids of the citizen's newer messages, the newest first.

        Those of the service, of payment notices, and those whose service is not known here.
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
