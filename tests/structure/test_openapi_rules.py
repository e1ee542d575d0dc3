"""Each audience's OpenAPI document keeps the rules by which the national catalogue admits an API.

A failure names the place in the document and the rule. Most places are made right by the builder
(functions/http/openapi); where an endpoint must be changed, the rule says how.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.declared import ENDPOINTS
from functions.http.contract.call import FileBody
from functions.http.openapi.audiences import TAGS, Audience
from functions.http.openapi.bounds import MOST_BYTES, bounded
from tests.openapi import checked_in

type Place = tuple[str, Any]
type Rule = Callable[[Any], Iterator[str]]

READS = {"GET", "HEAD", "DELETE"}
LIMITS = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
NO_SCHEMAS = {"example", "examples", "default", "enum", "const"}


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield f"{method.upper()} {path}", method.upper(), operation


def _schemas(node: Any, place: str = "") -> Iterator[Place]:
    """Yield each schema with a type below a part of a document."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            yield from _schemas(one, f"{place}/{number}")
    if not isinstance(node, dict):
        return
    if isinstance(node.get("type"), str):
        yield place, node
    for name, child in node.items():
        if name == "properties":
            for field, schema in child.items():
                yield from _schemas(schema, f"{place}.{field}")
        elif name not in NO_SCHEMAS:
            yield from _schemas(child, f"{place}/{name}")


def the_catalogue_knows_the_api(document: Any) -> Iterator[str]:
    """Require id, summary, terms, contact, and a version of three numbers."""
    info = document["info"]
    for name in ("title", "summary", "x-summary", "x-api-id", "termsOfService", "description"):
        if not info.get(name):
            yield f"info.{name} is missing"
    if not info["contact"].keys() >= {"name", "url", "email"}:
        yield "info.contact has no name, url or email"
    if not re.fullmatch(r"\d+\.\d+\.\d+", info["version"]):
        yield "info.version has not three numbers"


def servers_use_https(document: Any) -> Iterator[str]:
    """Require a description of each server, and https unless the server is a sandbox."""
    for server in document["servers"] or ({"url": "(none)"},):
        if not server.get("description"):
            yield f"{server['url']} has no description"
        if not server.get("x-sandbox") and not server["url"].startswith("https://"):
            yield f"{server['url']} is neither https nor a sandbox"


def the_state_can_be_asked(document: Any) -> Iterator[str]:
    """Require that GET /status is answered 200 with JSON, and 503 with a problem."""
    answers = document["paths"].get("/status", {}).get("get", {}).get("responses", {})
    if "application/json" not in answers.get("200", {}).get("content", {}):
        yield "GET /status has no answer 200 in JSON"
    if "application/problem+json" not in answers.get("503", {}).get("content", {}):
        yield "GET /status has no answer 503 with a problem"


def paths_have_small_letters(document: Any) -> Iterator[str]:
    """Require paths of small letters, digits and hyphens, beside their parameters."""
    for path in document["paths"]:
        if not re.fullmatch(r"(/[a-z0-9.-]+|/{\w+}|/[a-z0-9-]+{\w+})+", path):
            yield f"{path}: write the path in small letters with hyphens"


def operations_are_described(document: Any) -> Iterator[str]:
    """Require a description of each operation: the `description` of its Endpoint."""
    for place, _, operation in _operations(document):
        if not operation.get("description"):
            yield f"{place}: give the Endpoint of {operation['operationId']} a description"


def bodies_fit_their_methods(document: Any) -> Iterator[str]:
    """Refuse a body of GET, DELETE or an answer 204, and plain JSON as the body of PATCH."""
    for place, method, operation in _operations(document):
        body = operation.get("requestBody")
        if method in READS and body:
            yield f"{place}: no body with {method}"
        if method == "PATCH" and (not body or not body["required"]):
            yield f"{place}: PATCH needs a body"
        if method == "PATCH" and body and "application/json" in body["content"]:
            yield f"{place}: PATCH needs a media type of its own"
        for status in {"204", "205"} & operation["responses"].keys():
            if "content" in operation["responses"][status]:
                yield f"{place}: the answer {status} has no body"


PAGES = {"links", "login"}
"""The tags of the operations that a browser opens, and of those by which an app gets tokens."""


def refusals_are_problems(document: Any) -> Iterator[str]:
    """Require a problem in each answer 4xx and 5xx, but for pages and tokens (`x-noqa`)."""
    for place, _, operation in _operations(document):
        for status, answer in operation["responses"].items():
            is_page = answer.get("x-noqa") and PAGES.intersection(operation["tags"])
            if status >= "400" and not is_page:
                for media_type in answer.get("content", {"nothing": None}):
                    if media_type != "application/problem+json":
                        yield f"{place} {status}: {media_type} is no problem"


def answers_tell_their_limits(document: Any) -> Iterator[str]:
    """Require all headers of the rate limit in 2xx and 4xx, and Retry-After in 429 and 503."""
    for place, _, operation in _operations(document):
        for status, answer in operation["responses"].items():
            names = answer.get("headers", {}).keys()
            if status[0] in "24" and not names >= LIMITS:
                yield f"{place} {status}: the headers RateLimit-* are missing"
            if status in {"429", "503"} and "Retry-After" not in names:
                yield f"{place} {status}: the header Retry-After is missing"
            if any(name.lower().startswith("x-") for name in names):
                yield f"{place} {status}: a header starts with X-"


def parameters_are_no_secrets(document: Any) -> Iterator[str]:
    """Refuse secrets in addresses, and headers that OpenAPI describes in other ways."""
    for place, _, operation in _operations(document):
        for parameter in operation["parameters"]:
            name, where = parameter["name"], parameter["in"]
            if where in {"query", "path"} and re.search(
                "password|secret|api_?key", name, re.IGNORECASE
            ):
                yield f"{place}: {name} is a secret in the address"
            if where == "header" and name.lower() in {"accept", "authorization", "content-type"}:
                yield f"{place}: {name} is described by a security scheme or a media type"
            if where == "header" and not re.fullmatch(
                r"[A-Z][a-zA-Z0-9]*(-[A-Z][a-zA-Z0-9]*)*", name
            ):
                yield f"{place}: write {name} as Train-Case"
    for name, scheme in document["components"]["securitySchemes"].items():
        # the cookie of a session is no key: scripts cannot read it
        if scheme["type"] == "apiKey" and scheme["in"] != "header" and name != "CitizenCookie":
            yield f"{name}: a key belongs into a header"
        if scheme.get("bearerFormat") == "JWT" and "RFC8725" not in scheme["description"]:
            yield f"{name}: say that the token is checked as RFC8725 asks"


APPLICATIONS = {"apply_organization", "confirm_organization"}
"""The operations of organisations that have no key yet; the digital domicile has the code."""
TOKENS = {"exchange_token", "revoke_token", "hold_key"}
"""An app or a page authenticates by what it sends: a code, a verifier, a token, a key."""
OWN_COOKIES = {"forget_key", "forget_keys"}
"""They change nothing but the cookies of the browser that calls."""


def changes_need_a_caller(document: Any) -> Iterator[str]:
    """Require the security of each operation; links and applications change without a caller."""
    for place, method, operation in _operations(document):
        if not operation["security"]:
            yield f"{place}: names no security, not even an empty one"
        is_open = "links" in operation["tags"] or operation["operationId"] in (
            APPLICATIONS | TOKENS | OWN_COOKIES
        )
        if {} in operation["security"] and method != "GET" and not is_open:
            yield f"{place}: everybody may change something"


def values_have_bounds(document: Any) -> Iterator[str]:
    """Require format and bounds of numbers, and a largest length of strings and arrays."""
    for place, schema in _schemas({"paths": document["paths"], **document["components"]}):
        needed: dict[str, set[str]] = {
            "integer": {"format", "minimum", "maximum"},
            "number": {"format", "minimum", "maximum"},
            "array": {"minItems", "maxItems"},
        }
        names = schema.keys()
        missing = needed.get(schema["type"], set()) - names
        if schema["type"] == "string" and not names & {"enum", "format", "maxLength"}:
            missing = {"maxLength"}
        if missing:
            yield f"{place}: {', '.join(sorted(missing))} missing"


RULES: tuple[Rule, ...] = (
    the_catalogue_knows_the_api,
    servers_use_https,
    the_state_can_be_asked,
    paths_have_small_letters,
    operations_are_described,
    bodies_fit_their_methods,
    refusals_are_problems,
    answers_tell_their_limits,
    parameters_are_no_secrets,
    changes_need_a_caller,
    values_have_bounds,
)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_the_document_keeps_the_rule(rule: Rule, audience: Audience) -> None:
    """The document of the audience breaks no rule of the catalogue."""
    broken = list(rule(checked_in(audience)))

    assert not broken, "\n".join([str(rule.__doc__), *broken])


def test_each_endpoint_has_an_audience() -> None:
    """An endpoint's tag says which document describes the endpoint."""
    unknown = [f"{one.name}: {one.tag}" for one in ENDPOINTS if one.tag not in TAGS]

    assert unknown == [], "add the tag to functions/http/openapi/audiences.py"


def test_no_body_is_larger_than_the_bounds_allow() -> None:
    """The bounds of texts and arrays follow from the largest body that is not a file."""
    limits = {one.body_limit for one in ENDPOINTS if not isinstance(one.body, FileBody)}
    assert max(limits) <= MOST_BYTES


@pytest.mark.parametrize(
    ("schema", "added"),
    [
        ({"type": "string", "pattern": "^[A-Z]{6}[0-9]?$"}, {"maxLength": 7}),
        ({"type": "string", "pattern": "^a+$"}, {"maxLength": MOST_BYTES}),
        ({"type": "string", "format": "date"}, {}),
        ({"type": "string", "maxLength": 9}, {}),
        ({"type": "integer", "minimum": 0, "maximum": 9}, {"format": "int32"}),
        ({"type": "integer", "minimum": 0, "maximum": 2**40}, {"format": "int64"}),
        ({"type": "array", "maxItems": 3}, {"minItems": 0}),
        ({"type": "object", "properties": {"type": {"type": "boolean"}}}, {}),
        ({"example": {"type": "string"}}, {}),
    ],
)
def test_bounds_follow_from_what_is_declared(schema: Any, added: Any) -> None:
    """The bounds that a model declares stay, and a property may be named `type`."""
    assert bounded(schema) == {**schema, **added}
