"""Make a batch from a sender's request."""

import contextlib
import hashlib
from typing import Final

from ulid import ULID

from lib.domain.batches.batch import MOST_AHEAD, Batch
from lib.domain.batches.errors import (
    BatchNotFoundError,
    StartTooLateError,
    TemplateNotFoundError,
    TooManyBatchesError,
)
from lib.domain.batches.new_batch import NewBatch
from lib.domain.batches.templates.template import TemplateForm
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import BatchId, MessageId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.rendering.message_templates.compiled import compile_template
from lib.repositories.batches.batches import Batches
from lib.repositories.messages.idempotency_keys import IdempotencyClaim, IdempotencyKeys
from lib.use_cases.attachments.attach_files import AttachFiles
from lib.use_cases.batches.templates.manage_templates import ManageTemplates

MOST_OPEN: Final = 100
"""The most batches of a service that are neither FINISHED nor CANCELLED."""


class CreateBatch:
    """Store a new batch without recipients.

    Cost: one count and one create; one create more with an idempotency key; one read more for a
    stored template; two reads and one replace more for each file.
    Concurrency: the batch has the id that the idempotency key was claimed with, so a repeated
    request makes no second batch. Requests at the same time may exceed the number of open batches
    by some.
    """

    def __init__(
        self,
        batches: Batches,
        keys: IdempotencyKeys,
        templates: ManageTemplates,
        attach: AttachFiles,
        clock: Clock,
    ) -> None:
        self._batches = batches
        self._keys = keys
        self._templates = templates
        self._attach = attach
        self._clock = clock

    async def __call__(
        self, sender: Sender, new: NewBatch, idempotency_key: str | None = None
    ) -> tuple[Batch, bool]:
        """Return the batch, and whether an earlier request with the key made it.

        Raise InvalidTemplateError, TemplateNotFoundError, IdempotencyKeyReusedError,
        TooManyBatchesError, StartTooLateError, AttachmentNotFoundError, AttachmentStateError.
        """
        form = await self._form(sender, new)
        compile_template(form)
        now = self._clock.now()
        if new.start_at is not None and parse_timestamp(new.start_at) > now + MOST_AHEAD:
            raise StartTooLateError(MOST_AHEAD.days)
        files = await self._attach.check(
            sender, new.attachments or (), is_repeated=idempotency_key is not None
        )
        id_, created_at, is_replayed = BatchId(str(ULID.from_datetime(now))), timestamp(now), False
        if idempotency_key is not None:
            digest = hashlib.sha256(f"batch\n{new.model_dump_json()}".encode()).hexdigest()
            claim = IdempotencyClaim(MessageId(id_), created_at, digest)
            earlier = await self._keys.claim(sender.key_owner, idempotency_key, claim)
            earlier_id = BatchId(str(earlier.message_id))
            is_replayed = earlier_id != id_
            id_, created_at = earlier_id, earlier.created_at
        if is_replayed:
            # not found: the earlier request died, or was refused
            with contextlib.suppress(BatchNotFoundError):
                return await self._batches.get(sender.service.id, id_), True
        if await self._batches.open_ones(sender.service.id) >= MOST_OPEN:
            raise TooManyBatchesError(MOST_OPEN)
        await self._attach.to_batch(files, id_)
        batch = Batch(
            id=id_,
            owner=sender.owner,
            sender_user_id=sender.user_id,
            subscription_id=sender.subscription_id,
            name=new.name,
            created_at=created_at,
            changed_at=created_at,
            form={
                "template": form.model_dump(mode="json", exclude_none=True),
                **new.common,
            },
            files=files,
            lane=new.wanted_lane,
            pace=new.pace,
            needs_approval=new.needs_approval,
            starts_at=new.start_at,
            intermediary=sender.intermediary_fiscal_code,
        )
        if not await self._batches.create(batch):
            batch = await self._batches.get(sender.service.id, id_)
        return batch, is_replayed

    async def _form(self, sender: Sender, new: NewBatch) -> TemplateForm:
        if new.content is not None:
            return new.content
        if new.template is None:
            raise TemplateNotFoundError
        name = new.template
        found = await self._templates.read(sender, name.name, name.version)
        if found.form is None:
            raise TemplateNotFoundError
        return found.form
