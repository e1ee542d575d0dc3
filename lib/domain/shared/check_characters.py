"""Compute the check characters of fiscal codes from the rest of the code.

For people: decree of the Ministry of Finance of 23 December 1976, with the letters that replace
digits where two people would have the same code. For organisations: the rule of VAT numbers.
"""

import string
from typing import Final

SAMPLE_CITIZEN: Final = "AAAAAA00A00A000A"
"""The recipient for tests in IO's guide; its check character is wrong on purpose."""

_IN_ODD_PLACES: Final = (
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18),
    *(20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
)
"""The values in odd places, by the letter's place in the alphabet; 0 counts as A, 1 as B."""
_CHARACTERS: Final = (string.ascii_uppercase + string.digits).encode()
_ODD: Final = bytes.maketrans(_CHARACTERS, bytes((*_IN_ODD_PLACES, *_IN_ODD_PLACES[:10])))
_EVEN: Final = bytes.maketrans(_CHARACTERS, bytes((*range(26), *range(10))))


def has_right_check_character(fiscal_code: str) -> bool:
    """Tell whether a person's code, of the right form, ends in its check character."""
    return fiscal_code[15] == check_character(fiscal_code)


def check_character(fiscal_code: str) -> str:
    """Return the check character of a person's code, by its first fifteen characters."""
    characters = fiscal_code[:15].encode()
    total = sum(characters[::2].translate(_ODD)) + sum(characters[1::2].translate(_EVEN))
    return string.ascii_uppercase[total % 26]


def has_right_check_digit(fiscal_code: str) -> bool:
    """Tell whether an organisation's code, 11 digits, ends in its check digit."""
    digits = [int(character) for character in fiscal_code]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
