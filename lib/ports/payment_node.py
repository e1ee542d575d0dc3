"""Port to pagoPA's payment node, which knows what a notice asks for now."""

from dataclasses import dataclass
from typing import Protocol

from lib.ports.errors import PortError


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """What there is to pay: `amount` in euro cents, `due_date` as `2027-06-30`."""

    rpt_id: str
    amount: int
    payee_fiscal_code: str | None = None
    payee_name: str | None = None
    description: str | None = None
    due_date: str | None = None


class NodeRefusedError(PortError):
    """The node does not know our key, or takes our request for a wrong one: a fault of ours."""


class PaymentNode(Protocol):
    """pagoPA's checkout, as it answers before a payment."""

    async def info(self, rpt_id: str) -> PaymentInfo:
        """Ask what there is to pay.

        Raise PaymentFaultError where it cannot be paid now, NodeRefusedError, UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
