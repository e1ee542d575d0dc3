"""The last line of defence: fiscal codes and parameters of paths become stars before it is sent.

Nothing that the app tells holds one; this is for the day on which something does by mistake.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

from lib.domain.shared.values import FISCAL_CODE_PATTERN
from lib.telemetry.routes import without_parameters

STARS: Final = "***"

_LENGTH: Final = 16
_LAYERS: Final = 3
_CODES: Final = re.compile(
    # one message id in some hundred holds what might be a fiscal code
    r"((?<![0-9a-z])(?:[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{32})(?![0-9a-z]))|"
    + FISCAL_CODE_PATTERN[1:-1],
    re.ASCII | re.IGNORECASE,
)


def mask(text: str, layers: int = _LAYERS) -> str:
    """Put stars for fiscal codes of either case, and for what paths have for parameters.

    Text that URL-encodes a fiscal code comes back decoded.

    `layers`: how many times it may be encoded.
    """
    if len(text) < _LENGTH:
        return text
    text = without_parameters(text, STARS)
    safe = _CODES.sub(lambda match: match[1] or STARS, text)
    if layers and "%" in safe:
        decoded = unquote(safe)
        if (clean := mask(decoded, layers - 1)) != decoded:
            return clean
    return safe


def masked(value: Any) -> Any:
    """Mask all strings of a structure; a mapping with nothing to mask is returned as it is."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, bytes):
        text = value.decode(errors="replace")
        return value if (safe := mask(text)) == text else safe
    if isinstance(value, Mapping):
        # all in one go, for nearly always there is nothing
        told = "\n".join(map(str, chain(value, value.values())))
        if mask(told) == told:
            return value
        return {mask(str(name)): masked(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [masked(one) for one in value]
    return value
