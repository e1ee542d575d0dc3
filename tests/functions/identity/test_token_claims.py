"""A token's claims say who the citizen is, for how long, and how well that was checked."""

import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.settings import settings_for
from tests.doubles.clock import START
from tests.functions.identity.citizen_tokens import CLAIMS, signed, with_header
from tests.stack import Stack

NOW = int(START.timestamp())


ADULT = "RSSMRA80A01H501U"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elsewhere.example"}, "from another issuer"),
        ({"aud": "another-app"}, "for another audience"),
        ({"exp": START.timestamp() - 31}, "has expired"),
        ({"exp": None}, "has no exp"),
        ({"exp": "soon"}, "exp is not a time"),
        ({"nbf": START.timestamp() + 31}, "not valid yet"),
        ({"fiscal_number": None}, "has no fiscal_number"),
        ({"fiscal_number": CITIZEN}, "is not TINIT- and a fiscal code"),
        ({"fiscal_number": "TINIT-X"}, "is not TINIT- and a fiscal code"),
    ],
)
async def test_claims_are_checked(stack: Stack, changes: dict[str, Any], reason: str) -> None:
    """A wrong claim gets 401 with its name, without its value."""
    claims = {name: value for name, value in {**CLAIMS, **changes}.items() if value is not None}

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == 401
    assert reason in reply.body["detail"]
    assert CITIZEN not in str(reply.body)
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"]


NO_TIMES: dict[str, Any] = {
    "10^400": 10**400,
    "-10^400": -(10**400),
    "1e400": 1e400,
    "-1": -1,
    "10^12": 10**12,
    "NaN": float("nan"),
    "-Infinity": -float("inf"),
    "true": True,
    "text": "1",
    "list": [],
    "object": {},
}


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", NO_TIMES.values(), ids=NO_TIMES)
async def test_a_time_that_is_no_finite_number_is_refused(
    stack: Stack, claim: str, value: Any
) -> None:
    """A time that is no finite number gets 401, and causes no fault."""
    token = resigned(stack, {**CLAIMS, claim: value})

    reply = await with_header(stack, f"Bearer {token}")

    assert (reply.status, reply.body["title"]) == (401, "Unauthorized")
    assert f"{claim} is not a time" in reply.body["detail"]


def resigned(stack: Stack, claims: dict[str, Any]) -> str:
    """Sign claims that the library for tokens refuses to encode."""
    return jwt.api_jws.encode(
        json.dumps(claims).encode(),
        stack.tokens.key,
        "ES256",
        headers={"kid": stack.tokens.jwk["kid"]},
    )


DAY = 86_400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"exp": NOW + DAY}, 200),
        ({"exp": NOW + DAY + 31}, 401),
        ({"exp": NOW + 100 * 365 * DAY}, 401),
        ({"iat": NOW - DAY, "exp": NOW + 60}, 401),
        ({"iat": NOW - DAY + 60, "exp": NOW + 60}, 200),
        ({"iat": NOW + 20, "exp": NOW + DAY + 20}, 200),
        ({"iat": NOW + 31}, 401),
        ({"iat": 0}, 401),
    ],
)
async def test_a_token_has_a_greatest_lifetime(
    stack: Stack, changes: dict[str, Any], status: int
) -> None:
    """A token that lives longer than a day from its issue, or from now, gets 401."""
    assert (await with_header(stack, f"Bearer {signed(stack, {**CLAIMS, **changes})}")).status == (
        status
    )


@pytest.mark.parametrize(
    ("acr", "status"),
    [
        ("https://www.spid.gov.it/SpidL2", 200),
        ("https://www.spid.gov.it/SpidL3", 200),
        ("CIE_L3", 200),
        ("https://www.spid.gov.it/SpidL1", 401),
        ("CIE_L1", 401),
        ("0", 401),
        ("", 401),
        (None, 401),
        (2, 401),
        (["https://www.spid.gov.it/SpidL2"], 401),
    ],
)
async def test_a_token_needs_level_two(stack: Stack, acr: Any, status: int) -> None:
    """A token of a lower level gets 401 with the levels that are enough (RFC 9470)."""
    claims = {name: value for name, value in {**CLAIMS, "acr": acr}.items() if value is not None}

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == status
    if status == 401:
        challenge = reply.headers["WWW-Authenticate"]
        assert 'error="insufficient_user_authentication"' in challenge
        assert 'acr_values="https://www.spid.gov.it/SpidL2 https://www.spid' in challenge


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"https://attributes.eid.gov.it/fiscal_number": f"TINIT-{CITIZEN}"}, 200),
        ({"https://attributes.spid.gov.it/fiscalNumber": f"tinit-{CITIZEN.lower()}"}, 200),
        ({"fiscal_number": f"TINIT-{CITIZEN}"}, 200),
        ({"cf": f"TINIT-{CITIZEN}"}, 401),
        (
            {
                "fiscal_number": f"TINIT-{CITIZEN}",
                "https://attributes.eid.gov.it/fiscal_number": f"TINIT-{ADULT}",
            },
            401,
        ),
        ({"fiscal_number": f"TINIT-{CITIZEN.replace('A', '\xaa', 1)}"}, 401),
        ({"fiscal_number": f"TINIT-{ADULT.replace('S', '\u017f')}"}, 401),
        ({"fiscal_number": f"T\u0131NIT-{ADULT}"}, 401),
        ({"fiscal_number": f"TINIT-{ADULT.replace('80', '\uff18\uff10')}"}, 401),
        ({"fiscal_number": [f"TINIT-{CITIZEN}"]}, 401),
        ({"fiscal_number": {"value": f"TINIT-{CITIZEN}"}}, 401),
    ],
)
async def test_the_fiscal_code_is_found_under_the_names_of_spid_and_cie(
    stack: Stack, changes: dict[str, Any], status: int
) -> None:
    """The fiscal code is ASCII text in either case; several claims must agree."""
    claims = {name: value for name, value in CLAIMS.items() if name != "fiscal_number"}

    reply = await with_header(stack, f"Bearer {signed(stack, {**claims, **changes})}")

    assert reply.status == status


async def test_the_settings_may_name_the_claims(tmp_path: Path) -> None:
    """The settings name four claims, and the first one that is there counts."""
    settings = settings_for(
        tmp_path,
        citizen_token_fiscal_code_claims="cf, codice_fiscale",
        citizen_token_name_claims="nome_proprio",
        citizen_token_family_name_claims="cognome,family_name",
        citizen_token_birth_date_claims="nato",
    )
    stack = await Stack(tmp_path, settings=settings).start()
    claims = {
        **{name: value for name, value in CLAIMS.items() if name != "birthdate"},
        "codice_fiscale": f"TINIT-{ADULT}",
        "nome_proprio": "Mario",
        "cognome": "Rossi",
        "nato": "1980-01-01",
    }
    headers = {"authorization": f"Bearer {signed(stack, claims)}"}

    reply = await stack.call("read_profile", headers=headers, key=None)

    assert (reply.body["name"], reply.body["family_name"]) == ("Mario", "Rossi")
    await stack.app.close()


async def test_the_name_is_the_given_name(stack: Stack) -> None:
    """The name is the given name, as in SPID and CIE, not the whole name."""
    claims = {
        **CLAIMS,
        "fiscal_number": f"TINIT-{ADULT}",
        "given_name": "Mario",
        "name": "Mario Rossi",
        "family_name": "Rossi",
    }
    headers = {"authorization": f"Bearer {signed(stack, claims)}"}

    reply = await stack.call("read_profile", headers=headers, key=None)

    assert (reply.body["name"], reply.body["family_name"]) == ("Mario", "Rossi")
