"""The names of the columns of a list, as senders write them and as Recapito calls them."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

OTHER_NAMES: Final = {
    "cf": "fiscal_code",
    "codice_fiscale": "fiscal_code",
    "importo": "amount_euro",
    "importo_euro": "amount_euro",
    "numero_avviso": "notice_number",
    "riferimento": "reference",
    "scadenza": "due_date",
}
"""The Italian names of columns, as `plain_name` returns them, with the names of Recapito."""

OF_INSTALMENTS: Final = frozenset({"notice_number", "amount", "amount_euro", "due_date"})
"""The columns of each sum: of the whole, and with a number of an instalment."""
MAX_DIGITS: Final = 3
"""The most digits of the number of an instalment."""
NUMBERED: Final = re.compile(rf"([a-z_]+)_([0-9]{{1,{MAX_DIGITS}}})")
"""The name of a column of an instalment."""
_INSTALMENT: Final = frozenset({"instalment", "installment", "rata"})
_SMALL_WORDS: Final = frozenset({"a", "della", "di", "n", "no", "nr", "of", "the"})
"""The words that may stand beside the number of an instalment, as in `1ª rata` and `rata n. 1`."""
_WORDS: Final = re.compile(r"[a-z]+|[0-9]+")
_IN_WORDS: Final = re.compile(r"[a-z0-9_]+")
_OF_A_PAYMENT: Final = re.compile(
    r"(?:^|[_0-9])(?:amounts?|avvis[oi]|due_date|import[oi]|instalments?|installments?|iuv|notices?"
    r"|rat[ae]|scadenz[ae])(?![a-z])|^due(?:_(?:by|on))?(?:_[0-9]+)?$"
)
"""English `due` counts at the beginning alone: in Italian it is a number."""
_NOT_OF_A_NAME: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=1024)
def plain_name(written: str) -> str:
    """Return the name of a column in small letters without accents, words joined by `_`."""
    parts = unicodedata.normalize("NFKD", written.casefold())
    letters = "".join(one for one in parts if not unicodedata.combining(one))
    return _NOT_OF_A_NAME.sub("_", letters).strip("_")


def own_name(name: str) -> str:
    """Return Recapito's name of a column for a plain name; the same name for a placeholder."""
    if numbered := NUMBERED.fullmatch(name):
        own = OTHER_NAMES.get(numbered[1], numbered[1])
        if own in OF_INSTALMENTS:
            return f"{own}_{int(numbered[2])}"
    return OTHER_NAMES.get(name) or _of_an_instalment(name) or name


def speaks_of_a_payment(name: str) -> bool:
    """Tell whether a plain name has a word of payments, such as `avviso` or `amount`."""
    return _OF_A_PAYMENT.search(name) is not None


def _of_an_instalment(name: str) -> str | None:
    """Return Recapito's name for one such as `importo_rata_1`, `rata_1_importo`, `1a_rata_importo`.

    None for another name.
    """
    if not _IN_WORDS.fullmatch(name):
        return None
    words = _WORDS.findall(name)
    numbers = [word for word in words if word.isdigit()]
    if len(numbers) != 1 or len(numbers[0]) > MAX_DIGITS or _INSTALMENT.isdisjoint(words):
        return None
    left_out = {*numbers, *_INSTALMENT, *_SMALL_WORDS}
    column = "_".join(word for word in words if word not in left_out)
    own = OTHER_NAMES.get(column, column)
    return f"{own}_{int(numbers[0])}" if own in OF_INSTALMENTS else None
