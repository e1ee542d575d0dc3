"""Store translations in the documents of their messages."""

from collections.abc import Callable
from dataclasses import asdict

from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.words.translation import Translation
from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import MessageId
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.messages import MESSAGES
from lib.repositories.messages.message_mapping import TRANSLATIONS
from lib.repositories.messages.messages import Messages
from lib.repositories.shared.optimistic import until_written

type Change = Callable[[Message], Translation | None]
"""Returns the translation to store, or None for no change. It may raise a DomainError."""


class Translations:
    """Write the translations of messages.

    Cost: one point read and one conditional patch; the read alone where nothing changes.
    Concurrency: each write is conditional, so answers that come at the same time all count.
    """

    def __init__(self, store: DocumentStore, messages: Messages) -> None:
        self._store = store
        self._messages = messages

    async def change(
        self, fiscal_code: str, id_: MessageId, language: Language, change: Change
    ) -> Translation | None:
        """Change the translation into a language, and return what was stored; None for nothing.

        Raise MessageNotFoundError, UnavailableError, and what `change` raises.
        """

        async def attempt() -> Translation | None:
            stored = await self._messages.find(fiscal_code, id_)
            if stored is None:
                raise MessageNotFoundError
            message = stored.message
            changed = change(message)
            if changed is None or changed == message.translations.get(language):
                return None
            kept = {**message.translations, language: changed}
            documents = {name: asdict(one) for name, one in kept.items()}
            await self._store.patch(
                MESSAGES,
                fiscal_code,
                id_,
                (PatchOperation("set", f"/{TRANSLATIONS}", documents),),
                if_match=stored.etag,
            )
            return changed

        return await until_written("a translation", attempt)
