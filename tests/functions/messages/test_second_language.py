"""A service states once in which language it writes beside Italian."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from tests.builders.managed_services import Manager, a_service
from tests.builders.messages import WITH_WARNINGS, a_message
from tests.builders.payment_notices import amend, an_amendment, send
from tests.builders.profiles import with_profile
from tests.builders.services import with_service
from tests.functions.batches.batch_calls import CONTENT, sent
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.variant_calls import GERMAN, SLOVENE
from tests.stack import Stack
from tests.stored import stored_message


async def test_the_organisation_sets_it_for_a_service(stack: Stack) -> None:
    """Its messages have it from then on, and a new form of the service in IO's payload keeps it."""
    manager = Manager(stack)
    id_ = await manager.create()
    before = await manager.call("read_second_language", id_)
    wrong = await manager.call("change_second_language", id_, {"second_language": "it_IT"})
    changed = await manager.call("change_second_language", id_, {"second_language": "de_DE"})
    assert (await manager.call("change_service", id_, a_service(name="Mensa"))).status == 200
    await stack.drain()
    key = (await manager.call("show_service_keys", id_)).body["primary_key"]
    reply = await stack.call("submit_message", a_message(), key=key, headers=WITH_WARNINGS)

    assert (before.body, changed.body) == ({}, {"second_language": "de_DE"})
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "/second_language")
    (warning,) = reply.body["warnings"]
    assert warning["pointer"] == "/content/variants"
    assert "has no de_DE" in warning["detail"]
    assert (await stored_message(stack, reply.body["id"])).second_language == "de_DE"

    assert (await manager.call("change_second_language", id_, {})).body == {}
    assert (await manager.call("read_second_language", id_)).body == {}


@pytest.mark.parametrize(
    ("content", "second", "warned"),
    [
        ({}, "de_DE", True),
        ({"variants": {"de_DE": GERMAN}}, "de_DE", False),
        ({"variants": {"sl_SI": SLOVENE}, "second_language": "sl_SI"}, "sl_SI", False),
    ],
)
async def test_a_message_that_says_none_has_it(
    stack: Stack, content: dict[str, Any], second: str, *, warned: bool
) -> None:
    """The message's own goes before; a dry run says what is missing, too."""
    await with_service(stack, second_language="de_DE")
    body = a_message(content=content)

    reply = await stack.call("submit_message", body, headers=WITH_WARNINGS)
    dry = await stack.call("dry_run_message", body)
    await stack.drain()

    assert (await stored_message(stack, reply.body["id"])).second_language == second
    assert bool(reply.body["warnings"]) is warned
    assert any("has no de_DE, the language" in one["detail"] for one in dry.body["warnings"]) is (
        warned
    )


async def test_rows_notices_and_e_mails_have_it(stack: Stack) -> None:
    """An amendment of a notice keeps it, and an e-mail is in both languages."""
    await with_service(stack, second_language="de_DE")
    await with_profile(stack, EMAIL_CITIZEN, languages=["it_IT"])
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    (mail,) = stack.mailer.sent
    assert "Behörde: Comune di Esempio" in mail.text

    await sent(stack, [(CITIZEN,)], content=CONTENT)
    assert (await send(stack)).status == 201
    await stack.drain()
    assert (await amend(stack, an_amendment(amount_cents=4000))).status == 200
    for item in (await page(stack))["items"]:
        assert (await stored_message(stack, item["id"])).second_language == "de_DE"
