"""Telemetry has a request's route, and nothing that a caller put in its address."""

import re
from typing import Any
from urllib.parse import quote

import jwt
import pytest

from functions.declared import ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from infra.azure.declarations import DYNAMIC, HIDDEN, TEXT, known_url_regex, transformation
from lib.telemetry.masking import STARS, mask
from lib.telemetry.routes import BEGINNINGS, KEY_PARAMETER, key_regex, path_regex

CODE = "RSSMRA80A01H501U"
ENCODED = "".join(f"%{ord(one):02x}" for one in CODE)
WITH_PARAMETERS = [one for one in ENDPOINTS if "{" in one.path]
VALUES = [CODE, ENCODED, quote(ENCODED), "01234567890302000000000000184", "gAAAAABk-_x.y~z"]
TOLD = [
    "{}",
    "GET https://host{}?x=1 failed",
    '{{"url": "https://host{}"}}',
    '{{"told": "{{\\"url\\": \\"https:\\/\\/host{}\\"}}"}}',
]
"""Texts that have a path: alone, in a sentence, in JSON, in JSON inside JSON."""


def filled(endpoint: AnyEndpoint, value: str) -> str:
    """Return a path of the endpoint, with the value in each parameter."""
    return re.sub(r"{\w+}", lambda _: value, endpoint.path)


def test_every_route_with_parameters_is_known_to_the_masks() -> None:
    """A new one is added to lib.telemetry.routes."""
    assert {one.path.partition("{")[0] for one in WITH_PARAMETERS} == {
        f"/api/{one}/" for one in BEGINNINGS
    }


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("told", TOLD)
def test_no_parameter_passes(value: str, told: str) -> None:
    """Neither what the app tells, nor what the workspace stores of the host's telemetry."""
    paths = re.compile(path_regex())
    for endpoint in WITH_PARAMETERS:
        for path in (
            filled(endpoint, value),
            filled(endpoint, value).upper(),
            quote(filled(endpoint, value), safe="%"),
            filled(endpoint, value).replace("/", "\\/"),
        ):
            text = told.format(path)
            for safe in (mask(text), paths.sub(rf"\1{HIDDEN}", text)):
                assert value.casefold() not in safe.casefold(), safe
                assert STARS in safe or HIDDEN in safe


def test_a_route_s_template_is_told() -> None:
    """By it, operators find their way; a fixed word where others have a parameter is hidden."""
    words = ("/manage/services/topics", "/institutions/featured", "/services/featured")
    for endpoint in ENDPOINTS:
        path = endpoint.path
        if path.endswith(words):
            path = f"{path.rpartition('/')[0]}/{STARS}"
        assert mask(f"http.route={endpoint.path} x") == f"http.route={path} x"


def stored_url(url: str) -> str:
    """Do with an address what the transformation of AppRequests does after its masks."""
    bare = re.sub(r"(?s)[?#].*$", "", re.sub(path_regex(), rf"\1{HIDDEN}", url))
    known = not bare or re.search(known_url_regex(), bare)
    return bare if known else re.sub(r"(?s)^(https?://[^/?#]+)?.*$", rf"\1/{HIDDEN}", bare)


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("", ""),
        ("https://host", "https://host"),
        ("https://host/openapi.json", "https://host/openapi.json"),
        (f"https://host/api/v1/messages?x={CODE}", "https://host/api/v1/messages"),
        (f"https://host/api/v1/messages/{ENCODED}/01J", "https://host/api/v1/messages/HIDDEN"),
        (f"https://host/api/v1/%6Dessages/{ENCODED}", "https://host/HIDDEN"),
        (f"https://host//api/v1/{CODE}", "https://host/HIDDEN"),
        (f"https://host/{CODE}", "https://host/HIDDEN"),
        (f"https://host/api/v2/messages/{ENCODED}", "https://host/HIDDEN"),
        (f"/{CODE}\n/x", "/HIDDEN"),
    ],
)
def test_an_address_is_stored_as_its_route_or_not_at_all(url: str, stored: str) -> None:
    """Fail closed: a path that is no route's may be anything."""
    assert stored_url(url) == stored


@pytest.mark.parametrize("table", TEXT)
def test_the_workspace_masks_paths_in_every_text(table: str) -> None:
    """In the columns where it masks fiscal codes; and the language can read the regular forms."""
    kql = transformation(table)
    columns: set[Any] = {*TEXT[table], *DYNAMIC[table]}

    assert kql.count(path_regex()) == kql.count(key_regex()) == len(columns)
    assert all('"' not in literal for literal in re.findall(r'@"([^"]*)"', kql))
    assert kql.count('"') % 2 == 0
    assert len(kql) < 15_000
    assert (known_url_regex() in kql) == (table == "AppRequests")


KEY = "pI7-secret_of.a~sender"
NAMES = (
    KEY_PARAMETER,
    KEY_PARAMETER.title(),
    KEY_PARAMETER.replace("-", "%2D"),
    "".join(f"%{ord(one):02x}" for one in KEY_PARAMETER),
    "".join(f"%25{ord(one):02X}" for one in KEY_PARAMETER.upper()),
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "GET https://host/api/v1/messages?{name}={key} failed",
        "https://host/status?x=1&{name}={key}&y=2",
        "https://host/%3F{name}%3D{key}",
        '{{"url.query": "?{name}={key}", "x": 1}}',
        '{{"text": "{{\\"{name}\\": \\"{key}\\"}}"}}',
        "Ocp-Apim-{name}: {key}",
    ],
)
def test_no_key_passes(name: str, text: str) -> None:
    """A key in the query is in no text of the app, and in none that the workspace stores."""
    written = text.format(name=name, key=KEY)
    for safe in (mask(written), re.sub(key_regex(), rf"\1{HIDDEN}", written)):
        assert KEY not in safe, safe
        assert STARS in safe or HIDDEN in safe
    assert KEY not in stored_url(written) or not written.startswith("https")


def test_the_mask_of_keys_leaves_other_parameters() -> None:
    """Operators still see what else a query has."""
    text = f"https://host/status?x=1&{KEY_PARAMETER}={KEY}&y=2"
    assert mask(text) == f"https://host/status?x=1&{KEY_PARAMETER}={STARS}&y=2"


TOKEN = jwt.encode({"fiscal_number": f"TINIT-{CODE}"}, "k" * 32, "HS256")


@pytest.mark.parametrize(
    "text",
    [
        "GET https://host/api/auth/v1/end-session?id_token_hint={token}&state=s failed",
        "https://host/api/auth/v1/end-session?id%5Ftoken_hint%3D{token}",
        "Authorization: Bearer {token}",
        '{{"form": "actor_token={token}"}}',
        "{token}",
    ],
)
def test_no_token_passes(text: str) -> None:
    """A token has the data of its citizen, and opens the inbox."""
    written = text.format(token=TOKEN)
    for safe in (mask(written), re.sub(key_regex(), rf"\1{HIDDEN}", written)):
        assert TOKEN.split(".")[1] not in safe, safe
        assert STARS in safe or HIDDEN in safe
