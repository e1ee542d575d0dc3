"""Holds that a use case for citizens is told the person that acts, not an inbox alone."""

import inspect
from typing import Any, Final

import pytest

from functions.http.citizen import endpoints as citizen
from tests.builders.identity import an_access

HANDLERS: Final[dict[str, Any]] = {one.name: one.handler for one in citizen.ENDPOINTS}


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_a_handler_of_citizens_passes_the_whole_access_on(name: str) -> None:
    """A handler that takes the subject out of the access would hide who acts."""
    source = inspect.getsource(HANDLERS[name])
    assert "caller.subject" not in source
    assert "caller.actor" not in source


def test_the_repr_of_an_access_has_no_person() -> None:
    """Neither its actor nor its subject stands in a log or a traceback."""
    printed = repr(an_access("RSSMRA80A01H501U"))
    assert "RSSMRA80A01H501U" not in printed
    assert "Maria" not in printed
