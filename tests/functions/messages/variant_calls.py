"""Messages in several languages."""

from typing import Any

GERMAN = {"subject": "Abfallgebühr 2027", "markdown": "Die erste Rate wird im Herbst fällig. " * 3}
SLOVENE = {"subject": "Pristojbina za odpadke", "markdown": "Prvi obrok zapade junija. " * 4}
VARIANTS = {"de_DE": GERMAN, "sl_SI": SLOVENE}


def translated(**content: Any) -> dict[str, Any]:
    """Return the changes of a message in three languages."""
    return {"content": {"variants": VARIANTS, **content}}
