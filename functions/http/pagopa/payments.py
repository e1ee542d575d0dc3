"""Endpoints where pagoPA reports the outcomes of payments."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from lib.domain.payments.errors import PaymentFromFutureError
from lib.domain.payments.payment import Payment, PaymentEvent, PaymentOutcome, PaymentStatus
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import EVENT_ID, OCCURRED_AT, PAID_AT, PAYMENT_STATUS, says
from lib.domain.shared.identifiers import RptId, RptIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, IOType, ZonedTimestamp

UPDATERS = Senders(frozenset((Group.PAYMENT_UPDATE,)), is_counted=False)
"""Not counted: each payment of the country is told once, and a refused call may be lost."""
BASE = "/api/payments/v1/payments"
MAX_UPDATES = 100

EventId = Annotated[
    str,
    StringConstraints(pattern="^[!-~]{1,64}$"),
    IOType(
        ("event id of 1 to 64 visible ASCII characters",),
        "must be 1 to 64 visible ASCII characters",
    ),
]
Amount = Annotated[
    int,
    Field(strict=True, ge=0, le=9_999_999_999),
    INTEGRAL,
    IOType(
        ("integer >= 0 and < 9999999999",),
        "must be an amount in euro cents, a whole number from 0 to 9999999999",
    ),
]


class PaymentUpdate(Model):
    """An event of a payment; the amount is in euro cents.

    `event_id`: updates with the same id are the same event. `occurred_at` decides which of two
    events is the last. `paid_at`: the time of the payment, if it is not `occurred_at`. Both times
    have a zone: pagoPA's `paymentDateTime` is Italian time without one, so add +01:00 or +02:00.
    """

    event_id: Annotated[EventId, EVENT_ID]
    occurred_at: Annotated[ZonedTimestamp, OCCURRED_AT]
    outcome: Annotated[
        PaymentOutcome,
        says(
            "What happened. PAID: the sum was paid. CANCELLED: the payee withdrew the "
            "notice. REVERSED: the payment was taken back, and the sum is due again."
        ),
    ]
    paid_at: Annotated[
        ZonedTimestamp | None,
        says(
            "When the sum was paid: date and time with its zone. Absent or null: at "
            "`occurred_at`. It counts with PAID alone."
        ),
    ] = None
    amount_cents: Annotated[
        Amount | None,
        says(
            "The sum that was paid, in euro cents. Absent or null: it is not known. "
            "It counts with PAID alone."
        ),
    ] = None

    def event(self, source: str) -> PaymentEvent:
        """Return the payment event, as reported by the source."""
        paid = self.outcome == "PAID"
        return PaymentEvent(
            id=self.event_id,
            outcome=self.outcome,
            occurred_at=self.occurred_at,
            source=source,
            paid_at=(self.paid_at or self.occurred_at) if paid else None,
            amount=self.amount_cents if paid else None,
        )


class NamedPaymentUpdate(PaymentUpdate):
    """An event of the payment that the update names."""

    rpt_id: RptIdField


class PaymentUpdates(Model):
    """Up to a hundred updates, of one payment or of many, in any order."""

    updates: Annotated[
        list[NamedPaymentUpdate],
        Field(min_length=1, max_length=MAX_UPDATES),
        says("The events, of one payment or of many, in any order."),
    ]


class PaymentAnswer(Model):
    """The status of a payment and its deciding event, which may be older than this update."""

    rpt_id: Annotated[
        RptId,
        says("The payment: the payee's fiscal code, 11 digits, and the notice number, 18 digits."),
    ]
    payment_status: Annotated[PaymentStatus, PAYMENT_STATUS]
    event_id: Annotated[
        str,
        says(
            "The id of the event that decides. It may be another one than was sent: "
            "the latest counts."
        ),
    ]
    occurred_at: Annotated[str, says("When the event that decides happened: date and time in UTC.")]
    paid_at: Annotated[str | None, PAID_AT] = None
    amount_cents: Annotated[
        int | None,
        says(
            "The sum that was paid, in euro cents. Absent: it is not paid, or the sum is not known."
        ),
    ] = None


class PaymentsAnswer(Model):
    """The payments, each once, in the order in which the updates first name them."""

    items: Annotated[
        list[PaymentAnswer],
        says(
            "The status of each payment, in the order in which the updates first name the payments."
        ),
    ]


def _view(payment: Payment) -> PaymentAnswer:
    event: Any = payment.event
    return PaymentAnswer(
        rpt_id=payment.rpt_id,
        payment_status=payment.status,
        event_id=event.id,
        occurred_at=event.occurred_at,
        paid_at=event.paid_at,
        amount_cents=event.amount,
    )


async def _update(call: Call[Sender, PaymentUpdate, None]) -> Answer:
    event = call.body.event(call.caller.service.id)
    (payment,) = await call.app.payments.update(call.caller, [(RptId(call.path["rpt_id"]), event)])
    return Answer(200, _view(payment))


async def _update_many(call: Call[Sender, PaymentUpdates, None]) -> Answer:
    source = call.caller.service.id
    payments = await call.app.payments.update(
        call.caller, [(one.rpt_id, one.event(source)) for one in call.body.updates]
    )
    return Answer(200, PaymentsAnswer(items=[_view(one) for one in payments]))


_DESCRIPTION = (
    "Updates may come in any order and be repeated: the event with the latest `occurred_at` counts "
    "(of two of the same millisecond PAID before CANCELLED before REVERSED, then the greater "
    "`event_id`). A payment that no message asks for yet is remembered for 90 days. A service may "
    "report payments to its own organisation and to the payees on its list. For another payee the "
    "answer is 403, and no update of the request is recorded."
)

_EXAMPLE = {
    "event_id": "receipt-1",
    "occurred_at": "2027-06-12T08:30:00Z",
    "outcome": "PAID",
    "amount_cents": 8450,
}

update_payment = Endpoint(
    name="update_payment",
    is_ours=True,
    method="PUT",
    path=f"{BASE}/{{rpt_id}}",
    summary="Record the outcome of a payment",
    description=_DESCRIPTION,
    tag="payments",
    policy=UPDATERS,
    parameters={"rpt_id": RptIdField},
    body=Body[PaymentUpdate](PaymentUpdate, name="PaymentUpdate", example=_EXAMPLE),
    handler=_update,
    answers={200: PaymentAnswer},
    refusals=(PaymentFromFutureError,),
)

update_payments = Endpoint(
    name="update_payments",
    is_ours=True,
    method="POST",
    path=BASE,
    summary="Record the outcomes of many payments",
    description=f"{_DESCRIPTION} After a 503 some updates may be recorded: send the request again.",
    tag="payments",
    policy=UPDATERS,
    body=Body[PaymentUpdates](
        PaymentUpdates,
        name="PaymentUpdates",
        example={"updates": [{"rpt_id": "01234567890302000000000000184", **_EXAMPLE}]},
    ),
    handler=_update_many,
    answers={200: PaymentsAnswer},
    refusals=(PaymentFromFutureError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (update_payment, update_payments)
