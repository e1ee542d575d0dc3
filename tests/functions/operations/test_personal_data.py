"""No telemetry and no log holds personal data."""

import logging

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.profiles.profile import ProfileUpdate
from lib.ports.documents import Container, Document, Stored
from tests.doubles.telemetry import Kept
from tests.stack import Stack


@pytest.mark.parametrize("crashes", [False, True])
async def test_no_telemetry_holds_a_name_or_an_address(
    stack: Stack,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    crashes: bool,
) -> None:
    """Updates that are refused, accepted or broken put no name or address into telemetry."""
    caplog.set_level(logging.DEBUG)

    async def crash(container: Container, document: Document, **_: object) -> Stored:
        raise ValueError(document["email"])

    if crashes:
        monkeypatch.setattr(stack.store, "replace", crash)
    bodies = ({"version": 0, "email": "ada@nowhere"}, {"version": 0, "email": "ada@example.com"})
    replies = [await stack.call("update_profile", body, citizen=CITIZEN) for body in bodies]
    await stack.call("read_profile", citizen=CITIZEN)

    told = repr(([span.to_json() for span in kept.spans], kept.logs, caplog.records, caplog.text))
    assert [reply.status for reply in replies] == [400, 500 if crashes else 200]
    assert not [word for word in ("ada@", "Ada", "Sandbox", CITIZEN) if word in told]


async def test_the_repr_of_a_citizen_is_masked(stack: Stack) -> None:
    """A printed citizen or update shows no name, address or fiscal code."""
    citizen = await stack.app.identity.authenticate_citizen(f"Bearer {stack.token(CITIZEN)}")
    update = ProfileUpdate(version=0, email="ada@example.com")

    assert not [
        word for word in ("ada@", "Ada", "Sandbox", CITIZEN) if word in f"{citizen} {update!r}"
    ]
