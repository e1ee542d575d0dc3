"""The header `Accept-Language` (RFC 9110) as a list of the app's languages."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

from pydantic import StringConstraints

from lib.domain.profiles.choices import Language
from lib.domain.shared.described import says

_HEADER: Final = "accept-language"
_MOST: Final = 1024
"""The most characters of the header that are read."""
_SAYS: Final = says(
    "The languages that the reader understands, as browsers send them. Absent: Italian."
)
ACCEPT_LANGUAGE: Final[Mapping[str, Any]] = {
    _HEADER: Annotated[str, StringConstraints(max_length=_MOST), _SAYS]
}
"""The declaration of the header in an endpoint that reads it."""
ACCEPT_ANY_LANGUAGE: Final[Mapping[str, Any]] = {_HEADER: Annotated[str, _SAYS]}
"""The declaration in a page, which a browser must get whatever the header is."""
_BY_TAG: Final[Mapping[str, Language]] = {
    language.partition("_")[0]: language for language in get_args(Language)
}
_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{2,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


def tag_of(language: Language) -> str:
    """Return the language tag (BCP 47), as in `Content-Language`."""
    return language.replace("_", "-")


def accepted_languages(headers: Mapping[str, str]) -> tuple[Language, ...]:
    """Return the languages of the header, the preferred one first; others are ignored."""
    weighed: dict[Language, float] = {}
    for part in headers.get(_HEADER, "")[:_MOST].split(","):
        found = _RANGE.fullmatch(part)
        language = _BY_TAG.get(found[1].lower()) if found else None
        if found and language and (weight := float(found[2] or 1)):
            weighed[language] = max(weight, weighed.get(language, 0))
    return tuple(sorted(weighed, key=lambda one: -weighed[one]))
