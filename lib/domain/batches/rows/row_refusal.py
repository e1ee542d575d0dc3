"""Tell why a sender may not send a row of a batch."""

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.profiles.choices import Rejection
from lib.domain.services.errors import AmountTooHighError, RecipientForbiddenError
from lib.domain.services.service import (
    Group,
    Sender,
    check_amount,
    check_payee,
    check_recipient,
)
from lib.domain.shared.errors import DomainError


def row_refusal(sender: Sender, batch: Batch, row: Row) -> Rejection | None:
    """Return the reason why the sender's rights exclude the row; None where they do not."""
    payment, is_advanced = row.payment, batch.form["message"]["feature_level_type"] == "ADVANCED"
    try:
        check_recipient(sender, row.fiscal_code)
        if is_advanced and Group.MESSAGE_WRITE_ADVANCED not in sender.groups:
            return Rejection.SENDER_NOT_ALLOWED
        if payment is not None:
            amounts = [term.amount for term in payment.instalments]
            check_amount(sender.service, max([payment.amount or 0, *amounts]), "")
            check_payee(sender, payment.payee or sender.service.organization_fiscal_code)
    except RecipientForbiddenError:
        return Rejection.RECIPIENT_NOT_ALLOWED
    except AmountTooHighError:
        return Rejection.AMOUNT_TOO_HIGH
    except DomainError:
        return Rejection.SENDER_NOT_ALLOWED
    return None
