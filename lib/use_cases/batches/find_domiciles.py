"""Find the digital domiciles of the citizens whom a batch did not reach."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import batched
from typing import Final

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchStateError, DomicilesAwayError, DomicilesOffError
from lib.domain.batches.outcome import RowOutcome, RowResult
from lib.domain.batches.recipients.recipient_list import Upload
from lib.domain.messages.sent_facts import CITIZENS_OWN
from lib.domain.shared.identifiers import is_company
from lib.domain.shared.values import Masked
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, UnavailableError
from lib.ports.registers.digital_domiciles import MOST_CODES, DigitalDomiciles
from lib.repositories.batches.domicile_lists import DomicileList, DomicileLists
from lib.use_cases.batches.follow_batch import FollowBatch

WAIT: Final = timedelta(minutes=1)
"""The time after which it is worth to ask again."""
ASKING: Final = timedelta(minutes=2)
"""The time after which a call that began to ask for a list has died.

It is longer than the call, also at a slow register.
"""
FRESH: Final = timedelta(hours=24)
"""The time for which the answer of the register counts; the register keeps it for twice as long."""
CALLS_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class UnreachedRows:
    """The rows of a batch that reached nobody, and the domiciles of their citizens.

    `lists`: for how many lists the register is asked; `ready`: how many of them it has answered.
    """

    rows: list[RowResult]
    lists: int
    ready: int
    domiciles: Mapping[str, Masked] = field(repr=False)

    @property
    def is_complete(self) -> bool:
        """Tell whether the register has answered all lists."""
        return self.ready == self.lists


class FindDomiciles:
    """Ask the register for the domiciles of the citizens whose own choice stopped the message.

    They have no profile, or blocked the inbox or the service. A row that the sender had no right to
    send is not asked for: a key for few citizens learns nothing of others.
    Cost: that of FollowBatch.results; for each list of a thousand citizens one point read, and at
    first one call of the register and two writes; later one call until the list is ready, then two.
    Concurrency: of calls at the same time one asks for a list, the one that stored it. A call that
    dies before it stored the id of the list leaves it to be asked for again after ASKING. Rows that
    another list had before, such as those of a retry, make the list a new one.
    """

    def __init__(
        self,
        follow: FollowBatch,
        register: DigitalDomiciles | None,
        lists: DomicileLists,
        clock: Clock,
    ) -> None:
        self._follow = follow
        self._register = register
        self._lists = lists
        self._clock = clock

    async def __call__(self, batch: Batch) -> UnreachedRows:
        """Return the unreached rows, with the domiciles that the register has told so far.

        Raise DomicilesOffError, BatchStateError for a batch that has not ended, BatchExpiredError,
        DomicilesAwayError, UnavailableError.
        """
        register = self._register
        if register is None:
            raise DomicilesOffError
        if not batch.is_ended:
            raise BatchStateError(
                f"the batch is {batch.status}: digital domiciles are looked up once it has ended"
            )
        rows = [one async for one in self._follow.results(batch, unreached=True)]
        codes = dict.fromkeys(one.fiscal_code for one in rows if _is_asked(one))
        upload = batch.upload
        if not codes or upload is None:
            return UnreachedRows(rows, 0, 0, {})
        places = asyncio.Semaphore(CALLS_AT_ONCE)

        async def one(number: int, of: tuple[str, ...]) -> Mapping[str, Masked] | None:
            async with places:
                return await self._domiciles(register, batch, upload, number, of)

        lists = list(batched(codes, MOST_CODES, strict=False))
        found = await asyncio.gather(
            *(one(number, of) for number, of in enumerate(lists)), return_exceptions=True
        )
        ready: list[Mapping[str, Masked]] = []
        for answer in found:
            if isinstance(answer, BaseException):
                raise answer
            if answer is not None:
                ready.append(answer)
        domiciles = {code: address for answer in ready for code, address in answer.items()}
        return UnreachedRows(rows, len(lists), len(ready), domiciles)

    async def _domiciles(
        self,
        register: DigitalDomiciles,
        batch: Batch,
        upload: Upload,
        number: int,
        codes: tuple[str, ...],
    ) -> Mapping[str, Masked] | None:
        """Return the domiciles of a list; None while it is not ready."""
        digest = _digest(upload, codes)
        known = await self._lists.get(batch.id, number)
        if known is None or known.digest != digest or self._is_over(known):
            await self._ask(register, batch, number, digest, known, codes)
            return None
        if known.list_id is None:
            return None
        try:
            return await register.answer(known.list_id, codes)
        except NotFoundError:
            # a new list may not be visible yet
            if self._age(known) >= ASKING:
                await self._ask(register, batch, number, digest, known, codes)
            return None
        except UnavailableError as error:
            raise _away(error) from None

    async def _ask(
        self,
        register: DigitalDomiciles,
        batch: Batch,
        number: int,
        digest: str,
        known: DomicileList | None,
        codes: tuple[str, ...],
    ) -> None:
        """Ask for a list, unless another call does."""
        version = None if known is None else known.version
        new = DomicileList(digest, self._clock.now(), version=version)
        taken = await self._lists.put(batch.id, number, new)
        if taken is None:
            return
        try:
            list_id = await register.ask(codes, batch.id)
        except UnavailableError as error:
            raise _away(error) from None
        await self._lists.put(batch.id, number, taken._replace(list_id=list_id))

    def _is_over(self, known: DomicileList) -> bool:
        """Tell whether the call that asked has died, or its answer is too old."""
        return self._age(known) >= (ASKING if known.list_id is None else FRESH)

    def _age(self, known: DomicileList) -> timedelta:
        return self._clock.now() - known.asked_at


def _is_asked(row: RowResult) -> bool:
    """Tell whether the register may have the recipient, who is a person, and whether it counts."""
    is_choice = row.outcome is RowOutcome.REJECTED and row.reason in CITIZENS_OWN
    return is_choice and not is_company(row.fiscal_code)


def _digest(upload: Upload, codes: tuple[str, ...]) -> str:
    """Return a hash by which nobody can find the citizens: the prefix of the files is random."""
    return hashlib.sha256("\n".join((upload.blob, *codes)).encode()).hexdigest()


def _away(error: UnavailableError) -> DomicilesAwayError:
    return DomicilesAwayError(error.retry_after or WAIT.total_seconds())
