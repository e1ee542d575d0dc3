"""Ask for a translation of a message by machine."""

import asyncio
import secrets
from typing import Final, NamedTuple

from lib.domain.identity.access import Access
from lib.domain.messages.errors import (
    AlreadyWrittenError,
    NoTranslatorError,
    TranslationForbiddenError,
)
from lib.domain.messages.message import Message
from lib.domain.messages.words.translation import Translatable, Translation, pieces_of
from lib.domain.messages.words.variants import in_language, markdown_of, subject_of
from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.translation.translator import MOST_TEXT, Translator
from lib.repositories.messages.contents import Contents
from lib.repositories.messages.translations import Translations
from lib.use_cases.messages.read_message import ReadMessage
from lib.use_cases.messages.translations.tickets import Ticket, Tickets

_SOURCES: Final[dict[Language, Translatable]] = {
    "it_IT": "it_IT",
    "en_GB": "en_GB",
    "es_ES": "es_ES",
    "de_DE": "de_DE",
    "fr_FR": "fr_FR",
    "sl_SI": "sl_SI",
}


class Asked(NamedTuple):
    """A translation, and whether this call asked for it."""

    translation: Translation
    is_new: bool


class AskTranslation:
    """Store that a translation is wanted, then ask the service for its parts.

    The request is stored first, so that each answer finds its place. A run that dies in between
    leaves a request without an answer; the citizen can ask again after GIVE_UP.
    Cost: two point reads, one conditional patch, and a call of the service for each 5,000
    characters; a repeated request one point read.
    Concurrency: of requests at the same time, one asks.
    """

    def __init__(
        self,
        read: ReadMessage,
        contents: Contents,
        translations: Translations,
        translator: Translator | None,
        tickets: Tickets | None,
        clock: Clock,
    ) -> None:
        self._read = read
        self._contents = contents
        self._translations = translations
        self._translator = translator
        self._tickets = tickets
        self._clock = clock

    async def __call__(self, access: Access, id_: MessageId, language: Translatable) -> Asked:
        """Return the translation as it is now.

        Raise MessageNotFoundError, NoTranslatorError, TranslationForbiddenError,
        AlreadyWrittenError, UnavailableError.
        """
        translator, tickets = self._translator, self._tickets
        if translator is None or tickets is None:
            raise NoTranslatorError
        message = await self._contents.whole(await self._read(access, id_))
        if not message.may_be_translated:
            raise TranslationForbiddenError
        source = _source_of(message)
        if language == source or language in message.variants:
            raise AlreadyWrittenError
        now = self._clock.now()
        earlier = message.translations.get(language)
        if earlier is not None and not earlier.may_be_asked_again(now):
            return Asked(earlier, is_new=False)
        fields = in_language(message.content.fields if message.content else {}, source)
        texts = [subject_of(fields), *pieces_of(markdown_of(fields), MOST_TEXT)]
        begun = Translation(
            language=language,
            attempt=secrets.token_urlsafe(16),
            engine=translator.engine,
            asked_at=timestamp(now),
            parts=(None,) * len(texts),
        )

        def begin(current: Message) -> Translation | None:
            known = current.translations.get(language)
            return begun if known is None or known.may_be_asked_again(now) else None

        stored = await self._translations.change(access.subject, id_, language, begin)
        if stored is None:
            # another request has asked meanwhile
            return Asked(begun, is_new=False)
        place = Ticket(access.subject, id_, language, begun.attempt, 0)
        asks = (
            translator.ask(
                text, source, language, tickets.address(place._replace(part=number), now)
            )
            for number, text in enumerate(texts)
        )
        try:
            await asyncio.gather(*asks)
        except UnavailableError:
            await self._translations.change(
                access.subject, id_, language, lambda current: _failed(current, begun)
            )
            raise
        return Asked(begun, is_new=True)


def _source_of(message: Message) -> Translatable:
    """Return the language of the sender's text; a notice is written in its citizen's."""
    written = message.written_language if message.is_notice else DEFAULT_LANGUAGE
    return _SOURCES.get(written, "it_IT")


def _failed(message: Message, begun: Translation) -> Translation | None:
    current = message.translations.get(begun.language)
    return current.failed() if current and current.attempt == begun.attempt else None
