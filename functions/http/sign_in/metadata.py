"""Endpoints from which clients learn how to log in: the addresses, and the keys of tokens."""

from typing import Annotated, Any, Final

from functions.http.contract.answers import StoredJson
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.sign_in.browsers import Browser, Browsers
from functions.http.sign_in.tokens import EXCHANGE, REVOKE_PATH, TOKEN_PATH
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.sign_in.clients import SCOPES
from lib.domain.sign_in.rules import BASE
from lib.domain.sign_in.signing_keys import ALGORITHM

JWKS_PATH: Final = f"{BASE}/jwks"
END_SESSION_PATH: Final = f"{BASE}/end-session"
_CACHED: Final = {"Cache-Control": "public, max-age=300"}
_Texts = list[str]


class SigningKeySet(Model):
    """A JSON Web Key Set (RFC 7517)."""

    keys: Annotated[
        list[dict[str, str]],
        says(
            "The public keys of tokens: the one that signs now, the next one, and the one before "
            "while its tokens are accepted. `kid` is the thumbprint of the key (RFC 7638)."
        ),
    ]


class ServerMetadata(Model):
    """The metadata of an authorization server (RFC 8414) and of an OpenID provider."""

    issuer: Annotated[str, says("The issuer of the tokens, as `iss` names it.")]
    authorization_endpoint: Annotated[str, says("The address at which a login begins.")]
    token_endpoint: Annotated[str, says("The address at which an app gets tokens.")]
    revocation_endpoint: Annotated[str, says("The address at which an app gives tokens back.")]
    end_session_endpoint: Annotated[
        str, says("The address to which an app sends a browser to log out.")
    ]
    jwks_uri: Annotated[str, says("The address of the keys that verify tokens.")]
    scopes_supported: Annotated[_Texts, says("The scopes that an app may ask for.")]
    claims_supported: Annotated[_Texts, says("The claims that an ID token may have.")]
    acr_values_supported: Annotated[_Texts, says("The levels of assurance that are accepted.")]
    response_types_supported: Annotated[_Texts, says("The response types, for apps and for pages.")]
    response_modes_supported: Annotated[_Texts, says("How the answer of a login comes to the app.")]
    grant_types_supported: Annotated[_Texts, says("The grants for which an app gets tokens.")]
    code_challenge_methods_supported: Annotated[
        _Texts, says("The methods of PKCE that are accepted.")
    ]
    token_endpoint_auth_methods_supported: Annotated[
        _Texts, says("How an app authenticates: it has no secret.")
    ]
    revocation_endpoint_auth_methods_supported: Annotated[
        _Texts, says("How an app authenticates when it gives a token back.")
    ]
    subject_types_supported: Annotated[
        _Texts, says("How `sub` names a citizen: by one name for all apps.")
    ]
    id_token_signing_alg_values_supported: Annotated[
        _Texts, says("The algorithms by which ID tokens are signed.")
    ]
    prompt_values_supported: Annotated[_Texts, says("The values of `prompt` that have an effect.")]
    ui_locales_supported: Annotated[_Texts, says("The languages of the pages of a login.")]
    authorization_response_iss_parameter_supported: Annotated[
        bool, says("Whether the answer to an app names the issuer (RFC 9207).")
    ]
    request_parameter_supported: Annotated[bool, says("Whether a login may be asked for by JWT.")]
    request_uri_parameter_supported: Annotated[
        bool, says("Whether a login may be asked for by the address of a JWT.")
    ]


async def _describe(call: Call[Browser, None, None]) -> Answer:
    rules = call.app.sign_in.rules
    members: dict[str, Any] = {
        "issuer": rules.issuer,
        "authorization_endpoint": f"{rules.issuer}{BASE}/authorize",
        "token_endpoint": f"{rules.issuer}{TOKEN_PATH}",
        "revocation_endpoint": f"{rules.issuer}{REVOKE_PATH}",
        "end_session_endpoint": f"{rules.issuer}{END_SESSION_PATH}",
        "jwks_uri": f"{rules.issuer}{JWKS_PATH}",
        "scopes_supported": list(SCOPES),
        "claims_supported": [
            *("iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "nonce", "at_hash", "sid"),
            *("fiscal_number", "given_name", "family_name", "birthdate", "email"),
        ],
        "acr_values_supported": list(rules.acr_values),
        "response_types_supported": ["code", "none"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", EXCHANGE],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "prompt_values_supported": ["login"],
        "ui_locales_supported": ["it", "en"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    return Answer(200, StoredJson(members), headers=_CACHED)


async def _list_keys(call: Call[Browser, None, None]) -> Answer:
    keys = [key.jwk for key in call.app.sign_in.keys.all.values()]
    return Answer(200, StoredJson({"keys": keys}), headers=_CACHED)


def _metadata(name: str, path: str, summary: str) -> Endpoint[Browser, None, None]:
    return Endpoint(
        name=name,
        method="GET",
        path=path,
        summary=summary,
        description="An answer may be kept for five minutes.",
        tag="login",
        policy=Browsers(),
        handler=_describe,
        answers={200: ServerMetadata},
    )


read_authorization_server = _metadata(
    "read_authorization_server",
    "/.well-known/oauth-authorization-server",
    "Read how an app logs citizens in",
)
read_openid_provider = _metadata(
    "read_openid_provider",
    "/.well-known/openid-configuration",
    "Read how a client of OpenID Connect logs citizens in",
)
list_signing_keys = Endpoint[Browser, None, None](
    name="list_signing_keys",
    method="GET",
    path=JWKS_PATH,
    summary="List the keys that verify tokens",
    description="An answer may be kept for five minutes. Ask again for a token of another key.",
    tag="login",
    policy=Browsers(),
    handler=_list_keys,
    answers={200: SigningKeySet},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    read_authorization_server,
    read_openid_provider,
    list_signing_keys,
)
