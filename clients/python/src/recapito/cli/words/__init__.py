"""The words of the command line, in English and in Italian."""

from collections.abc import Mapping

from recapito.cli.words.english import ENGLISH
from recapito.cli.words.italian import ITALIAN, ROW_PROBLEMS

__all__ = ("LANGUAGES", "ROW_PROBLEMS", "language_of", "words")

_WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "it": ITALIAN}
LANGUAGES = tuple(_WORDS)


def words(language: str) -> Mapping[str, str]:
    """Return the words of a language, each by its key."""
    return _WORDS[language]


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language of the user's environment, English where we have no other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "it" if value.lower().startswith("it") else "en"
    return "en"
