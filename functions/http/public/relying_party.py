"""Endpoints that tell identity providers and their federation about this installation."""

from typing import Annotated, Any, Final

from functions.http.contract.answers import EntityStatement, StoredJson
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from lib.domain.identity.errors import NotARelyingPartyError
from lib.domain.shared.described import says
from lib.domain.shared.model import Model

_CACHED: Final = {"Cache-Control": "public, max-age=300"}


class RelyingPartyKeys(Model):
    """A JSON Web Key Set (RFC 7517)."""

    keys: Annotated[
        list[dict[str, Any]],
        says(
            "The public keys: those that verify requests (`use` sig), and those with which "
            "providers encrypt for this installation (`use` enc)."
        ),
    ]


async def _list_keys(call: Call[None, None, None]) -> Answer:
    found = call.app.identity.publish_relying_party.key_set()
    return Answer(200, StoredJson(found), headers=_CACHED)


async def _read_configuration(call: Call[None, None, None]) -> Answer:
    found = call.app.identity.publish_relying_party.entity_configuration()
    return Answer(200, EntityStatement(found), headers=_CACHED)


list_relying_party_keys = Endpoint(
    name="list_relying_party_keys",
    method="GET",
    path="/api/auth/v1/relying-party/jwks",
    summary="List the keys of this relying party",
    description=(
        "An identity provider (SPID, CIE) at which citizens log in verifies requests with these "
        "keys, and encrypts with them what it tells about a citizen. An answer may be kept for "
        "five minutes."
    ),
    tag="public",
    policy=Everybody(),
    handler=_list_keys,
    answers={200: RelyingPartyKeys},
    refusals=(NotARelyingPartyError,),
)
read_entity_configuration = Endpoint(
    name="read_entity_configuration",
    method="GET",
    path="/.well-known/openid-federation",
    summary="Read the entity configuration",
    description=(
        "A signed JWT with the keys, the metadata and the trust marks of this relying party, as "
        "the federations of SPID and CIE ask for it (OpenID Federation). It is valid for two days, "
        "and an answer may be kept for five minutes."
    ),
    tag="public",
    policy=Everybody(),
    handler=_read_configuration,
    answers={200: EntityStatement.media_type},
    refusals=(NotARelyingPartyError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_relying_party_keys, read_entity_configuration)
