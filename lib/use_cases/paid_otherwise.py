"""Find out whether a sum is paid under another number: whole for parts, or part by part."""

import asyncio

from lib.domain.notice import Notice
from lib.ports.documents import Document, DocumentStore
from lib.repositories.message_documents import rpt_id_of
from lib.repositories.notices import Notices, Part
from lib.repositories.payments import Payments


class PaidOtherwise:
    """One or two reads of the notice, and one for each number that decides; else none at all."""

    def __init__(self, store: DocumentStore) -> None:
        self._notices = Notices(store)
        self._payments = Payments(store)

    async def __call__(self, message: Document) -> bool:
        """Tell whether an instalment of the whole is paid, or the whole of an instalment."""
        rpt_id = rpt_id_of(message)
        if "notice_version" not in message or rpt_id is None:
            return False
        held = await self._notices.get(rpt_id)
        if held is not None and isinstance(held.what, Part):
            held = await self._notices.get(held.what.of)
        if held is None or not isinstance(notice := held.what, Notice):
            return False
        if not notice.has_whole or not notice.instalments:
            return False
        is_whole = rpt_id == notice.rpt_id
        deciding = range(1, len(notice.terms)) if is_whole else (0,)
        payments = await asyncio.gather(
            *(self._payments.get(notice.rpt_id_of(index)) for index in deciding)
        )
        return any(one is not None and one.status == "PAID" for one in payments)
