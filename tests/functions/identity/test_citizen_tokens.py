"""Whose token is taken and whose is not."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.sandbox.seed import CITIZEN
from tests.builders.settings import AUDIENCE, ISSUER, settings_for
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
NOW = int(START.timestamp())
ADULT = "RSSMRA80A01H501U"


async def with_header(stack: Stack, authorization: str | None) -> Reply:
    """List the inbox with this Authorization header."""
    headers = {} if authorization is None else {"authorization": authorization}
    return await stack.call("list_inbox", headers=headers, key=None)


def signed(stack: Stack, claims: dict[str, Any], **options: Any) -> str:
    """Sign claims with the sandbox's own key."""
    kid = stack.tokens.jwk["kid"]
    return jwt.encode(claims, stack.tokens.key, "ES256", headers={"kid": kid, **options})


async def test_a_good_token_opens_the_inbox(stack: Stack) -> None:
    """The scheme's case does not matter."""
    token = signed(stack, CLAIMS)

    assert (await with_header(stack, f"Bearer {token}")).status == 200
    assert (await with_header(stack, f"bearer {token}")).status == 200


@pytest.mark.parametrize("header", [None, "", "Basic abc", "Bearer", "Bearer "])
async def test_no_token_is_refused(stack: Stack, header: str | None) -> None:
    """401 with a plain challenge."""
    reply = await with_header(stack, header)

    assert (
        reply.status,
        reply.body["title"],
        reply.headers["WWW-Authenticate"],
    ) == (401, "Unauthorized", "Bearer")


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
    """401 that says which claim, without quoting it."""
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
    """401, and no fault: JSON outside knows numbers that no clock does."""
    token = resigned(stack, {**CLAIMS, claim: value})

    reply = await with_header(stack, f"Bearer {token}")

    assert (reply.status, reply.body["title"]) == (401, "Unauthorized")
    assert f"{claim} is not a time" in reply.body["detail"]


def resigned(stack: Stack, claims: dict[str, Any]) -> str:
    """Sign claims that the library does not let us write."""
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
    """From when it was issued, else from now."""
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
async def test_level_two_is_needed(stack: Stack, acr: Any, status: int) -> None:
    """401 that says which levels are enough (RFC 9470), so that the app logs in anew."""
    claims = {name: value for name, value in {**CLAIMS, "acr": acr}.items() if value is not None}

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == status
    if status == 401:
        challenge = reply.headers["WWW-Authenticate"]
        assert 'error="insufficient_user_authentication"' in challenge
        assert 'acr_values="https://www.spid.gov.it/SpidL2 https://www.spid' in challenge


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"typ": "JWT"}, 200),
        ({"typ": "at+jwt"}, 200),
        ({"typ": "application/at+JWT"}, 200),
        ({"typ": None}, 200),
        ({"typ": "logout+jwt"}, 401),
        ({"typ": "dpop+jwt"}, 401),
        ({"typ": "secevent+jwt"}, 401),
        ({"typ": 1}, 401),
        ({"typ": "JWT", "crit": ["exp"]}, 401),
    ],
)
async def test_a_token_of_another_type_is_refused(
    stack: Stack, headers: dict[str, Any], status: int
) -> None:
    """What the same provider signs for other purposes opens nothing."""
    assert (await with_header(stack, f"Bearer {signed(stack, CLAIMS, **headers)}")).status == status


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"scope": "inbox"}, 200),
        ({"scope": "openid inbox"}, 200),
        ({"scp": ["openid", "inbox"]}, 200),
        ({"scope": "inboxes"}, 403),
        ({"scope": 1, "scp": [1]}, 403),
        ({}, 403),
    ],
)
async def test_a_scope_is_asked_for_where_one_is_set(
    tmp_path: Path, claims: dict[str, Any], status: int
) -> None:
    """403 that names it."""
    settings = settings_for(tmp_path, citizen_token_scope="inbox")
    stack = await Stack(tmp_path, settings=settings).start()

    reply = await with_header(stack, f"Bearer {signed(stack, {**CLAIMS, **claims})}")

    assert reply.status == status
    if status == 403:
        challenge = 'Bearer error="insufficient_scope", scope="inbox"'
        assert reply.headers["WWW-Authenticate"] == challenge
    await stack.app.close()


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
    """As text, in ASCII of either case; where there are several, they are the same."""
    claims = {name: value for name, value in CLAIMS.items() if name != "fiscal_number"}

    reply = await with_header(stack, f"Bearer {signed(stack, {**claims, **changes})}")

    assert reply.status == status


async def test_claims_may_have_names_of_one_s_own(tmp_path: Path) -> None:
    """All four of them; the first that is there counts."""
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


async def test_the_name_is_what_spid_and_cie_call_it(stack: Stack) -> None:
    """OpenID Connect's own `name` is the whole one."""
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


@pytest.mark.parametrize(
    ("fiscal_code", "born", "status"),
    [
        ("RSSMRA80A01H501U", None, 200),
        ("RSSMRA80A01H501U", "2012-11-24", 403),
        ("RSSMRA80A01H501U", "2012-11-23", 200),
        ("RSSMRA80A01H501U", "2030-01-01", 401),
        ("RSSMRA12S24H501U", None, 403),
        ("RSSMRA12S23H501U", None, 200),
        ("RSSMRA12S64H501U", None, 403),
        ("RSSMRA12S63H501U", None, 200),
        ("RSSMRAMNS24H501U", None, 403),  # M and N stand for 1 and 2
        ("RSSMRAMNSNQH501U", None, 403),
        ("RSSMRAMNSNPH501U", None, 200),
        ("RSSMRA25A01H501U", None, 403),
        ("RSSMRA25A01H501U", "1925-01-01", 200),
        ("RSSMRA25A01H501U", "1925", 403),
        ("RSSMRA25A01H501U", 19250101, 403),
        ("RSSMRA25A01H501U", "1925-13-01", 403),
        ("AAAAAA00A00A000A", None, 401),
    ],
)
async def test_who_is_under_14_is_refused(
    stack: Stack, fiscal_code: str, born: Any, status: int
) -> None:
    """By the date of birth where it is told, else by the fiscal code at its youngest."""
    claims: dict[str, Any] = {**CLAIMS, "fiscal_number": f"TINIT-{fiscal_code}", "birthdate": born}
    if born is None:
        del claims["birthdate"]

    reply = await with_header(stack, f"Bearer {signed(stack, claims)}")

    assert reply.status == status, reply.body
    assert fiscal_code not in str(reply.body)
    if status == 403:
        assert "14" in reply.body["detail"]


async def test_a_date_of_birth_is_held_against_the_day_in_rome(stack: Stack) -> None:
    """A birthday begins there an hour or two before it does in UTC."""
    stack.clock.moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    claims = {**CLAIMS, "birthdate": "2012-11-24", "exp": stack.clock.moment.timestamp() + 60}

    assert (await with_header(stack, f"Bearer {signed(stack, claims)}")).status == 200


async def test_no_age_is_looked_at_where_none_is_asked_for(tmp_path: Path) -> None:
    """CITIZEN_MINIMUM_AGE 0."""
    stack = await Stack(tmp_path, settings=settings_for(tmp_path, citizen_minimum_age=0)).start()
    claims = {**CLAIMS, "birthdate": "2020-01-01"}

    assert (await with_header(stack, f"Bearer {signed(stack, claims)}")).status == 200
    await stack.app.close()


async def test_another_key_s_signature_is_refused(stack: Stack) -> None:
    """The key id alone proves nothing."""
    forged = jwt.encode(
        CLAIMS,
        ec.generate_private_key(ec.SECP256R1()),
        "ES256",
        headers={"kid": stack.tokens.jwk["kid"]},
    )

    assert "signature" in (await with_header(stack, f"Bearer {forged}")).body["detail"]


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_weak_algorithms_are_refused(stack: Stack, algorithm: str) -> None:
    """Neither unsigned nor signed with the public key as a secret."""
    secret = stack.tokens.jwk["x"] * 2 if algorithm == "HS256" else ""
    token = jwt.encode(CLAIMS, secret, algorithm, headers={"kid": stack.tokens.jwk["kid"]})

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_an_unknown_key_is_refused(stack: Stack) -> None:
    """401, also while the key set cannot be fetched again so soon."""
    token = signed(stack, CLAIMS, kid="another")

    for _ in range(2):
        assert "key is unknown" in (await with_header(stack, f"Bearer {token}")).body["detail"]


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 9000, "e30.e30.e30"])
async def test_rubbish_is_refused(stack: Stack, token: str) -> None:
    """401, not a fault."""
    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_token_dies_with_its_time_however_often_it_was_used(stack: Stack) -> None:
    """Remembered tokens expire too, by the app's clock."""
    token = signed(stack, CLAIMS)
    assert (await with_header(stack, f"Bearer {token}")).status == 200

    stack.clock.advance(timedelta(seconds=631))

    assert (await with_header(stack, f"Bearer {token}")).status == 401


async def test_a_key_set_that_cannot_be_had_answers_503(tmp_path: Path) -> None:
    """The citizen is told to come again, not that the token is wrong."""
    stack = await Stack(tmp_path).start()
    (tmp_path / "citizen-jwks.json").unlink()

    reply = await with_header(stack, f"Bearer {signed(stack, CLAIMS)}")

    assert reply.status == 503
    assert "Retry-After" in reply.headers
    await stack.app.close()
