"""The languages there are."""

from collections.abc import Mapping
from typing import Final

from lib.domain.recipient import Language
from lib.texts.english import ENGLISH
from lib.texts.french import FRENCH
from lib.texts.german import GERMAN
from lib.texts.italian import ITALIAN
from lib.texts.phrases import Phrases
from lib.texts.spanish import SPANISH

PHRASES: Final[Mapping[Language, Phrases]] = {
    "it_IT": ITALIAN,
    "en_GB": ENGLISH,
    "es_ES": SPANISH,
    "de_DE": GERMAN,
    "fr_FR": FRENCH,
}
