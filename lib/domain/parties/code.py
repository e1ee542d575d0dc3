"""The code of an offer: the first person who sends it takes the offer."""

import secrets
from typing import Final

_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that people do not mistake for each other."""
_GROUPS: Final = 5
_GROUP: Final = 5
MOST_CHARACTERS: Final = 60
"""The most characters that a person may send: spaces and hyphens beside those of the code."""


def new_code() -> str:
    """Return a new random code of 122 bits, in groups that a person can read out."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def plain(code: str) -> str:
    """Return the code as it is hashed: capital letters and digits alone."""
    return "".join(character for character in code.upper() if character in _ALPHABET)
