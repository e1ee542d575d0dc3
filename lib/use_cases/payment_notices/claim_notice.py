"""Claim the numbers of a payment notice, so that no other notice has them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lib.domain.payment_notices.errors import DuplicateNoticeError, NoticeClosedError
from lib.domain.payment_notices.notice import Notice, check_due_dates
from lib.domain.payments.payment import Payment
from lib.domain.services.service import Sender
from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.repositories.payment_notices.notices import LaterInstalment, Notices, StoredNotice
from lib.repositories.payments.payments import Payments
from lib.use_cases.payment_notices.displace_notice import DisplaceNotice


@dataclass(frozen=True, slots=True)
class Claim:
    """The facts about the numbers of a notice before its first write.

    `stored`: the notice that has the number, None where the number is free for `notice`. Then
    `displaced` is the notice of another service that it replaces, and `parts` are the numbers of
    its later instalments, each with the notice that it displaces.
    """

    notice: Notice
    payment: Payment | None
    stored: StoredNotice | None = None
    displaced: StoredNotice | None = None
    parts: tuple[tuple[LaterInstalment, StoredNotice | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """The end of a claim. `stored`: the notice that has the number, None where it is the new one.

    `payment`: as read, or without the notice that was displaced.
    """

    stored: StoredNotice | None
    payment: Payment | None


class ClaimNotice:
    """Check the numbers of a new notice, and claim them.

    Cost: two point reads and one create; one of each for each later instalment.
    Concurrency: of two notices with one number, the first one has it. The numbers of later
    instalments come first, so after a crash in between only the same notice can use them.
    """

    def __init__(self, notices: Notices, payments: Payments, displace: DisplaceNotice) -> None:
        self._notices = notices
        self._payments = payments
        self._displace = displace

    async def plan(self, sender: Sender, notice: Notice, now: datetime) -> Claim:
        """Make all checks that may refuse the numbers of a new notice; write nothing.

        Raise DuplicateNoticeError, NoticeClosedError, and NoticeInvalidError for a due date.
        """
        rpt_id = notice.rpt_id
        stored, payment = await asyncio.gather(
            self._notices.get(rpt_id), self._payments.get(rpt_id)
        )
        if stored is None and payment is not None and payment.carriers:
            # the messages may be those of the same notice, from another request meanwhile
            stored = await self._notices.get(rpt_id)
        displaced: StoredNotice | None = None
        if stored is not None and await self._displace.may(sender, rpt_id, stored.what.service_id):
            payment = await self._displace.without(rpt_id, stored, payment)
            stored, displaced = None, stored
        if stored is not None:
            return Claim(notice, payment, stored)
        await self._refuse_known(sender, payment)
        check_due_dates(notice.terms, now, whole=notice.has_whole)
        parts = await self._free_numbers(sender, notice)
        return Claim(notice, payment, None, displaced, tuple(parts))

    async def __call__(self, sender: Sender, claim: Claim) -> Claimed:
        """Claim the numbers that were free. Raise as `plan` does, and UnavailableError."""
        notice, payment, stored = claim.notice, claim.payment, None
        if claim.displaced is not None:
            payment = await self._displace(sender, notice.rpt_id, claim.displaced)
            _refuse_settled(payment)
        await self._claim_instalments(sender, claim.parts)
        try:
            await self._claim_number(notice, claim.displaced)
        except (ConflictError, NotFoundError, PreconditionFailedError):
            stored = await self._notices.get(notice.rpt_id)
            if stored is None:
                raise UnavailableError("a notice is not visible yet", retry_after=1) from None
        return Claimed(stored, payment)

    async def _claim_number(
        self, document: Notice | LaterInstalment, displaced: StoredNotice | None
    ) -> None:
        """Claim a free number, or the number of a displaced notice.

        Raise ConflictError, NotFoundError, PreconditionFailedError.
        """
        if displaced is None:
            await self._notices.create(document)
        else:
            await self._notices.replace(document, displaced.etag)

    async def _free_numbers(
        self, sender: Sender, notice: Notice
    ) -> list[tuple[LaterInstalment, StoredNotice | None]]:
        """Return the numbers of later instalments, each with the notice that it displaces.

        Raise DuplicateNoticeError for a number in use, unless this notice has it already.
        """
        parts = [
            LaterInstalment(notice.rpt_id_of(index), notice.rpt_id, notice.service_id)
            for index in range(1, len(notice.terms))
        ]
        found = await asyncio.gather(*(self._notices.get(part.rpt_id) for part in parts))
        displaced: list[StoredNotice | None] = list(found)
        for index, (part, stored) in enumerate(zip(parts, found, strict=True)):
            if stored is None or not await self._displace.may(
                sender, part.rpt_id, stored.what.service_id
            ):
                _refuse_taken(part, stored)
                displaced[index] = None
        return list(zip(parts, displaced, strict=True))

    async def _claim_instalments(
        self, sender: Sender, parts: Sequence[tuple[LaterInstalment, StoredNotice | None]]
    ) -> None:
        """Claim the numbers of later instalments."""
        for part, displaced in parts:
            if displaced is not None:
                await self._displace(sender, part.rpt_id, displaced)
            try:
                await self._claim_number(part, displaced)
            except (ConflictError, NotFoundError, PreconditionFailedError):
                _refuse_taken(part, await self._notices.get(part.rpt_id))

    async def _refuse_known(self, sender: Sender, payment: Payment | None) -> None:
        """Refuse a notice if another message already asks for its payment."""
        if payment is None:
            return
        _refuse_settled(payment)
        if not await self._displace.is_free(sender, payment):
            raise DuplicateNoticeError("Another message already asks for this payment.")


def _refuse_settled(payment: Payment) -> None:
    if payment.status != "NOT_PAID":
        raise NoticeClosedError(payment.status)


def _refuse_taken(part: LaterInstalment, stored: StoredNotice | None) -> None:
    if stored is not None and stored.what != part:
        raise DuplicateNoticeError(f"The number {part.rpt_id[11:]} is already in use.")
