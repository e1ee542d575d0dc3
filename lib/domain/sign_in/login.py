"""A login: what a client asks for, the rules for it, and what the browser keeps meanwhile."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self
from urllib.parse import urlencode, urlsplit

from lib.domain.sign_in.clients import SCOPES, AppClient, Scope

type LoginFault = Literal[
    "invalid_request",
    "unsupported_response_type",
    "invalid_scope",
    "login_required",
    "access_denied",
    "unmet_authentication_requirements",
    "temporarily_unavailable",
    "server_error",
]
"""The faults of a login by their names in RFC 6749, OpenID Connect and its later additions."""

TOO_YOUNG: Final = "1001"
BLOCKED: Final = "1002"
"""The codes by which IO's app explains a refused login."""
MOST_CHARACTERS: Final = 512
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS: Final = re.compile("[0-9]{1,9}")
_DEVICE_NAME: Final = 64


class LoginRefusedError(Exception):
    """The login is refused, and the client is told so at its address.

    `code`: IO's code of the reason; empty where IO has none.
    """

    def __init__(self, fault: LoginFault, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason
        self.code = code


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """The request of a client, as it stands in the address; an absent member is empty.

    `provider` and `device_name` are additions of this app.
    """

    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    scope: str = ""
    state: str = ""
    nonce: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    prompt: str = ""
    acr_values: str = ""
    max_age: str = ""
    provider: str = ""
    device_name: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """A login in progress, which only its browser keeps, in an encrypted cookie.

    `state`, `nonce` and `verifier` are those of the provider, `app_state` and `app_nonce` those of
    the client. `begun_at`: see ProviderRequest.
    """

    client_id: str
    redirect_uri: str
    scope: tuple[Scope, ...]
    app_state: str
    app_nonce: str
    challenge: str
    acr_values: tuple[str, ...]
    must_log_in: bool
    device_name: str
    provider: str = ""
    state: str = ""
    nonce: str = ""
    verifier: str = ""
    begun_at: int = 0

    def members(self) -> dict[str, Any]:
        """Return the login as JSON types."""
        return asdict(self)

    @classmethod
    def of(cls, members: dict[str, Any]) -> Self:
        """Return the login that `members` gave."""
        lists = {name: tuple(members[name]) for name in ("scope", "acr_values")}
        return cls(**{**{one.name: members[one.name] for one in fields(cls)}, **lists})


def checked(request: LoginRequest, client: AppClient, acr_values: tuple[str, ...]) -> Login:
    """Return the login for the request of a known client at one of its addresses.

    `acr_values`: the levels of assurance that this app accepts. Raise LoginRefusedError.
    """
    for name in ("state", "nonce"):
        if len(getattr(request, name)) > MOST_CHARACTERS:
            raise LoginRefusedError("invalid_request", f"{name} is too long")
    _check_response(request, client)
    prompts = request.prompt.split()
    if "none" in prompts:
        raise LoginRefusedError("login_required", "the citizen has to log in at a provider")
    if request.max_age and not _SECONDS.fullmatch(request.max_age):
        raise LoginRefusedError("invalid_request", "max_age must be a number of seconds")
    return Login(
        client_id=client.id,
        redirect_uri=request.redirect_uri,
        scope=_scope(request.scope, client),
        app_state=request.state,
        app_nonce=request.nonce,
        challenge=request.code_challenge,
        acr_values=_levels(request.acr_values, acr_values),
        # a new login satisfies each max_age
        must_log_in="login" in prompts or bool(request.max_age),
        device_name=_device_name(request.device_name) or client.name,
    )


def address_with(uri: str, parameters: dict[str, str]) -> str:
    """Return the address with more parameters in its query; empty ones are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    separator = "&" if urlsplit(uri).query else "?"
    return f"{uri}{separator}{query}" if query else uri


def _check_response(request: LoginRequest, client: AppClient) -> None:
    """Check that an app proves later that it asked, and that a page of this origin gets no code."""
    wanted = "code" if client.kind == "native" else "none"
    if request.response_type != wanted:
        raise LoginRefusedError(
            "unsupported_response_type", f"response_type must be {wanted} for this client"
        )
    if wanted == "none":
        return
    if request.code_challenge_method != "S256":
        raise LoginRefusedError("invalid_request", "code_challenge_method must be S256")
    if not _CHALLENGE.fullmatch(request.code_challenge):
        raise LoginRefusedError("invalid_request", "code_challenge must be a SHA-256 in base64url")


def _scope(text: str, client: AppClient) -> tuple[Scope, ...]:
    wanted = set(text.split()) or set(client.scopes)
    if not wanted <= set(client.scopes):
        raise LoginRefusedError("invalid_scope", "the client may not have one of the scopes")
    return tuple(one for one in SCOPES if one in wanted)


def _levels(text: str, accepted: tuple[str, ...]) -> tuple[str, ...]:
    wanted = text.split()
    levels = tuple(one for one in wanted if one in accepted)
    if wanted and not levels:
        raise LoginRefusedError("invalid_request", "acr_values must have a level that is accepted")
    return levels or accepted


def _device_name(text: str) -> str:
    return "".join(one for one in text if one.isprintable()).strip()[:_DEVICE_NAME]
