"""IO's app asks without a login: versions, and whether the installation works."""

from pathlib import Path

import pytest

from lib import __version__
from lib.ports.documents import DocumentStore
from lib.ports.errors import UnavailableError
from tests.builders.settings import settings_for
from tests.stack import Stack


async def test_the_versions_are_those_of_the_settings(tmp_path: Path) -> None:
    """The least versions of the app, by platform."""
    settings = settings_for(
        tmp_path, min_app_version_ios="3.1.0", min_app_version_android="3.2.0.1"
    )
    stack = await Stack(tmp_path, settings).start()
    try:
        reply = await stack.call("read_info", key=None)
    finally:
        await stack.app.close()

    least = {"ios": "3.1.0", "android": "3.2.0.1"}
    assert (reply.status, reply.body) == (
        200,
        {"version": __version__, "min_app_version": least, "min_app_version_pagopa": least},
    )


@pytest.mark.parametrize(
    ("own", "api", "named"),
    [("a@x.example", "b@x.example", "a@x.example"), ("", "b@x.example", "b@x.example")],
)
async def test_who_cannot_use_a_page_has_an_address(
    tmp_path: Path, own: str, api: str, named: str
) -> None:
    """The one for this, or else the one for the API."""
    settings = settings_for(tmp_path, accessibility_email=own, api_contact_email=api)
    stack = await Stack(tmp_path, settings).start()
    try:
        reply = await stack.call("read_info", key=None)
    finally:
        await stack.app.close()

    assert reply.body["accessibility_email"] == named


async def test_a_ping_is_answered_without_a_look_at_the_data(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As text, and at the older path as an empty answer."""
    _break(stack.store, monkeypatch)
    text = await stack.call("ping", key=None)
    empty = await stack.call("ping_v1", key=None)

    assert (text.status, text.body) == (200, b"ok")
    assert text.headers["content-type"] == "text/plain"
    assert (empty.status, empty.body) == (204, None)


async def test_the_status_is_told_in_ios_form(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 in any case; the details are sentences for people."""
    works = await stack.call("read_backend_status", key=None)
    _break(stack.store, monkeypatch)
    stack.clock.moment = stack.clock.moment.replace(minute=59)
    broken = await stack.call("read_backend_status", key=None)

    for reply, status in ((works, "OK"), (broken, "CRITICAL")):
        assert reply.status == 200
        (service,) = reply.body["services"]
        assert (service["id"], service["status"]) == ("recapito", status)
        assert service["details"].endswith(".")


def _break(store: DocumentStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(*_: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(store, "read", read)
