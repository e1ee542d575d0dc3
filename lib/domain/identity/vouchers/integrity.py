"""The integrity of a request: `Digest` of its body, and `Agid-JWT-Signature` of its headers.

These are the patterns INTEGRITY_REST_01 and INTEGRITY_REST_02 of the State's guidelines (ModI).
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from lib.domain.identity.vouchers.parts import DIGEST, SIGNATURE

LONGEST_LIFE: Final = timedelta(hours=1)
"""The longest life of a signature: it is made for one request."""
MOST_HEADERS: Final = 20
HASHES: Final[Mapping[str, Callable[[bytes], Any]]] = {
    "sha-256": hashlib.sha256,
    "sha-512": hashlib.sha512,
}


def check_digest(header: str, body: bytes) -> None:
    """Refuse a header `Digest` (RFC 3230) that is not that of the body.

    Each digest of a known algorithm must be right, and one of them must be there. A header that
    repeats a digest costs one hash of the body, as the digest alone.
    """
    right: dict[str, bytes] = {}
    for instance in header.split(","):
        name, _, value = instance.strip().partition("=")
        algorithm = name.lower()
        if algorithm not in HASHES:
            continue
        if algorithm not in right:
            right[algorithm] = HASHES[algorithm](body).digest()
        try:
            sent = base64.b64decode(value, validate=True)
        except ValueError:
            # a text with other characters than ASCII has another error than binascii.Error
            raise DIGEST.refusal("is no base64 text") from None
        if not hmac.compare_digest(sent, right[algorithm]):
            raise DIGEST.refusal("is not that of the body")
    if not right:
        raise DIGEST.refusal("has no SHA-256")


def check_signed_headers(
    claims: Mapping[str, Any], headers: Mapping[str, str], *, has_body: bool
) -> None:
    """Refuse a signature whose `signed_headers` are not those of the request.

    It must sign the digest of a body.
    """
    listed = claims.get("signed_headers")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_HEADERS:
        raise SIGNATURE.refusal("has no signed_headers")
    names = set[str]()
    for entry in listed:
        if not isinstance(entry, Mapping):
            raise SIGNATURE.refusal("has signed_headers that are no objects")
        for name, value in entry.items():
            sent = headers.get(name.lower())
            if not isinstance(value, str) or sent is None or sent.strip() != value.strip():
                raise SIGNATURE.refusal("is for other headers than those of the request")
            names.add(name.lower())
    if has_body and "digest" not in names:
        raise SIGNATURE.refusal("does not sign the digest")
