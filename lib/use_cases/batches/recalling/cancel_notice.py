"""Cancel the payment notice that a row of a recalled batch became."""

from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import RowOutcome, RowResult
from lib.domain.payment_notices.errors import (
    NoticeClosedError,
    NoticeConflictError,
    NoticeNotFoundError,
)
from lib.domain.profiles.choices import Rejection
from lib.domain.services.service import Sender
from lib.domain.shared.errors import ForbiddenError
from lib.domain.shared.identifiers import RptId
from lib.repositories.messages.messages import Messages
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.payment_notices.cancel_payment_notice import CancelPaymentNotice

CANCELLED: Final = "NOTICE_CANCELLED"
"""The reason of a withdrawn row whose message stays, and says that nothing is to be paid."""
PARTLY_PAID: Final = "PARTLY_PAID"
"""As CANCELLED, for a notice of which the citizen had paid an instalment, to be given back."""
UNKNOWN: Final = "NOTICE"
"""The reason of a row whose notice is not the sender's any more: another sender took its number."""


class CancelNotice:
    """Cancel the payment notice of a row, with the rights of the key that asked for the recall.

    Cost: one read, that of FindSender, and that of CancelPaymentNotice.
    Concurrency: a second cancellation changes nothing.
    """

    def __init__(
        self, messages: Messages, find_sender: FindSender, cancel: CancelPaymentNotice
    ) -> None:
        self._messages = messages
        self._find_sender = find_sender
        self._cancel = cancel

    async def __call__(self, batch: Batch, row: RowResult) -> RowResult:
        """Return the final result of the row. Raise UnavailableError."""
        sender = await self._find_sender.of_recall(batch)
        if sender is None:
            return _kept(row, Rejection.SENDER_NOT_ALLOWED)
        message = None
        if row.message_id is not None:
            message = await self._messages.find(row.fiscal_code, row.message_id)
        if message is None or message.message.rpt_id is None:
            return _kept(row, UNKNOWN)
        return await self._cancelled(sender, message.message.rpt_id, row)

    async def _cancelled(self, sender: Sender, rpt_id: RptId, row: RowResult) -> RowResult:
        try:
            state = await self._cancel(sender, rpt_id)
        except NoticeClosedError:
            return _kept(row, Rejection.ALREADY_PAID)
        except (NoticeNotFoundError, NoticeConflictError):
            return _kept(row, UNKNOWN)
        except ForbiddenError:
            return _kept(row, Rejection.SENDER_NOT_ALLOWED)
        is_paid = any(one is not None and one.status == "PAID" for one in state.payments)
        reason = PARTLY_PAID if is_paid else CANCELLED
        return row._replace(outcome=RowOutcome.WITHDRAWN, reason=reason)


def _kept(row: RowResult, reason: str) -> RowResult:
    return row._replace(outcome=RowOutcome.NOT_WITHDRAWN, reason=str(reason))
