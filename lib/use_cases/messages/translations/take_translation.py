"""Take a text that the service translated, or its failure."""

from lib.domain.messages.errors import MessageNotFoundError, TranslationTicketError
from lib.domain.messages.message import Message
from lib.domain.messages.words.translation import MOST_TRANSLATED, Translation
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.translations import Translations
from lib.use_cases.messages.translations.tickets import Tickets


class TakeTranslation:
    """Store an answer of the service in its message.

    An answer that comes twice, or after another request, changes nothing.
    Cost: one point read and one conditional patch; for such an answer the read.
    """

    def __init__(self, translations: Translations, tickets: Tickets | None, clock: Clock) -> None:
        self._translations = translations
        self._tickets = tickets
        self._clock = clock

    async def __call__(self, sealed: str, text: str | None) -> None:
        """Store the text; None for a failure. Raise TranslationTicketError, UnavailableError."""
        if self._tickets is None:
            raise TranslationTicketError
        now = self._clock.now()
        ticket = self._tickets.read(sealed, now)

        def change(message: Message) -> Translation | None:
            known = message.translations.get(ticket.language)
            if known is None or known.attempt != ticket.attempt:
                return None
            if known.parts[ticket.part] is not None:
                return None
            if text is None or not text.strip() or len(text) > MOST_TRANSLATED:
                return known.failed()
            return known.with_part(ticket.part, text, timestamp(now))

        try:
            await self._translations.change(
                ticket.fiscal_code, ticket.message_id, ticket.language, change
            )
        except MessageNotFoundError:
            raise TranslationTicketError from None
