"""Return a payment notice to its sender, with its status."""

import asyncio

from lib.domain.messages.message import Message
from lib.domain.payment_notices.notice import Notice
from lib.domain.payment_notices.standing import status_of
from lib.domain.profiles.choices import Language
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import RptId
from lib.repositories.messages.messages import Messages
from lib.repositories.payment_notices.notices import Notices
from lib.use_cases.payment_notices.amend_payment_notice import own_notice
from lib.use_cases.payment_notices.apply_payment_notice import NoticeState
from lib.use_cases.payments.standings import Standings


class ReadSentNotice:
    """Return a payment notice to its sender, with the status of each instalment.

    Cost: two point reads, of notice and message, and one for each payment.
    """

    def __init__(self, notices: Notices, standings: Standings, messages: Messages) -> None:
        self._notices = notices
        self._standings = standings
        self._messages = messages

    async def __call__(self, sender: Sender, rpt_id: RptId) -> NoticeState:
        """Return the notice and its status.

        Raise NoticeNotFoundError, and NoticeConflictError for the number of a later instalment.
        """
        notice, _ = await own_notice(self._notices, sender, rpt_id)
        payments, stored = await asyncio.gather(
            self._standings.payments(notice),
            self._messages.find(notice.fiscal_code, notice.message_id),
        )
        message = None if stored is None else stored.message
        return NoticeState(
            notice,
            message.sent_status if message else None,
            status_of(notice, payments),
            payments=tuple(payments),
            language=_language(notice, message),
            is_contested=any(
                payment is not None and payment.is_contested(notice.service_id)
                for payment in payments
            ),
        )


def _language(notice: Notice, message: Message | None) -> Language | None:
    """Return the language once the message was delivered; None before.

    Before the delivery, the language would tell the sender about the citizen's settings.
    """
    if message is None or not message.is_delivered:
        return None
    # an earlier version stored the language only in the notice
    return message.language or notice.language
