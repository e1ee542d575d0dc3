"""No API of our own takes a time without a zone: UTC and Italy's time are an hour or two apart."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from functions.declared import ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from lib.domain.messages.new_message import NewMessage

IOS_OWN = {NewMessage}
"""IO's contract: what has no zone is in UTC."""


def members(schema: dict[str, Any], of: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each property below a schema, with the path to it."""
    if "$ref" in schema:
        schema = of["$defs"][schema["$ref"].rpartition("/")[2]]
    for name, one in schema.get("properties", {}).items():
        yield name, one
        yield from ((f"{name}.{path}", found) for path, found in members(one, of))
    for keyword in ("anyOf", "oneOf"):
        for one in schema.get(keyword, ()):
            yield from members(one, of)
    if "items" in schema:
        yield from members(schema["items"], of)


def is_a_time(schema: dict[str, Any]) -> bool:
    """Tell whether a property is a date and time."""
    formats = (schema, *schema.get("anyOf", ()))
    return any(one.get("format") == "date-time" for one in formats)


def inputs(endpoint: AnyEndpoint) -> Iterator[Any]:
    """Yield the types of what an endpoint takes."""
    if endpoint.body is not None and endpoint.body.type not in IOS_OWN:
        yield endpoint.body.type
    if endpoint.query is not None:
        yield endpoint.query


TIMES = [
    pytest.param(type_, path, id=f"{endpoint.name}-{path}")
    for endpoint in ENDPOINTS
    for type_ in inputs(endpoint)
    for schema in [TypeAdapter(type_).json_schema()]
    for path, one in members(schema, schema)
    if is_a_time(one)
]


def filled(path: str, value: str) -> dict[str, Any]:
    """Return a body with the value at the path, in lists of one too."""
    name, _, rest = path.partition(".")
    if not rest:
        return {name: value}
    inner = filled(rest, value)
    return {name: [inner] if name in {"updates", "instalments"} else inner}


def test_the_search_finds_known_fields() -> None:
    """The search for fields finds the known ones."""
    names = {str(one.id) for one in TIMES}
    assert {
        "update_payment-occurred_at",
        "update_payment-paid_at",
        "update_payments-updates.occurred_at",
        "change_reminders-until",
        "submit_payment_notice-due_date",
        "submit_payment_notice-instalments.due_date",
        "amend_payment_notice-due_date",
    } <= names


@pytest.mark.parametrize(("type_", "path"), TIMES)
def test_a_time_says_its_zone(type_: Any, path: str) -> None:
    """It is refused at its field, by a text that asks for the zone."""
    value = filled(path, "2027-06-30T18:00:00")
    tagged = {"change_type": "snooze", **value}

    with pytest.raises(ValidationError) as raised:
        TypeAdapter(type_).validate_python(tagged)
    wanted = path.split(".")
    said = [
        one["msg"]
        for one in raised.value.errors()
        if [part for part in one["loc"] if isinstance(part, str)][-len(wanted) :] == wanted
    ]
    assert any("must say its zone" in one for one in said)
