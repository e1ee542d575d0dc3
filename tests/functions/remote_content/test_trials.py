"""A test of a configuration calls the sender's host as the app will."""

import asyncio
from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY
from tests.builders.certificates import a_certificate
from tests.builders.remote_content import (
    PROD_KEY,
    TEST_KEY,
    TEST_USER,
    a_configuration,
    an_environment,
    create,
)
from tests.doubles.remote_hosts import KeptHosts, tried
from tests.stack import Stack


async def test_a_host_that_answers_right_passes(trial: tuple[Stack, KeptHosts]) -> None:
    """The calls have IO's addresses, the header of the configuration and the fiscal code."""
    stack, hosts = trial
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    reply = await tried(stack, id_)

    base = "https://prova.comune.example/io/messages/a%2Fb"
    assert reply.status == 200
    assert (reply.body["environment"], reply.body["is_passed"]) == ("test_environment", True)
    assert [(one["name"], one["url"], one["status"]) for one in reply.body["calls"]] == [
        ("PRECONDITION", f"{base}/precondition", 200),
        ("MESSAGE", base, 200),
        ("ATTACHMENT", f"{base}/allegati/1.pdf", 200),
    ]
    for made in hosts.calls:
        assert made.headers["X-Api-Key"] == TEST_KEY
        assert made.headers["fiscal_code"] == TEST_USER
        assert made.tls is None


@pytest.mark.parametrize(
    ("citizen", "environment", "key"),
    [(TEST_USER, "test_environment", TEST_KEY), (CITIZEN, "prod_environment", PROD_KEY)],
)
async def test_a_test_user_s_content_comes_from_the_test_environment(
    trial: tuple[Stack, KeptHosts], citizen: str, environment: str, key: str
) -> None:
    """All other citizens get the content of the production environment."""
    stack, hosts = trial
    id_ = await create(stack, a_configuration(), MANAGE_KEY)

    reply = await tried(stack, id_, fiscal_code=citizen)

    assert reply.body["environment"] == environment
    assert {made.headers["X-Api-Key"] for made in hosts.calls} == {key}


async def test_a_citizen_without_an_environment_is_refused(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """The configuration has no production environment yet."""
    stack, hosts = trial
    body = a_configuration()
    del body["prod_environment"]
    id_ = await create(stack, body, MANAGE_KEY)

    reply = await tried(stack, id_, fiscal_code=CITIZEN)

    assert (reply.status, reply.body["title"]) == (400, "No environment for the citizen")
    assert hosts.calls == []


async def test_a_test_calls_only_the_parts_that_the_message_has(
    trial: tuple[Stack, KeptHosts],
) -> None:
    """Without a precondition and an attachment, the message alone is called."""
    stack, hosts = trial
    id_ = await create(stack, a_configuration(has_precondition="NEVER"), MANAGE_KEY)

    reply = await tried(stack, id_, attachment=None)

    assert [one["name"] for one in reply.body["calls"]] == ["MESSAGE"]
    assert len(hosts.calls) == 1


async def test_a_certificate_is_used_in_each_call(trial: tuple[Stack, KeptHosts]) -> None:
    """The private key is decrypted for the call alone."""
    stack, hosts = trial
    cert, host = a_certificate(), a_certificate()
    given = {"client_cert": cert.pem, "client_key": cert.key, "server_ca": host.pem}
    environment = an_environment("https://prova.comune.example", TEST_KEY, cert=given)
    body = a_configuration(test_environment={**environment, "test_users": [TEST_USER]})
    id_ = await create(stack, body, MANAGE_KEY)

    await tried(stack, id_)

    for made in hosts.calls:
        assert made.tls is not None
        assert (made.tls.client_cert, made.tls.client_key) == (cert.pem, cert.key)
        assert made.tls.server_ca == host.pem
        assert cert.key not in repr(made)
        assert TEST_KEY not in repr(made)


async def test_an_organisation_tests_ten_times_a_minute(trial: tuple[Stack, KeptHosts]) -> None:
    """The limit holds for calls that come together, and ends with the minute."""
    stack, _ = trial
    id_ = await create(stack, a_configuration(has_precondition="NEVER"), MANAGE_KEY)

    replies = await asyncio.gather(*(tried(stack, id_, attachment=None) for _ in range(12)))

    statuses = sorted(reply.status for reply in replies)
    assert statuses == [200] * 10 + [429] * 2
    refused = next(reply for reply in replies if reply.status == 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    stack.clock.advance(timedelta(minutes=1))
    assert (await tried(stack, id_)).status == 200
