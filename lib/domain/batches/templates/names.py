"""The names of placeholders: those that every template may use, and those of the sender's columns.

A column of a list and a placeholder have the same name if `canonical` returns the same for both.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from lib.domain.batches.column_names import own_name, plain_name
from lib.domain.payment_notices.notice_request import MAX_INSTALMENTS

NAME_PATTERN: Final = "^[a-z][a-z0-9_]{0,99}$"


class Kind(StrEnum):
    """The kind of a value, which decides how it is written in each language."""

    TEXT = "TEXT"
    AMOUNT = "AMOUNT"
    DAY = "DAY"


_OF_EACH_SUM: Final = {
    "amount_euro": Kind.AMOUNT,
    "due_date": Kind.DAY,
    "notice_number": Kind.TEXT,
}
_CENTS: Final = re.compile(r"amount(_[0-9]{1,3})?")
_NAME: Final = re.compile(NAME_PATTERN[1:-1])

RESERVED: Final = {
    "fiscal_code": Kind.TEXT,
    "instalments": Kind.TEXT,
    "payee_fiscal_code": Kind.TEXT,
    "reference": Kind.TEXT,
    **_OF_EACH_SUM,
    **{
        f"{name}_{number}": kind
        for name, kind in _OF_EACH_SUM.items()
        for number in range(1, MAX_INSTALMENTS + 1)
    },
}
"""The names that every template may use. `amount_euro_2` is the amount of the second instalment,
`instalments` their number, which is empty without any."""


@lru_cache(maxsize=4096)
def canonical(name: str) -> str:
    """Return the one form of a name: small letters without accents, with `_` between words.

    Italian names of columns, such as `importo` and `scadenza_2`, become those of RESERVED.
    """
    own = own_name(plain_name(name))
    return f"amount_euro{own.removeprefix('amount')}" if _CENTS.fullmatch(own) else own


def is_in_cents(name: str) -> bool:
    """Tell whether a column or a member of this name has an amount in euro cents."""
    return _CENTS.fullmatch(own_name(plain_name(name))) is not None


def is_name(name: str) -> bool:
    """Tell whether a canonical name has the form of one."""
    return _NAME.fullmatch(name) is not None
