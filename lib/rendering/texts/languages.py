"""The phrases of each language in which the app writes to citizens."""

from collections.abc import Mapping
from typing import Final

from lib.domain.profiles.choices import Language
from lib.rendering.texts.english import ENGLISH
from lib.rendering.texts.french import FRENCH
from lib.rendering.texts.german import GERMAN
from lib.rendering.texts.italian import ITALIAN
from lib.rendering.texts.phrases import Phrases
from lib.rendering.texts.spanish import SPANISH

PHRASES: Final[Mapping[Language, Phrases]] = {
    "it_IT": ITALIAN,
    "en_GB": ENGLISH,
    "es_ES": SPANISH,
    "de_DE": GERMAN,
    "fr_FR": FRENCH,
}
