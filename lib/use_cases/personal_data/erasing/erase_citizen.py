"""Run one stage of a citizen's erasure, and queue the next one."""

from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.personal_data.erasure_request import SETTLING, ErasureRequest
from lib.domain.shared.identifiers import NO_MESSAGE_ID, MessageId
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import ErasureDue, ErasureStage
from lib.ports.queueing.names import ERASURE_DUE
from lib.repositories.personal_data.erasing.citizens_rows import CitizensRows
from lib.repositories.personal_data.erasing.erasure_sweeps import ErasureSweeps
from lib.repositories.personal_data.erasing.letters import Letters
from lib.repositories.personal_data.erasing.own_partitions import OwnPartitions
from lib.repositories.personal_data.erasures import Erasures
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.personal_data.erasing.attachments import EraseAttachments
from lib.use_cases.personal_data.erasing.close_account import CloseAccount
from lib.use_cases.personal_data.erasing.devices import EraseDevices
from lib.use_cases.personal_data.erasing.feed import EraseFeed
from lib.use_cases.personal_data.erasing.messages import EraseMessages
from lib.use_cases.personal_data.erasing.parties import EraseParties
from lib.use_cases.personal_data.erasing.requests import EraseRequests

MOST_SETS: Final = 20
"""The sets of files of one run, so that it ends long before the platform stops it."""


class EraseCitizen:
    """Erase a citizen in three stages, with a pause of SETTLING after each.

    BEGIN closes the account, so that nothing new comes to it. ERASE goes through all containers and
    files. FINISH does it once more, for what calls and runs wrote that had read the data before,
    and forgets the request at the end. So each stage finds only what began under the state that the
    stage before left.
    Concurrency: a stage that runs again, or twice at a time, repeats its writes, and each of them
    changes nothing the second time. The item of the next stage is queued before this one is
    deleted, so a crash repeats a stage and loses none. An item of an aborted request does nothing.
    """

    def __init__(
        self,
        erasures: Erasures,
        queue: Queue,
        clock: Clock,
        close: CloseAccount,
        devices: EraseDevices,
        requests: EraseRequests,
        feed: EraseFeed,
        attachments: EraseAttachments,
        parties: EraseParties,
        messages: EraseMessages,
        partitions: OwnPartitions,
        sweeps: ErasureSweeps,
        letters: Letters,
        rows: CitizensRows,
    ) -> None:
        self._erasures = erasures
        self._queue = queue
        self._clock = clock
        self._close = close
        self._devices = devices
        self._requests = requests
        self._feed = feed
        self._attachments = attachments
        self._parties = parties
        self._messages = messages
        self._partitions = partitions
        self._sweeps = sweeps
        self._letters = letters
        self._rows = rows

    async def __call__(self, item: ErasureDue) -> None:
        """Run the stage of the item. Raise UnavailableError: it is to be run again."""
        request = await self._begun(item)
        if request is None:
            return
        code = item.fiscal_code
        if item.stage == "BEGIN":
            await self._close(code)
            await self._devices(code)
            await self._requests(code)
            await self._put(item, stage="ERASE")
            return
        if item.files is None and not await self._documents(item, request.updated_at):
            return
        if not await self._files(item):
            return
        if item.stage == "ERASE":
            await self._put(item, stage="FINISH")
            return
        await self._erasures.forget(code)
        telemetry.citizen_erased(item.request_id)

    async def _documents(self, item: ErasureDue, since: str) -> bool:
        """Erase all but files; return False where another item has the rest of the messages."""
        code, is_last = item.fiscal_code, item.stage == "FINISH"
        after = await self._messages(code, since, item.after, is_last=is_last)
        if after is not None:
            await self._put(item, stage=item.stage, after=after)
            return False
        await self._devices(code)
        await self._requests(code)
        await self._feed(code)
        await self._attachments(code)
        await self._parties(code)
        await self._partitions.erase(code)
        await self._sweeps.erase(code)
        await self._letters.erase(code)
        return True

    async def _files(self, item: ErasureDue) -> bool:
        """Erase the files of the next sets; return False where another item has the rest."""
        done = item.files or ""
        left = sorted([name async for name in self._rows.sets() if name > done])
        for name in left[:MOST_SETS]:
            await self._rows.erase(name, item.fiscal_code)
        if len(left) <= MOST_SETS:
            return True
        await self._put(item, stage=item.stage, files=left[MOST_SETS - 1])
        return False

    async def _begun(self, item: ErasureDue) -> ErasureRequest | None:
        """Return the request of the item once it has begun; None where it is to do nothing."""

        async def attempt() -> ErasureRequest | None:
            stored = await self._erasures.get(item.fiscal_code)
            if stored is None or stored.request.id != item.request_id or not stored.request.is_open:
                return None
            if stored.request.status == "WIP":
                return stored.request
            begun = stored.request.begun(self._clock.now())
            await self._erasures.write(item.fiscal_code, begun, stored.etag)
            return begun

        return await until_written("a request for deletion", attempt)

    async def _put(
        self,
        item: ErasureDue,
        *,
        stage: ErasureStage,
        after: MessageId = NO_MESSAGE_ID,
        files: str | None = None,
    ) -> None:
        """Queue the rest of the stage, or another stage, which runs after a pause."""
        following = ErasureDue(
            fiscal_code=item.fiscal_code,
            request_id=item.request_id,
            stage=stage,
            after=after,
            files=files,
        )
        delay = timedelta(0) if stage == item.stage else SETTLING
        stamped = telemetry.stamped(following, self._clock.now() + delay)
        await self._queue.put(ERASURE_DUE, stamped.text(), delay=delay)
