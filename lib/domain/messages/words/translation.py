"""A translation of a message by machine, which a citizen asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from lib.domain.profiles.choices import Language
from lib.domain.shared.values import parse_timestamp

Translatable = Literal["it_IT", "en_GB", "es_ES", "de_DE", "fr_FR", "sl_SI"]
"""The official languages of the EU among those of citizens; no engine knows the others."""
TranslationStatus = Literal["PENDING", "DONE", "FAILED"]
GIVE_UP: Final = timedelta(hours=1)
"""The time after which a translation without an answer may be asked for again."""
MOST_TRANSLATED: Final = 20_000
"""The most characters of a translated part; a longer one is no translation."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The texts in one language, as far as they have come.

    `attempt`: the mark of the request; a late answer to an earlier one counts no more. `parts`: the
    subject, then the pieces of the text; None for one that is still to come. `asked_at` and
    `done_at`: as `values.timestamp` writes them.
    """

    language: Language
    attempt: str
    engine: str
    asked_at: str
    parts: tuple[str | None, ...]
    done_at: str | None = None
    has_failed: bool = False

    @property
    def status(self) -> TranslationStatus:
        """How far the translation has come."""
        if self.has_failed:
            return "FAILED"
        return "PENDING" if None in self.parts else "DONE"

    @property
    def subject(self) -> str:
        """The subject, in one line."""
        return " ".join((self.parts[0] or "").split())

    @property
    def markdown(self) -> str:
        """The text."""
        return "\n\n".join(part or "" for part in self.parts[1:])

    def may_be_asked_again(self, now: datetime) -> bool:
        """Tell whether another request makes sense."""
        if self.status == "PENDING":
            return now - parse_timestamp(self.asked_at) >= GIVE_UP
        return self.has_failed

    def with_part(self, number: int, text: str, at: str) -> "Translation":
        """Return the translation with a part; after a failure no part counts."""
        if self.has_failed:
            return self
        parts = (*self.parts[:number], text, *self.parts[number + 1 :])
        return replace(self, parts=parts, done_at=None if None in parts else at)

    def failed(self) -> "Translation":
        """Return the translation after a failure of a part."""
        return replace(self, has_failed=True)


def pieces_of(markdown: str, most: int) -> Iterator[str]:
    """Yield a text in pieces of at most `most` characters, cut between paragraphs if possible."""
    piece = ""
    for paragraph in markdown.split("\n\n"):
        joined = f"{piece}\n\n{paragraph}" if piece else paragraph
        if len(joined) <= most:
            piece = joined
            continue
        if piece:
            yield piece
        piece = paragraph
        while len(piece) > most:
            cut = piece.rfind(" ", 1, most) if " " in piece[1:most] else most
            yield piece[:cut]
            piece = piece[cut:].lstrip()
    if piece:
        yield piece
