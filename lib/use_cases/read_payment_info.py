"""Tell a citizen what a notice asks for now."""

from lib import telemetry
from lib.domain.errors import PaymentFaultError
from lib.ports.documents import DocumentStore
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import PaymentInfo, PaymentNode
from lib.repositories.payments import Payments


class ReadPaymentInfo:
    """One point read, then one question to the node where we do not know better."""

    def __init__(self, store: DocumentStore, node: PaymentNode | None) -> None:
        self._payments = Payments(store)
        self._node = node

    async def __call__(self, fiscal_code: str, rpt_id: str) -> PaymentInfo:
        """Raise PaymentFaultError, to whom holds no message with it as if there were no payment.

        Raise NodeRefusedError, UnavailableError.
        """
        payment = await self._payments.get(rpt_id)
        if payment is None or not payment.is_of(fiscal_code):
            raise PaymentFaultError("PAYMENT_UNKNOWN", "PAA_PAGAMENTO_SCONOSCIUTO")
        if payment.status == "PAID":
            raise PaymentFaultError("PAYMENT_DUPLICATED", "PAA_PAGAMENTO_DUPLICATO")
        if payment.status == "CANCELLED":
            raise PaymentFaultError("PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO")
        if self._node is None:
            raise UnavailableError("no payment node is set up")
        with telemetry.call("payment node"):
            return await self._node.info(rpt_id)
