"""Content is for the citizen of its message alone, and for as long as the message is shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.remote_content import TEST_KEY, TEST_USER, a_configuration
from tests.builders.services import CONFIGURATION_ID, with_configuration
from tests.builders.settings import settings_for
from tests.doubles.remote_hosts import KeptHosts
from tests.doubles.telemetry import Kept
from tests.functions.remote_content.reading_calls import deliver, read
from tests.stack import Stack

PARTS = ("precondition", "message", "attachment")


async def test_a_message_of_another_citizen_has_no_content(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """As a message that does not exist; the host is not asked."""
    stack, hosts = trial
    id_ = await deliver(stack)

    for part in PARTS:
        for wrong in (id_, "0" * 26):
            reply = await read(stack, part, wrong, citizen=CITIZEN)
            assert (reply.status, reply.body["title"]) == (404, "Message not found")
    assert hosts.calls == []


async def test_a_withdrawn_message_opens_without_its_content(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """It shows its withdrawal, and names no content that the app would ask for."""
    stack, hosts = trial
    id_ = await deliver(stack)
    body = {"change_type": "reading", "is_read": True}
    await stack.call("change_message_status", body, path={"id": id_}, citizen=TEST_USER)
    withdrawn = await stack.call(
        "withdraw_message",
        {"reason": "Importo errato"},
        path={"fiscal_code": TEST_USER, "id": id_},
    )
    assert withdrawn.status in {200, 204}, withdrawn

    for part in PARTS:
        reply = await read(stack, part, id_)
        assert (reply.status, reply.body["title"]) == (404, "Message withdrawn")

    query = {"public_message": "true"}
    opened = await stack.call("read_message", path={"id": id_}, query=query, citizen=TEST_USER)
    assert "third_party_data" not in opened.body["content"]
    assert opened.body["has_precondition"] is False
    assert hosts.calls == []


async def test_a_message_in_the_bin_has_its_content_until_it_leaves(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """As its other documents."""
    stack, _ = trial
    id_ = await deliver(stack)
    body = {"change_type": "binning", "is_binned": True}
    binned = await stack.call("change_message_status", body, path={"id": id_}, citizen=TEST_USER)
    assert binned.status == 200, binned

    assert (await read(stack, "message", id_)).status == 200
    stack.clock.advance(timedelta(days=31))
    assert (await read(stack, "message", id_)).status == 404


async def test_a_configuration_without_a_content_says_nothing(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """One of version 2026.11 has an account alone, until it is replaced."""
    stack, hosts = trial
    await with_configuration(stack, "user-of-sandbox-sender-key")
    id_ = await deliver(stack, configuration_id=CONFIGURATION_ID, has_precondition="ALWAYS")

    for part in PARTS:
        reply = await read(stack, part, id_)
        assert (reply.status, reply.body["detail"]) == (404, "RC Configuration not found")
    assert hosts.calls == []


async def test_a_citizen_without_an_environment_gets_nothing(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Content of the test environment is for test users alone."""
    stack, hosts = trial
    body = a_configuration()
    del body["prod_environment"]
    id_ = await deliver(stack, configuration=body, citizen=CITIZEN)

    reply = await read(stack, "message", id_, citizen=CITIZEN)

    assert (reply.status, reply.body["detail"]) == (404, "RC Configuration not found")
    assert hosts.calls == []


@pytest.mark.parametrize("secret", ["", "another secret of the installation"])
async def test_a_secret_that_is_lost_is_a_failure(tmp_path: Path, secret: str) -> None:
    """The sender sees the reason in a test of its configuration; the citizen, that it failed."""
    stack = await Stack(tmp_path).start()
    id_ = await deliver(stack)
    await stack.app.close()
    hosts = KeptHosts().answer_right()
    settings = settings_for(tmp_path, remote_content_secret=secret)
    stack = await Stack(tmp_path, settings, remote_content=hosts).start()

    reply = await read(stack, "message", id_)

    assert reply.status == 500
    assert reply.body["detail"] == "The sender's configuration cannot be used."
    assert hosts.calls == []
    await stack.app.close()


async def test_telemetry_names_neither_citizen_nor_file(tmp_path: Path) -> None:
    """Of a call that fails: only its function, its route and its status."""
    hosts, kept = KeptHosts().answer_right(), Kept()
    stack = await Stack(tmp_path, remote_content=hosts).start()
    id_ = await deliver(stack)
    stack.app.telemetry = kept.telemetry
    hosts.answers["cartella%20di%20Ada.pdf"] = "TIMEOUT"
    hosts.answers["a%2Fb"] = "UNREACHABLE"

    for part in ("message", "attachment"):
        assert (await read(stack, part, id_, url="cartella di Ada.pdf")).status == 504

    told = "".join(span.to_json() for span in kept.spans) + str(kept.logs)
    assert "read_remote_attachment" in told
    for secret in (TEST_USER, "cartella", "comune.example", TEST_KEY):
        assert secret not in told
    await stack.app.close()
