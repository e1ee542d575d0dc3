"""Port to pagoPA's payment node, which knows the current amount of a notice."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.shared.identifiers import OrganizationFiscalCode, RptId
from lib.ports.errors import PortError


@dataclass(frozen=True, slots=True)
class PaymentInfo:
    """The payment data of a notice: `amount` in euro cents, `due_date` as `2027-06-30`."""

    rpt_id: RptId
    amount: int
    payee_fiscal_code: OrganizationFiscalCode | None = None
    payee_name: str | None = None
    description: str | None = None
    due_date: str | None = None


class NodeRefusedError(PortError):
    """The node refuses the app's key or request: a fault of this app or of its settings."""


class PaymentNode(Protocol):
    """pagoPA's payment node."""

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Return the current payment data of a notice.

        Raises: PaymentFaultError if the notice cannot be paid now, NodeRefusedError,
        UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
