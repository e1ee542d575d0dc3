"""Amounts in euro as people in Italy and elsewhere write them, in exact cents."""

import re
from typing import Final, Literal

from lib.domain.shared.values import Cents, rule_of

MAX_CENTS: Final = 9_999_999_999

_EURO_SIGN: Final = chr(0x20AC)
_CENTS: Final = re.compile(r"[0-9]{1,10}")
_CENTS_RULE: Final = rule_of(Cents)
_LONG: Final = 20
"""More characters than any amount has, so that a text cut there is none."""
_PLAIN: Final = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,2}))?")
_GROUPED: Final = re.compile(
    r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]{1,2}))?"
    r"|([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]{1,2}))?"
)
_ONE_SEPARATOR: Final = 7
_TWO_WAYS: Final = (
    "can be read as thousands or as decimals: write the decimals too, such as 1.234,00, or leave "
    "the separator out, such as 1234"
)
_TOO_EXACT: Final = re.compile(r"[0-9.,]*[.,][0-9]{3,}")


class AmountError(ValueError):
    """The text is no amount. `code`: the rule of the row that it breaks."""

    def __init__(
        self, message: str, code: Literal["AMOUNT", "AMBIGUOUS_AMOUNT"] = "AMOUNT"
    ) -> None:
        super().__init__(message)
        self.code: Literal["AMOUNT", "AMBIGUOUS_AMOUNT"] = code


def cents(text: str) -> int:
    """Return an amount that is written in cents. Raise AmountError."""
    if _CENTS.fullmatch(text) and 1 <= (amount := int(text)) <= MAX_CENTS:
        return amount
    in_euro = "; an amount in euro belongs in the column amount_euro"
    raise AmountError(_CENTS_RULE + (in_euro if "," in text or "." in text else ""))


def cents_of_euro(text: str) -> int:
    """Return an amount that is written in euro, such as 1.234,50 or 1234.50. Raise AmountError.

    The result is exact: no fraction is rounded. 1.234 is refused, since a reader in Italy takes it
    for a thousand, and another for one euro.
    """
    bare = text.removeprefix(_EURO_SIGN).removesuffix(_EURO_SIGN).strip()[:_LONG]
    if found := _PLAIN.fullmatch(bare):
        euro, fraction = found[1], found[2]
    elif found := _GROUPED.fullmatch(bare):
        euro, fraction = found[1] or found[3], found[2] or found[4]
        if fraction is None and len(euro) <= _ONE_SEPARATOR:
            raise AmountError(_TWO_WAYS, "AMBIGUOUS_AMOUNT")
        euro = euro.replace(".", "").replace(",", "")
    elif _TOO_EXACT.fullmatch(bare):
        raise AmountError("must have at most two decimals")
    else:
        raise AmountError("must be an amount in euro, such as 84,50 or 1.234,50 or 1234.50")
    amount = int(euro) * 100 + int((fraction or "").ljust(2, "0"))
    if not 1 <= amount <= MAX_CENTS:
        raise AmountError("must be an amount in euro from 0,01 to 99.999.999,99")
    return amount
