"""Check right before a reminder whether the payment is still to be paid."""

import asyncio
from typing import Final, Literal

from lib import telemetry
from lib.domain.payments.errors import FaultCategory, PaymentFaultError
from lib.domain.payments.payment import PAYMENT_NODE, Payment, PaymentEvent
from lib.domain.shared.identifiers import RptId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import NodeRefusedError, PaymentNode
from lib.use_cases.payments.record_payment import RecordPayment

MAX_CONCURRENT: Final = 8
"""The most requests of one process to the node at a time: many due dates are on the same day."""
PLACE_SECONDS: Final = 2.0
"""The time that a reminder waits for its turn; then reminders without a request go first."""

PaymentState = Literal["NOT_PAID", "PAID", "CANCELLED", "ONGOING"]
_OF_FAULTS: Final[dict[FaultCategory, PaymentState]] = {
    "PAYMENT_DUPLICATED": "PAID",
    "PAYMENT_CANCELED": "CANCELLED",
    "PAYMENT_ONGOING": "ONGOING",
}
"""The faults that settle a payment or show that it is being made.

No other fault shows that the citizen need not pay; some are temporary.
"""


class NodeAwayError(UnavailableError):
    """The payment node does not answer whether the payment is still to be paid."""


class CheckPayment:
    """Return the status of a payment: the stored status, or the node's status, which is recorded.

    The node is asked unless the stored status is final. If the two differ, the payment counts as
    ongoing, and the node is asked again later.
    """

    def __init__(self, node: PaymentNode | None, record: RecordPayment, clock: Clock) -> None:
        self._node = node
        self._record = record
        self._clock = clock
        self._at_once = asyncio.Semaphore(MAX_CONCURRENT)

    def asks(self, payment: Payment | None) -> bool:
        """Tell whether the node is asked about the payment."""
        return payment is not None and payment.status == "NOT_PAID" and self._node is not None

    async def __call__(self, payment: Payment) -> PaymentState:
        """Return the status of the payment.

        Raise NodeAwayError, and UnavailableError where the node's answer cannot be recorded.
        """
        if payment.status != "NOT_PAID" or self._node is None:
            return payment.status
        state = await self._ask(self._node, payment.rpt_id)
        if state in {"PAID", "CANCELLED"}:
            at = timestamp(self._clock.now())
            event = PaymentEvent(
                id=f"{PAYMENT_NODE}-{at}",
                outcome="PAID" if state == "PAID" else "CANCELLED",
                occurred_at=at,
                source=PAYMENT_NODE,
                paid_at=None,
            )
            (recorded,) = await self._record([(payment.rpt_id, event)])
            if recorded.status == "NOT_PAID":
                # the stored status differs and one of the two is late, so the reminder must wait
                return "ONGOING"
        return state

    async def _ask(self, node: PaymentNode, rpt_id: RptId) -> PaymentState:
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                await self._at_once.acquire()
        except TimeoutError:
            raise NodeAwayError("the payment node is slow") from None
        try:
            with telemetry.call("payment node"):
                await node.info(rpt_id)
        except UnavailableError as error:
            raise NodeAwayError("the payment node is away") from error
        except PaymentFaultError as error:
            return _OF_FAULTS.get(error.category, "NOT_PAID")
        except NodeRefusedError as error:
            # a fault of the app, which must not stop the reminders
            telemetry.report(error, "payment node")
        finally:
            self._at_once.release()
        return "NOT_PAID"
