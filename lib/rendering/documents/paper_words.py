"""The words of a paper, in one language or in two beside each other."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from lib.domain.profiles.choices import Language
from lib.domain.shared.deadline import Deadline
from lib.rendering.texts import formatting
from lib.rendering.texts.document_phrases import PaperPhrases
from lib.rendering.texts.languages import phrases_of

type _Choice = Callable[[PaperPhrases], str]


class PaperWords:
    """Returns the words in all languages of a paper; the same words stand only once."""

    def __init__(self, languages: tuple[Language, ...]) -> None:
        self._languages = languages

    def label(self, choice: _Choice, **values: str) -> str:
        """Return a label or a title."""
        return " / ".join(dict.fromkeys(text.format(**values) for text in self._texts(choice)))

    def paragraphs(self, choice: _Choice, day: date | None = None) -> tuple[str, ...]:
        """Return a paragraph in each language, with the day in its form."""
        written = (
            text if day is None else text.format(day=formatting.day(day, language))
            for language, text in zip(self._languages, self._texts(choice), strict=True)
        )
        return tuple(dict.fromkeys(written))

    def euros(self, cents: int) -> str:
        """Return an amount, in the form of the first language."""
        return formatting.euros(cents, self._languages[0])

    def deadline(self, of: Deadline) -> str:
        """Return a deadline in each language."""
        return " / ".join(dict.fromkeys(formatting.deadline(of, one) for one in self._languages))

    def moment(self, of: datetime) -> str:
        """Return a time in Italy in each language."""
        return " / ".join(dict.fromkeys(formatting.moment(of, one) for one in self._languages))

    def _texts(self, choice: _Choice) -> Iterator[str]:
        return (choice(phrases_of(language).papers) for language in self._languages)
