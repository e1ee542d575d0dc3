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


SCHEMES: Final[Mapping[str, Any]] = {
    "SenderKey": _key("The key of a service."),
    "ManageKey": _key("The key with which an organisation manages its services."),
    "OperatorKey": _key("The key of an operator of this installation."),
    "CitizenToken": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": f"{CITIZEN_LOGIN} The token is checked as RFC8725 asks.",
    },
}
"""The schemes by the names that policies use."""


def required(scheme: str | None) -> list[dict[str, list[str]]]:
    """Return the security requirement of an operation; an empty one if everybody may call."""
    return [{scheme: []} if scheme else {}]
