"""A payment node for the sandbox: the last two digits of the notice number select its answer."""

from collections.abc import Awaitable, Callable
from typing import Final

from lib.domain.payments.errors import FaultCategory, PaymentFaultError
from lib.domain.shared.identifiers import RptId, payee_of
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import PaymentInfo

AMOUNT: Final = 8450
"""The amount in cents of a notice that no message and no payment notice asks for."""
RISE: Final = 500
"""How much more, in cents, a notice costs now whose number ends in CHANGED."""
CHANGED: Final = "98"
FAULTS: Final[dict[str, tuple[FaultCategory, str]]] = {
    "91": ("PAYMENT_UNKNOWN", "PAA_PAGAMENTO_SCONOSCIUTO"),
    "92": ("PAYMENT_ONGOING", "PAA_PAGAMENTO_IN_CORSO"),
    "93": ("PAYMENT_EXPIRED", "PAA_PAGAMENTO_SCADUTO"),
    "94": ("PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO"),
    "95": ("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO"),
    "96": ("PAYMENT_UNAVAILABLE", "PPT_SYSTEM_ERROR"),
    "97": ("DOMAIN_UNKNOWN", "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE"),
}
SILENT: Final = "99"


class ScriptedPaymentNode:
    """A payment node with scripted answers: FAULTS, no answer for SILENT, else an amount.

    `asked_for`: returns the amount that the newest message or notice asks for, None without one.
    """

    def __init__(self, asked_for: Callable[[RptId], Awaitable[int | None]]) -> None:
        self._asked_for = asked_for

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Return the payment data of the notice; see lib.ports.payment_node."""
        ending = rpt_id[-2:]
        if ending == SILENT:
            raise UnavailableError("the payment node did not answer in time")
        if ending in FAULTS:
            raise PaymentFaultError(*FAULTS[ending])
        amount = await self._asked_for(rpt_id) or AMOUNT
        return PaymentInfo(
            rpt_id=rpt_id,
            amount=amount + RISE if ending == CHANGED else amount,
            payee_fiscal_code=payee_of(rpt_id),
            payee_name="Comune di Esempio",
            description="Avviso di prova",
        )

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
