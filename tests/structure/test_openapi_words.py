"""The OpenAPI document says what a person needs: examples that hold, rules in words."""

import json
from itertools import groupby
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter

from functions.declared import ENDPOINTS
from functions.http.contract.call import FileBody
from functions.http.contract.decoding import unknown_fields
from functions.http.contract.endpoint import AnyEndpoint
from functions.http.openapi.audiences import Audience
from functions.http.openapi.schemas import tidy
from lib.domain.batches.recipients.reader import RecipientsReader, form_of, read
from lib.domain.shared.described import says
from lib.domain.shared.values import NonEmpty
from tests.doubles.clock import START
from tests.openapi import checked_in, operations, schemas

WITH_BODY = [one for one in ENDPOINTS if one.body and not isinstance(one.body, FileBody)]
WITH_FILE = [
    one.body
    for one in ENDPOINTS
    # the bytes of an attachment have any form, and a text is no list of recipients
    if isinstance(one.body, FileBody)
    and one.body.name not in {"attachment_part", "translation_form"}
]
LEAST_WORDS = 4
VERBS = {
    *("Amend", "Approve", "Cancel", "Change", "Check", "Count", "Create", "Delete", "Download"),
    *("List", "Mark", "Process", "Read", "Record", "Register", "Reject", "Remove", "Reopen"),
    *("Send", "Set", "Show", "Snooze", "Submit", "Switch", "Validate", "Withdraw"),
    *("Apply", "Confirm", "Give", "Invite", "Replace", "Request", "Revoke", "Suspend"),
    *("Complete", "End", "Log", "Pause", "Upload"),
}
OPERATIONS = operations()
FIELDS = [
    (f"{name}.{field}", rule)
    for name, schema in schemas().items()
    for field, rule in schema.get("properties", {}).items()
]
PARAMETERS = [
    (f"{name}: {parameter['name']}", parameter)
    for name, operation in OPERATIONS
    for parameter in operation["parameters"]
]


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=lambda one: one.name)
def test_each_body_has_an_example_that_holds(endpoint: AnyEndpoint) -> None:
    """It is accepted by the type, and has no field that the type does not know."""
    assert endpoint.body is not None
    example = endpoint.body.example

    assert example is not None, "give its Body an example"
    decoded = TypeAdapter(endpoint.body.type).validate_python(dict(example))
    assert unknown_fields(example, type(decoded)) == []


@pytest.mark.parametrize("body", WITH_FILE, ids=lambda one: one.name)
def test_each_file_has_an_example_of_each_form(body: FileBody) -> None:
    """The reader of recipients finds no problem in them."""
    assert body.example is not None
    assert body.example.keys() == set(body.media_types)
    for media_type, example in body.example.items():
        # a part may be a whole list, whose form is named later
        form = form_of("text/csv" if media_type == "application/octet-stream" else media_type)
        assert form is not None
        reader = RecipientsReader(form[0], START, form[1])
        text = example if isinstance(example, str) else json.dumps(example)
        checked = list(read([text.encode()], reader))
        assert sum(len(one.rows) for one in checked) == 1
        assert not [problem for one in checked for problem in one.problems]
        assert reader.report.problem is None


def test_operations_of_one_audience_stand_together() -> None:
    """In the order of the tags."""
    for audience in Audience:
        document = checked_in(audience)
        tags = [
            operation["tags"][0]
            for operations in document["paths"].values()
            for operation in operations.values()
        ]

        assert [tag for tag, _ in groupby(tags)] == [tag["name"] for tag in document["tags"]]


def test_bounds_and_rules_are_in_the_document() -> None:
    """A generated validator refuses what we refuse, and a reader sees why."""
    known = schemas()
    content, profile = known["Content"]["properties"], known["ProfileUpdate"]["properties"]

    assert (content["subject"]["minLength"], content["subject"]["maxLength"]) == (10, 120)
    assert (content["markdown"]["minLength"], content["markdown"]["maxLength"]) == (80, 10_000)
    assert "UTF-16" in content["subject"]["description"]
    assert "euro cents" in known["PaymentData"]["properties"]["amount"]["description"]
    assert "push" in profile["is_webhook_enabled"]["description"]
    assert "reminded" in profile["reminder_status"]["description"]


def test_each_pattern_has_its_reason() -> None:
    """A field of a body that has a pattern says in words what it must be."""
    silent = [
        f"{name}.{field}"
        for name, schema in schemas().items()
        for field, rule in schema.get("properties", {}).items()
        if "pattern" in rule and not rule.get("description")
    ]

    assert silent == []


def _faults(text: str) -> list[str]:
    """Return what keeps a description from being one, besides its words."""
    return [
        fault
        for fault, is_so in (
            ("is missing or too short", len(text.split()) < LEAST_WORDS),
            ("is no sentence", not text[:1].isupper() or not text.endswith(".")),
            ("says the rule alone", text.startswith("Must ")),
        )
        if is_so
    ]


def test_each_field_and_parameter_has_a_description() -> None:
    """Add one where the model is declared: says("…") of lib/domain/shared/described.py."""
    faults = {name: _faults(one.get("description", "")) for name, one in (*FIELDS, *PARAMETERS)}

    assert len(FIELDS) > 300
    assert len(PARAMETERS) > 30
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_field_without_a_description_is_found() -> None:
    """The test above fails for a new field, for a fragment, and for a rule without a meaning."""

    class Bare(BaseModel):
        number: NonEmpty
        plain: int
        fragment: Annotated[int, says("of the whole sum and more")]
        good: Annotated[NonEmpty | None, says("The name of the thing. Absent: none.")] = None

    properties = tidy(Bare.model_json_schema())["properties"]
    found = {name: _faults(rule.get("description", "")) for name, rule in properties.items()}

    assert [name for name, faults in found.items() if faults] == ["number", "plain", "fragment"]
    assert properties["good"]["description"].endswith("Must be a string that is not empty.")


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_each_operation_has_a_summary(name: str, operation: Any) -> None:
    """It begins with a verb that says what the call does, and has no two alike in its tag."""
    summary = operation["summary"]
    same = {
        other.removesuffix("_v1").removesuffix("_v2")
        for other, one in OPERATIONS
        if (one["summary"], one["tags"]) == (summary, operation["tags"])
    }

    assert summary.split()[0].rstrip(",") in VERBS, "say what it does, with a plain verb"
    assert len(summary.split()) >= LEAST_WORDS - 1
    assert same == {name.removesuffix("_v1").removesuffix("_v2")}


def test_money_and_time_say_their_unit() -> None:
    """An amount is in euro cents; a moment says its zone, or takes one."""
    silent = [
        name
        for name, rule in FIELDS
        if (name.endswith((".amount", ".amount_cents")) and "euro cents" not in rule["description"])
        or (
            (name.endswith(("_at", ".at", "_until")) or rule.get("format") == "date-time")
            and not any(zone in rule["description"] for zone in ("UTC", "zone"))
        )
    ]

    assert silent == []
