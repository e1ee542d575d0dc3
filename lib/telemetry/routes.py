"""Find the parts of addresses that telemetry must not have: what names a person, and keys.

A part of a path may name a person if it comes after a route's fixed beginning.

The route decides about the mask, not the text: the token of a link, an rpt_id and a percent-encoded
fiscal code have no typical form.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Final

KEY_PARAMETER: Final = "subscription-key"
"""The query parameter that may have a sender's key."""
BEGINNINGS: Final = (
    "catalog/v1/institutions",
    "catalog/v1/services",
    "communication/v1/certificate-requests",
    "communication/v1/certificates",
    "communication/v1/documents",
    "communication/v1/installations",
    "communication/v1/messages",
    "communication/v1/payment/info",
    "communication/v1/third-party-messages",
    "console/v1/keys",
    "identity/v1/delegations",
    "identity/v1/parties",
    "identity/v1/services",
    "identity/v1/sessions",
    "identity/v1/user-data-processing",
    "mail/v1/unsubscribe",
    "mail/v1/validate",
    "operations/v1/dead-letter-replays",
    "operations/v1/dead-letters",
    "operations/v1/organizations",
    "operations/v1/service-reviews",
    "operations/v1/services",
    "payments/v1/payments",
    "translations/v1/texts",
    "v1/attachments",
    "v1/batches",
    "v1/certificate-requests",
    "v1/certificates",
    "v1/delegations/given",
    "v1/delegations/received",
    "v1/evidence",
    "v1/held-messages",
    "v1/installations",
    "v1/logos/organizations",
    "v1/logos/services",
    "v1/manage/services",
    "v1/messages",
    "v1/messages-sending/remote-contents/configurations",
    "v1/organizations",
    "v1/payment-info",
    "v1/payment-notices",
    "v1/profiles",
    "v1/scheduled-messages",
    "v1/services",
    "v1/subscriptions-feed",
    "v1/templates",
    "v1/third-party-messages",
    "v1/user-data-processing",
    "v1/withdrawals",
    "v2/institutions",
    "v2/services",
)
"""The fixed beginnings below /api of routes with parameters; a test compares them."""

_TOKEN: Final = r"eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]*)*"  # noqa: S105 - a pattern
"""A JWT, signed or encrypted: `eyJ` is the begin of a JSON object in base64."""
_SLASH: Final = r"(?:\\*/|%(?:25)*2F)"
"""A slash: plain, as JSON may write it, or percent-encoded."""
_REST: Final = r"[^\s\x22\x27<>\\{](?:[^\s\x22\x27<>\\]|\\+/)*"
"""The rest of a word or of a text in JSON. A template is not matched: it begins with {."""


def path_regex() -> str:
    """Return the pattern of a path with parameters (valid in RE2). Group 1: the fixed beginning.

    Beginnings with the same first parts share them: the workspace limits the length of its rules.
    """
    beginnings = _alternatives([one.split("/") for one in BEGINNINGS])
    return f"(?i)({_SLASH}api{_SLASH}{beginnings}{_SLASH}){_REST}"


def _alternatives(paths: list[list[str]]) -> str:
    """Return the pattern of any of the paths, each a list of its parts."""
    tails: dict[str, list[list[str]]] = {}
    for first, *tail in paths:
        tails.setdefault(first, []).append(tail)
    patterns = [
        first if [] in rest else f"{first}{_SLASH}{_alternatives(rest)}"
        for first, rest in tails.items()
    ]
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


def key_regex() -> str:
    """Return the pattern of a sender key after its name, and of a token (valid in RE2).

    Group 1: the name, which is that of the query's parameter, with any of its letters
    percent-encoded; that of the header ends in the same word. A token (JWT) needs no name: it is
    read by its beginning, and an ID token in the query of a logout has its citizen's name.
    """
    name = "".join(_encoded(letter) for letter in KEY_PARAMETER)
    named = rf"({name}(?:\\*\x22)?(?:\s*[:=]\s*|%(?:25)*3D)(?:\\*\x22)?)[^&\s\x22\x27<>\\]+"
    return rf"(?i)(?:{named}|{_TOKEN})"


def _encoded(letter: str) -> str:
    codes = "|".join(f"{ord(one):02X}" for one in sorted({letter, letter.upper()}))
    return f"(?:{letter}|%(?:25)*(?:{codes}))"


@cache
def _compiled(regex: Callable[[], str]) -> re.Pattern[str]:
    return re.compile(regex())


def without_parameters(text: str, instead: str) -> str:
    """Return the text with `instead` in place of the rest after a route's fixed beginning."""
    # most texts have no slash, and a search for one takes no time
    if "/" not in text and "%" not in text:
        return text
    return _compiled(path_regex).sub(lambda found: f"{found[1]}{instead}", text)


def without_keys(text: str, instead: str) -> str:
    """Return the text with `instead` in place of sender keys and tokens."""
    if not any(mark in text for mark in ("=", ":", "%", "eyJ")):
        return text
    return _compiled(key_regex).sub(lambda found: f"{found[1] or ''}{instead}", text)
