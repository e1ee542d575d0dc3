"""The phrases of each language in which the app writes to citizens, from `catalogue/`.

A language is a file there, with the sections and names of `it_IT.toml`. A translator adds one for
any of the languages of `choices.Language`; the tests check that it is whole.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, get_args

from pydantic import TypeAdapter

from lib.domain.profiles.choices import DEFAULT_LANGUAGE, Language
from lib.rendering.texts.phrases import Phrases

_CATALOGUE: Final = files("lib.rendering.texts") / "catalogue"


@cache
def phrases_of(language: Language) -> Phrases:
    """Return the phrases of a language, or the Italian ones while there is no text in it.

    Cost: some milliseconds at the first use of each language in a process.
    """
    file = _CATALOGUE / f"{language}.toml"
    if not file.is_file():
        return phrases_of(DEFAULT_LANGUAGE)
    return _phrases().validate_python(tomllib.loads(file.read_text("utf-8")))


@cache
def written_languages() -> tuple[Language, ...]:
    """Return the languages that have texts, Italian first."""
    return tuple(one for one in get_args(Language) if (_CATALOGUE / f"{one}.toml").is_file())


@cache
def _phrases() -> TypeAdapter[Phrases]:
    return TypeAdapter(Phrases)
