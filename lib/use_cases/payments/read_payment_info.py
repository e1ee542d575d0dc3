"""Return the current sum of a notice to a citizen."""

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.payment_notices.notice import Notice
from lib.domain.payments.errors import PaymentFaultError
from lib.domain.shared.identifiers import RptId
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import PaymentInfo, PaymentNode
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.use_cases.payments.standings import Standings


class ReadPaymentInfo:
    """Return the payment data of a notice, if the citizen has a message about it.

    Cost: one point read; one request to the payment node unless the payment is known as settled. A
    payment notice: the reads of Standings too. An instalment without a message: one read more.
    """

    def __init__(
        self, payments: Payments, messages: Messages, standings: Standings, node: PaymentNode | None
    ) -> None:
        self._payments = payments
        self._messages = messages
        self._standings = standings
        self._node = node

    async def __call__(self, access: Access, rpt_id: RptId) -> PaymentInfo:
        """Return the payment's current data.

        Raise PaymentFaultError, NodeRefusedError, UnavailableError. A citizen without a message
        about the notice gets the fault of an unknown notice.
        """
        payment = await self._payments.get(rpt_id)
        found = None
        if payment is not None and payment.notice_version:
            found = await self._standings.find(rpt_id)
        is_known = payment is not None and any(
            map(access.sees, payment.services_of(access.subject))
        )
        if not is_known and not (found and await self._has_message(access, found.notice)):
            raise PaymentFaultError("PAYMENT_UNKNOWN", "PAA_PAGAMENTO_SCONOSCIUTO")
        status = (await self._standings.of_term(found, payment)).status
        if status in {"PAID", "PAID_OTHERWISE"}:
            raise PaymentFaultError("PAYMENT_DUPLICATED", "PAA_PAGAMENTO_DUPLICATO")
        if status == "CANCELLED":
            raise PaymentFaultError("PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO")
        if self._node is None:
            raise UnavailableError("no payment node is set up")
        with telemetry.call("payment node"):
            return await self._node.info(rpt_id)

    async def _has_message(self, access: Access, notice: Notice) -> bool:
        """Tell whether a message that the citizen received names all numbers of the notice."""
        if notice.fiscal_code != access.subject or not access.sees(notice.service_id):
            return False
        try:
            message = await self._messages.get(access.subject, notice.message_id)
        except MessageNotFoundError:
            return False
        return message.is_delivered
