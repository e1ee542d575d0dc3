"""Each endpoint by which an operator changes something says what the operators' log gets."""

from dataclasses import fields
from typing import Any, Final

import pytest
from pydantic import TypeAdapter

from functions.declared import ENDPOINTS
from functions.http.contract.policies import Operators
from lib.domain.operations.operator_action import Target

WRITING: Final = {
    one.name: one
    for one in ENDPOINTS
    if isinstance(one.policy, Operators) and (one.method != "GET" or one.changes)
}


@pytest.mark.parametrize("name", WRITING)
def test_an_operators_change_is_in_the_log(name: str) -> None:
    """The endpoint declares it, and names parameters and members that it has."""
    endpoint = WRITING[name]
    records = endpoint.records

    assert records is not None, "set `records`, see functions/http/callers/operators_log.py"
    assert {*records.target, *records.in_body} <= {one.name for one in fields(Target)}
    assert {*records.target.values()} <= {*endpoint.parameters}
    members: dict[str, Any] = {}
    if endpoint.body is not None:
        members = TypeAdapter(endpoint.body.type).json_schema()["properties"]
    assert {*records.in_body.values()} <= {*members}
    assert records.target or records.in_body or records.values


def test_only_changes_of_operators_are_in_the_log() -> None:
    """No other endpoint declares it: its caller has no operator's subscription."""
    declared = {one.name for one in ENDPOINTS if one.records is not None}

    assert declared == {*WRITING}
    assert {"replay_dead_letters", "reject_service", "suspend_organization"} <= declared
