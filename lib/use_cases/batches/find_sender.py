"""Find the sender of a batch with its present rights."""

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchForbiddenError, BatchNotFoundError
from lib.domain.services.service import Group, Sender
from lib.ports.clock import Clock
from lib.repositories.services.key_holders import KeyHolders


class FindSender:
    """Find the holder of the key that made a batch. Cost: that of KeyHolders.present."""

    def __init__(self, holders: KeyHolders, clock: Clock) -> None:
        self._holders = holders
        self._clock = clock

    async def __call__(self, batch: Batch) -> Sender | None:
        """Return the sender; None where it has no rights any more."""
        return await self._present(batch, batch.subscription_id, batch.sender_user_id)

    async def of_recall(self, batch: Batch) -> Sender | None:
        """Return the sender that asked for the recall; None where it has no rights any more."""
        recall = batch.recall
        if recall is None:
            return None
        return await self._present(batch, recall.subscription_id, recall.user_id)

    async def _present(self, batch: Batch, subscription_id: str, user_id: str) -> Sender | None:
        holder = await self._holders.present(subscription_id, batch.service_id, user_id)
        if holder is None or holder.service is None:
            return None
        if holder.subscription.has_ended(self._clock.now()):
            return None
        return holder.as_sender()

    async def check_may_change(self, caller: Sender, batch: Batch) -> None:
        """Refuse a caller who may not change the batch, or let it be sent.

        The rows are sent with the rights of the key that made the batch. So a key with limited
        recipients has no say in the batch of a key without. Raise BatchNotFoundError,
        BatchForbiddenError. Cost: none but for a key with limited recipients.
        """
        if not caller.owns(batch.service_id, batch.sender_user_id):
            raise BatchNotFoundError
        is_own = caller.subscription_id == batch.subscription_id
        if is_own or Group.LIMITED_MESSAGE_WRITE not in caller.groups:
            return
        maker = await self(batch)
        if maker is not None and Group.LIMITED_MESSAGE_WRITE not in maker.groups:
            raise BatchForbiddenError
