"""The words of the command line, in English and in Italian."""

from collections.abc import Mapping

from recapito.cli.words.english import ENGLISH
from recapito.cli.words.english_codes import ENGLISH_CODES
from recapito.cli.words.italian import ITALIAN
from recapito.cli.words.italian_codes import ITALIAN_CODES

__all__ = ("LANGUAGES", "codes", "language_of", "words")

_WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "it": ITALIAN}
_CODES: Mapping[str, Mapping[str, Mapping[str, str]]] = {"en": ENGLISH_CODES, "it": ITALIAN_CODES}
LANGUAGES = tuple(_WORDS)


def words(language: str) -> Mapping[str, str]:
    """Return the words of a language, each by its key."""
    return _WORDS[language]


def codes(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words of the API's codes in a language, by what they are codes of."""
    return _CODES[language]


def language_of(environment: Mapping[str, str]) -> str:
    """Return the language of the user's environment, English where we have no other."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "it" if value.lower().startswith("it") else "en"
    return "en"
