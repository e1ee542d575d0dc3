"""The security schemes of the OpenAPI documents."""

from collections.abc import Mapping
from typing import Any, Final

from functions.http.contract.policies import CITIZEN_LOGIN


def _key(description: str) -> dict[str, str]:
    """Return the security scheme of a key in the header that IO's gateway reads."""
    return {
        "type": "apiKey",
        "in": "header",
        "name": "Ocp-Apim-Subscription-Key",
        "description": description,
    }


_VOUCHER: Final = (
    "A voucher of PDND for this e-service (ID_AUTH_REST_01), of a client that the organisation "
    "linked to the service. An installation may take none. It is checked as RFC8725 asks."
)
_BESIDE: Final = (
    "Beside it, Digest and Agid-JWT-Signature (INTEGRITY_REST_01 and 02) and "
    "Agid-JWT-TrackingEvidence (AUDIT_REST_01 and 02) are verified where they are sent; an "
    "installation may require the first two for each body."
)

SCHEMES: Final[Mapping[str, Any]] = {
    "SenderKey": _key("The key of a service."),
    "ManageKey": _key("The key with which an organisation manages its services."),
    "OperatorKey": _key("The key of an operator of this installation."),
    "Voucher": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"{_VOUCHER} It is sent as Bearer (RFC6750). {_BESIDE}",
    },
    "BoundVoucher": {
        "type": "http",
        "scheme": "dpop",
        "description": f"{_VOUCHER} It is bound to a key of the client, and is sent with a proof "
        f"in the header DPoP (RFC9449). {_BESIDE}",
    },
    "CitizenToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"{CITIZEN_LOGIN} The token is checked as RFC8725 asks.",
    },
    "CitizenCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-recapito-session",
        "description": "The cookie of a browser's session, for pages of this app's own origin. A "
        "call that writes also needs the header Recapito-CSRF, with any value. A delegate names "
        "the delegation in the header Recapito-Party; absent or `self` is the own inbox.",
    },
}
"""The schemes by the names that policies use."""


_BESIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "SenderKey": ("Voucher", "BoundVoucher"),
    "CitizenToken": ("CitizenCookie",),
}
"""The schemes that serve in place of a policy's own."""


def required(scheme: str | None) -> list[dict[str, list[str]]]:
    """Return the security requirements of an operation; an empty one if everybody may call."""
    return [{name: []} for name in schemes_of(scheme)] or [{}]


def schemes_of(scheme: str | None) -> tuple[str, ...]:
    """Return the schemes that serve for a policy's scheme."""
    if scheme is None:
        return ()
    return (scheme, *_BESIDES.get(scheme, ()))
