"""The words of a paper, in one language or in two beside each other."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.domain.shared.deadline import Deadline
from lib.rendering.documents.pdf_text import Phrase
from lib.rendering.texts import formatting
from lib.rendering.texts.document_phrases import PaperPhrases
from lib.rendering.texts.languages import phrases_of

type _Choice = Callable[[PaperPhrases], str]


class PaperWords:
    """Returns the words in all languages of a paper; the same words stand only once."""

    def __init__(self, languages: tuple[Language, ...]) -> None:
        self._languages = languages

    def label(self, choice: _Choice, **values: str) -> Phrase:
        """Return a label or a title."""
        return _beside(self._each(choice, **values))

    def alternative(self, choice: _Choice, **values: str) -> str:
        """Return the text in place of a picture, in the first language: it has only one."""
        return next(self._each(choice, **values))[0]

    def paragraphs(
        self, choice: _Choice, day: date | None = None, **values: str
    ) -> tuple[Phrase, ...]:
        """Return a paragraph in each language, with the day in its form."""
        written = (
            (
                choice(phrases_of(one).papers).format(
                    **values, **({} if day is None else {"day": formatting.day(day, one)})
                ),
                _tag(one),
            )
            for one in self._languages
        )
        return tuple((part,) for part in _once(written))

    def by(self, of: Deadline) -> Phrase:
        """Return until when to pay, with the day in digits."""
        return _beside(
            (phrases_of(one).papers.by.format(day=formatting.short_day(of.day, one)), _tag(one))
            for one in self._languages
        )

    def euros(self, cents: int) -> str:
        """Return an amount, in the form of the first language."""
        return formatting.euros(cents, self._languages[0])

    def deadline(self, of: Deadline) -> Phrase:
        """Return a deadline in each language."""
        return _beside((formatting.deadline(of, one), _tag(one)) for one in self._languages)

    def moment(self, of: datetime) -> Phrase:
        """Return a time in Italy in each language."""
        return _beside((formatting.moment(of, one), _tag(one)) for one in self._languages)

    def _each(self, choice: _Choice, **values: str) -> Iterator[tuple[str, str]]:
        return (
            (choice(phrases_of(one).papers).format(**values), _tag(one)) for one in self._languages
        )


def _tag(language: Language) -> str:
    return "" if language == DEFAULT_LANGUAGE else phrases_of(language).tag


def _once(parts: Iterator[tuple[str, str]]) -> Phrase:
    """Return each text once, in the first of its languages."""
    languages: dict[str, str] = {}
    for text, language in parts:
        languages.setdefault(text, language)
    return tuple(languages.items())


def _beside(parts: Iterator[tuple[str, str]]) -> Phrase:
    first, *others = _once(parts)
    return (first, *(part for other in others for part in (("/", ""), other)))
