"""A message that waits for its sender, since its payment is paid or asked for already."""

from dataclasses import dataclass
from typing import Literal

from lib.domain.shared.identifiers import FiscalCode, MessageId, RptId, ServiceId


@dataclass(frozen=True, slots=True, repr=False)
class HeldMessage:
    """The entry of a held message in the list of its service.

    `earlier_id`: the message of the service that asks for the payment, None if there is none.
    `held_at` is as `values.timestamp` writes it. `user_id`: the account that sent it.
    """

    message_id: MessageId
    service_id: ServiceId
    fiscal_code: FiscalCode
    rpt_id: RptId
    reason: Literal["ALREADY_PAID", "ALREADY_SENT"]
    earlier_id: MessageId | None
    held_at: str
    user_id: str

    def __repr__(self) -> str:
        """Return the id of the message only: the rest is personal data."""
        return f"HeldMessage(message_id={self.message_id!r})"
