"""Find the status of a sum, for the inbox, the documents and the reminders."""

import asyncio
from dataclasses import dataclass

from lib.domain.messages.message import Message
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.standing import Standing, deciding, standing
from lib.domain.payments.payment import Payment
from lib.domain.shared.identifiers import RptId
from lib.repositories.payment_notices.notices import LaterInstalment, Notices
from lib.repositories.payments.payments import Payments


@dataclass(frozen=True, slots=True)
class FoundTerm:
    """A notice and one of its terms."""

    notice: Notice
    index: int


class Standings:
    """Find the payments that decide a sum: its own payment, or those of other terms of its notice.

    Cost: one read of the payment; for a notice one or two reads more, and one for each other
    payment that decides.
    """

    def __init__(self, notices: Notices, payments: Payments) -> None:
        self._notices = notices
        self._payments = payments

    async def of_message(self, message: Message) -> Standing | None:
        """Return the status of the message's sum; None for a message without a payment."""
        return (await self.found_of_message(message))[0]

    async def found_of_message(self, message: Message) -> tuple[Standing | None, FoundTerm | None]:
        """Return the status of the message's sum, and its notice and term, where it has them."""
        rpt_id = message.rpt_id
        if rpt_id is None:
            return None, None
        if not message.is_notice:
            return standing(await self._payments.get(rpt_id)), None
        payment, found = await asyncio.gather(self._payments.get(rpt_id), self.find(rpt_id))
        if payment is not None and message.id in payment.displaced:
            return _of_displaced(payment), found
        return await self.of_term(found, payment), found

    async def of_terms(self, notice: Notice, message: Message) -> list[Standing]:
        """Return the status of each term, for the message that lists them.

        Cost: one read for each term.
        """
        payments = await self.payments(notice)
        found = []
        for index, payment in enumerate(payments):
            if not index and payment is not None and message.id in payment.displaced:
                found.append(_of_displaced(payment))
                continue
            indexes = deciding(notice, index)
            others = [payments[other] for other in indexes]
            found.append(standing(payment, others, is_instalment=indexes == (0,)))
        return found

    async def of_term(self, found: FoundTerm | None, payment: Payment | None) -> Standing:
        """Return the status of a term. `payment`: the term's own payment."""
        if found is None:
            return standing(payment)
        indexes = deciding(found.notice, found.index)
        others = await self.payments(found.notice, indexes)
        return standing(payment, others, is_instalment=indexes == (0,))

    async def find(self, rpt_id: RptId) -> FoundTerm | None:
        """Return the notice and the index of the term with this number."""
        stored = await self._notices.get(rpt_id)
        if stored is not None and isinstance(stored.what, LaterInstalment):
            stored = await self._notices.get(stored.what.of)
        if stored is None or not isinstance(notice := stored.what, Notice):
            return None
        indexes = range(len(notice.terms))
        index = next((index for index in indexes if notice.rpt_id_of(index) == rpt_id), None)
        return None if index is None else FoundTerm(notice, index)

    async def payments(
        self, notice: Notice, indexes: tuple[int, ...] | None = None
    ) -> list[Payment | None]:
        """Return the payments of these terms, by default of all terms."""
        wanted = range(len(notice.terms)) if indexes is None else indexes
        return await asyncio.gather(
            *(self._payments.get(notice.rpt_id_of(index)) for index in wanted)
        )


def _of_displaced(payment: Payment) -> Standing:
    """Return the status of a sum that another message asks for in place of this one."""
    return Standing("CANCELLED", payment, payment.changes, payment.changed_at)
