"""Record the payment events that a sender reports for its payees."""

from collections.abc import Sequence

from lib.domain.payments.payment import Payment, PaymentEvent
from lib.domain.services.service import Sender, check_payment_updates
from lib.domain.shared.identifiers import RptId, payee_of
from lib.use_cases.payments.record_payment import RecordPayment


class UpdatePayments:
    """Record a sender's payment events.

    Cost: that of RecordPayment.
    """

    def __init__(self, record: RecordPayment) -> None:
        self._record = record

    async def __call__(
        self, sender: Sender, events: Sequence[tuple[RptId, PaymentEvent]]
    ) -> list[Payment]:
        """Record the events.

        Raise NotAllowedError, and then no event is recorded. Raise the errors of RecordPayment.
        """
        check_payment_updates(sender, (payee_of(rpt_id) for rpt_id, _ in events))
        return await self._record(events)
