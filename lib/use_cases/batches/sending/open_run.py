"""Read what the rows of a chunk need to be sent."""

import asyncio
from typing import Final

from cachetools import LRUCache

from lib.domain.batches.batch import Batch
from lib.domain.batches.recipients.row import Row
from lib.domain.batches.templates.template import TemplateForm
from lib.domain.messages.acceptance import accepted
from lib.domain.messages.content import Content
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import SharedContent
from lib.domain.messages.new_message import NewMessage
from lib.domain.profiles.choices import Language
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import ContentId, MessageId
from lib.rendering.message_templates.compiled import MessageTemplate, compile_template
from lib.repositories.messages.contents import Contents
from lib.repositories.profiles.many_profiles import ManyProfiles
from lib.use_cases.batches.find_sender import FindSender
from lib.use_cases.batches.sending.run import Citizens, Run

_KEPT: Final = 64
"""The shared contents whose ids a process keeps, so that each is stored once in a process."""
_TEXT: Final = "x" * 80
"""A text that is long enough; the text of each row replaces it."""


class OpenRun:
    """Prepare to send the rows of a chunk.

    Cost: two reads in bulk, of profiles and of preferences; the reads of a sender that is not
    cached; once in a process one create for each language of a text without placeholders.
    """

    def __init__(self, find_sender: FindSender, contents: Contents, citizens: ManyProfiles) -> None:
        self._find_sender = find_sender
        self._contents = contents
        self._citizens = citizens
        self._content_ids = LRUCache[tuple[str, Language], ContentId](_KEPT)

    async def __call__(
        self, batch: Batch, chunk: int, rows: list[Row], began_at: str, *, is_repeated: bool
    ) -> Run | None:
        """Return what the rows need; None where the sender has no rights any more.

        `began_at`: the time of their messages. `is_repeated`: as in Run.
        """
        sender = await self._find_sender(batch)
        if sender is None:
            return None
        template = compile_template(TemplateForm.model_validate(batch.form["template"]))
        codes = list({row.fiscal_code for row in rows})
        profiles, preferences = await asyncio.gather(
            self._citizens.profiles(codes),
            self._citizens.preferences(codes, batch.service_id),
        )
        commons = {
            language: await self._common(batch, sender, template, language, began_at)
            for language in template.languages
        }
        citizens = Citizens(profiles, preferences)
        return Run(batch, chunk, sender, template, commons, citizens, is_repeated)

    async def _common(
        self,
        batch: Batch,
        sender: Sender,
        template: MessageTemplate,
        language: Language,
        began_at: str,
    ) -> Message:
        """Return the message that all rows of a language have in common."""
        form = TemplateForm.model_validate(batch.form["template"])
        text = next(one.text for one in form.texts() if one.language == language)
        is_plain = not template.needs_rendering
        new = NewMessage.model_validate(
            {
                **batch.form["message"],
                "content": {
                    **batch.form["content"],
                    "subject": text.subject if is_plain else _TEXT,
                    "markdown": text.markdown if is_plain else _TEXT,
                },
            }
        )
        message = accepted(
            new,
            sender.service,
            user_id=batch.sender_user_id,
            intermediary=batch.intermediary,
            recipient="",
            id_=MessageId(""),
            created_at=began_at,
            evidence_id=batch.evidence_id,
            files=batch.files,
        )
        message.due_day = batch.form["due_day"]
        if len(template.languages) > 1:
            message.language = language
        return await self._shared(batch, language, message, new.content) if is_plain else message

    async def _shared(
        self, batch: Batch, language: Language, message: Message, content: Content
    ) -> Message:
        key = (batch.id, language)
        if (content_id := self._content_ids.get(key)) is None:
            members = {"subject": content.subject, "markdown": content.markdown}
            content_id = await self._contents.put(batch.service_id, members)
            self._content_ids[key] = content_id
        own = {} if message.content is None else dict(message.content.fields)
        own.pop("markdown", None)
        own.pop("subject", None)
        shared = SharedContent(content_id, content.subject, None, own)
        message.content = shared
        return message
