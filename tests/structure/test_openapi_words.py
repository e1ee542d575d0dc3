"""The OpenAPI document says what a person needs: examples that hold, rules in words."""

import pytest
from pydantic import TypeAdapter

from functions import ENDPOINTS
from functions.http.decoding import unknown_fields
from functions.http.endpoint import AnyEndpoint
from functions.http.openapi import build
from functions.http.openapi_examples import example_of

WITH_BODY = [one for one in ENDPOINTS if one.body]


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda one: one.name)
def test_each_body_has_an_example_that_holds(endpoint: AnyEndpoint) -> None:
    """It is accepted by the type, and has no field that the type does not know."""
    example = example_of(endpoint.name)

    assert endpoint.body is not None
    assert example is not None, "add one to functions/http/openapi_examples.py"
    decoded = TypeAdapter(endpoint.body.type).validate_python(dict(example))
    assert unknown_fields(example, type(decoded)) == []


def test_bounds_and_rules_are_in_the_document() -> None:
    """A generated validator refuses what we refuse, and a reader sees why."""
    schemas = build(ENDPOINTS)["components"]["schemas"]
    content, profile = schemas["Content"]["properties"], schemas["ProfileUpdate"]["properties"]

    assert (content["subject"]["minLength"], content["subject"]["maxLength"]) == (10, 120)
    assert (content["markdown"]["minLength"], content["markdown"]["maxLength"]) == (80, 10_000)
    assert "UTF-16" in content["subject"]["description"]
    assert "euro cents" in schemas["PaymentData"]["properties"]["amount"]["description"]
    assert "push" in profile["is_webhook_enabled"]["description"]
    assert "reminded" in profile["reminder_status"]["description"]


def test_each_pattern_has_its_reason() -> None:
    """A field of a body that has a pattern says in words what it must be."""
    schemas = build(ENDPOINTS)["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, rule in schema.get("properties", {}).items()
        if "pattern" in rule and not rule.get("description")
    ]

    assert silent == []
