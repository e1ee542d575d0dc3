"""What a citizen can take away of a message: facts alone, neither layout nor format.

Neither says who the citizen is: whoever holds a payment notice may pay it, and papers and
calendars are shared.
"""

from dataclasses import dataclass
from datetime import date, datetime

from lib.domain.payment_notices.standing import StandingStatus
from lib.domain.shared.deadline import Deadline


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """A payment to print or to scan; the amount is in euro cents.

    `amended_on`: the day in Italy on which its sender changed it last. `is_instalment`: of a whole
    sum that can be paid at once as well.
    """

    organization: str
    subject: str
    payee_fiscal_code: str
    notice_number: str
    amount: int
    deadline: Deadline | None
    invalid_after_deadline: bool
    status: StandingStatus = "NOT_PAID"
    amended_on: date | None = None
    is_instalment: bool = False


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
    """A due date to keep; the amount, in euro cents, where there is a payment, and its status.

    `sequence` counts the changes since the entry was handed out first, and `changed_at` is when
    the last was made: a calendar keeps the entry with the greater.
    """

    message_id: str
    changed_at: datetime
    organization: str
    subject: str
    deadline: Deadline
    amount: int | None
    status: StandingStatus = "NOT_PAID"
    sequence: int = 0
