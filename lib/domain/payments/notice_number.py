"""Parse pagoPA's notice numbers, and check their check digits.

The forms are those of "Specifiche attuative dei codici identificativi di versamento, riversamento e
rendicontazione" (SACI), chapter "Generazione dell'Identificativo Univoco di Versamento", schemes
NAV.0 to NAV.3. Since edition 3.2 of this text, only numbers with aux digit 3 are issued; notices
with the other three digits are still in use, and IO accepts all four. The check digits are the
remainder, modulo 93, of the digits before them. The text leaves the check to the reader of a
notice. Like IO, the app accepts a message with wrong check digits; the app's own API of payment
notices refuses them.
"""

import re
from dataclasses import dataclass
from typing import Final

from lib.domain.shared.identifiers import NOTICE_NUMBER_PATTERN, NoticeNumber

_NOTICE_NUMBER: Final = re.compile(NOTICE_NUMBER_PATTERN[1:-1])
_MODULUS: Final = 93
_WITHOUT_CHECK_DIGITS: Final = "1"
"""The aux digit of the form without them."""


@dataclass(frozen=True, slots=True)
class NoticeParts:
    """The parts of a notice number, as digits; None for a part that its form lacks."""

    aux_digit: str
    application_code: str | None
    segregation_code: str | None
    iuv_base: str
    check_digits: str | None

    @property
    def iuv(self) -> str:
        """The identifier that names the payment at its payee (IUV), as used in payment systems."""
        return (self.segregation_code or "") + self.iuv_base + (self.check_digits or "")

    @property
    def is_sound(self) -> bool | None:
        """Whether the check digits are right; None for a form without check digits."""
        return None if self.check_digits is None else self.check_digits == self.right_check_digits

    @property
    def right_check_digits(self) -> str:
        """The check digits that the number should have; None for a form without check digits."""
        code = self.application_code or self.segregation_code or ""
        return check_digits_of(self.aux_digit + code + self.iuv_base)

    def __str__(self) -> str:
        return self.aux_digit + (self.application_code or "") + self.iuv


def parse_notice_number(text: str) -> NoticeParts:
    """Return the parts of a notice number, without checking its check digits. Raise ValueError."""
    if not _NOTICE_NUMBER.fullmatch(text):
        msg = "must be 18 digits, the first 0, 1, 2 or 3"
        raise ValueError(msg)
    aux_digit, code, rest, checks = text[0], text[1:3], text[3:16], text[16:]
    match aux_digit:
        case "0":
            return NoticeParts(aux_digit, code, None, rest, checks)
        case "1":
            return NoticeParts(aux_digit, None, None, text[1:], None)
        case "2":
            return NoticeParts(aux_digit, None, None, code + rest, checks)
        case _:
            return NoticeParts(aux_digit, None, code, rest, checks)


def is_sound_number(text: str) -> bool:
    """Tell whether the text is a notice number whose check digits, if it has some, are right."""
    if not _NOTICE_NUMBER.fullmatch(text):
        return False
    return text[0] == _WITHOUT_CHECK_DIGITS or check_digits_of(text[:16]) == text[16:]


def check_digits_of(digits: str) -> str:
    """Return the check digits of a number. `digits`: the digits before, from the aux digit on."""
    return f"{int(digits) % _MODULUS:02d}"


def grouped(notice_number: NoticeNumber) -> str:
    """Write a notice number as it is printed, in groups of four digits."""
    return " ".join(notice_number[at : at + 4] for at in range(0, len(notice_number), 4))
