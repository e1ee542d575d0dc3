"""Which parts of a path may name somebody: all that follows the fixed beginning of a route.

A path is masked by its route, not by the look of what is in it: a link's token, a payment's rpt_id
and a fiscal code that is percent-encoded look like anything.
"""

import re
from typing import Final

BEGINNINGS: Final = (
    "communication/v1/installations",
    "communication/v1/messages",
    "communication/v1/payment/info",
    "identity/v1/services",
    "mail/v1/unsubscribe",
    "mail/v1/validate",
    "operations/v1/dead-letters",
    "payments/v1/payments",
    "v1/installations",
    "v1/messages",
    "v1/payment-notices",
    "v1/profiles",
    "v1/services",
)
"""Of the routes with parameters, up to the first, below /api; a test holds them to the routes."""

_SLASH: Final = r"(?:\\*/|%(?:25)*2F)"
"""As it is, as JSON may write it, or percent-encoded."""
_REST: Final = r"[^\s\x22\x27<>\\{](?:[^\s\x22\x27<>\\]|\\+/)*"
"""Up to the end of a word or of a text in JSON; a template, which begins with {, is left."""


def path_regex() -> str:
    """Return what finds such a path, its fixed beginning the first group; RE2 reads it too."""
    beginnings = "|".join(one.replace("/", _SLASH) for one in BEGINNINGS)
    return f"(?i)({_SLASH}api{_SLASH}(?:{beginnings}){_SLASH}){_REST}"


_PATHS: Final = re.compile(path_regex())


def without_parameters(text: str, instead: str) -> str:
    """Return the text with `instead` for all that follows a route's fixed beginning."""
    return _PATHS.sub(lambda found: f"{found[1]}{instead}", text)
