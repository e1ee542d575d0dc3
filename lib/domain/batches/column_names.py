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
NUMBERED: Final = re.compile(r"([a-z_]+)_([0-9]{1,3})")
"""The name of a column of an instalment."""
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
        return f"{own}_{int(numbered[2])}" if own in OF_INSTALMENTS else name
    return OTHER_NAMES.get(name, name)
