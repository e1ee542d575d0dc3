"""Citizens' tokens to vary."""

from typing import Any

import jwt

from infra.local.sandbox.seed import CITIZEN
from tests.builders.settings import AUDIENCE, ISSUER
from tests.doubles.clock import START
from tests.stack import Reply, Stack

CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "someone",
    "fiscal_number": f"TINIT-{CITIZEN}",
    "birthdate": "1980-01-01",
    "acr": "https://www.spid.gov.it/SpidL2",
    "exp": START.timestamp() + 600,
}


async def with_header(stack: Stack, authorization: str | None) -> Reply:
    """List the inbox with this Authorization header."""
    headers = {} if authorization is None else {"authorization": authorization}
    return await stack.call("list_inbox", headers=headers, key=None)


def signed(stack: Stack, claims: dict[str, Any], **options: Any) -> str:
    """Sign claims with the sandbox's own key."""
    kid = stack.tokens.jwk["kid"]
    return jwt.encode(claims, stack.tokens.key, "ES256", headers={"kid": kid, **options})
