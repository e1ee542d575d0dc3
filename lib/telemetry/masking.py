"""Replace fiscal codes, parameters of paths and keys by stars before telemetry is sent.

The app puts none of them into its telemetry. The masks protect against mistakes.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN
from lib.telemetry.routes import without_keys, without_parameters

STARS: Final = "***"

_LENGTH: Final = 16
_LAYERS: Final = 3
_WORDS: Final = re.compile(f"[0-9A-Za-z]{{{_LENGTH},}}")
"""Words that are long enough for a fiscal code. Few texts have one, and a search takes no time."""
_IDS: Final = re.compile("[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{32}", re.ASCII | re.IGNORECASE)
"""Ids of messages and of traces. One message id in some hundred looks like a fiscal code."""
_CODES: Final = re.compile(FISCAL_CODE_PATTERN[1:-1], re.ASCII | re.IGNORECASE)


def mask(text: str, layers: int = _LAYERS) -> str:
    """Replace fiscal codes of either case, parameters of paths, and keys of senders by stars.

    A text with a URL-encoded fiscal code is returned decoded. `layers`: the maximum number of
    encodings of a text.
    """
    if len(text) < _LENGTH:
        return text
    text = without_keys(without_parameters(text, STARS), STARS)
    safe = _WORDS.sub(_without_codes, text)
    if layers and "%" in safe:
        decoded = unquote(safe)
        if (clean := mask(decoded, layers - 1)) != decoded:
            return clean
    return safe


def _without_codes(word: re.Match[str]) -> str:
    return word[0] if _IDS.fullmatch(word[0]) else _CODES.sub(STARS, word[0])


def masked(value: Any) -> Any:
    """Mask all strings of a structure. An unchanged mapping is returned itself, not as a copy."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes):
        text = value.decode(errors="replace")
        return value if (safe := mask(text)) == text else safe
    if isinstance(value, Mapping):
        # one search over all strings is fast, and nearly always finds nothing
        joined = "\n".join(map(str, chain(value, value.values())))
        if mask(joined) == joined:
            return value
        return {mask(str(name)): masked(member) for name, member in value.items()}
    if isinstance(value, Sequence):
        return [masked(member) for member in value]
    return value
