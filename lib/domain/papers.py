"""What a citizen can take away of a message: facts alone, neither layout nor format.

Neither says who the citizen is: whoever holds a payment notice may pay it, and papers and
calendars are shared.
"""

from dataclasses import dataclass
from datetime import datetime

from lib.domain.deadline import Deadline
from lib.domain.payment import PaymentStatus


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A payment to print or to scan; the amount is in euro cents."""

    organization: str
    subject: str
    payee_fiscal_code: str
    notice_number: str
    amount: int
    deadline: Deadline | None
    invalid_after_deadline: bool
    status: PaymentStatus = "NOT_PAID"


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """A payment made; `paid_at` by Italy's clock, the amount in euro cents.

    The amount is the notice's where the one paid was not told. `event_id` names the payment at
    its `source`.
    """

    organization: str
    subject: str
    payee_fiscal_code: str
    notice_number: str
    amount: int
    is_amount_told: bool
    paid_at: datetime
    event_id: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A due date to keep; the amount, in euro cents, where there is something to pay."""

    message_id: str
    created_at: datetime
    organization: str
    subject: str
    deadline: Deadline
    amount: int | None
