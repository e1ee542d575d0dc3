"""The inbox lists and opens messages in IO's shapes."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import CONFIGURATION_ID, with_configuration
from tests.functions.messages.inbox_calls import change, page, several
from tests.stack import Stack


async def test_a_plain_item_has_io_s_fields(stack: Stack) -> None:
    """An item has the fields that CreatedMessageWithoutContent requires, and no others."""
    (id_,) = await several(stack, 1)

    found = await page(stack)

    assert [
        {
            "id": id_,
            "fiscal_code": CITIZEN,
            "created_at": "2026-11-23T09:00:00.000Z",
            "sender_service_id": "sandbox-service",
            "time_to_live": 3600,
        }
    ] == found["items"]
    assert (id_, None) == (found["prev"], found.get("next"))


async def test_an_enriched_item_shows_the_deadline_too(stack: Stack) -> None:
    """An enriched item has due date and amount, which IO's list lacks."""
    content = {"payment_data": a_payment(), "due_date": "2027-06-30T21:59:59Z"}
    await stack.deliver(content=content)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]

    assert {
        "service_name": "Tassa sui rifiuti",
        "organization_name": "Comune di Esempio",
        "organization_fiscal_code": "01234567890",
        "message_title": "Tassa sui rifiuti",
        "is_read": False,
        "is_archived": False,
        "category": {"tag": "PAYMENT", "rptId": "01234567890301000000000000017"},
        "has_attachments": False,
        "has_precondition": False,
        "due_date": "2027-06-30T21:59:59.000Z",
        "amount": 8450,
        "payment_status": "NOT_PAID",
    }.items() <= item.items()


@pytest.mark.parametrize(
    ("content", "category"),
    [
        ({}, {"tag": "GENERIC"}),
        (
            {"eu_covid_cert": {"auth_code": "x"}, "payment_data": a_payment()},
            {"tag": "EU_COVID_CERT"},
        ),
        (
            {
                "third_party_data": {"id": "x", "configuration_id": CONFIGURATION_ID},
                "payment_data": a_payment(),
            },
            {"tag": "GENERIC"},
        ),
        (
            {"payment_data": a_payment(payee={"fiscal_code": "98765432109"})},
            {"tag": "PAYMENT", "rptId": "98765432109301000000000000017"},
        ),
    ],
)
async def test_the_category_follows_io_s_precedence(
    stack: Stack, content: dict[str, Any], category: dict[str, str]
) -> None:
    """The rptId has the payee of the message, which IO's list forgets."""
    await with_configuration(stack)
    await stack.deliver(content=content)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]

    assert category == item["category"]


@pytest.mark.parametrize(
    ("precondition", "before", "after"),
    [("ALWAYS", True, True), ("ONCE", True, False), ("NEVER", False, False)],
)
async def test_a_precondition_of_once_ends_with_reading(
    stack: Stack, precondition: str, before: bool, after: bool
) -> None:
    """The precondition ONCE ends when the message is read."""
    third_party = {**await with_configuration(stack), "has_precondition": precondition}
    id_ = await stack.deliver(content={"third_party_data": third_party})

    (unread,) = (await page(stack, enrich_result_data="true"))["items"]
    await change(stack, id_, change_type="reading", is_read=True)
    (read,) = (await page(stack, enrich_result_data="true"))["items"]

    assert (before, after) == (unread["has_precondition"], read["has_precondition"])


async def test_only_messages_of_the_inbox_show(stack: Stack) -> None:
    """Messages on their way and messages of other citizens are not listed."""
    await stack.submit()
    await stack.submit(fiscal_code=OTHER_CITIZEN)

    assert (await page(stack))["items"] == []
    await stack.drain()
    assert len((await page(stack))["items"]) == 1


async def test_opening_shows_the_content_and_marks_nothing(stack: Stack) -> None:
    """An opened message has its content and payee, and is not marked as read."""
    id_ = await stack.deliver(content={"payment_data": a_payment()})

    plain = await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
    public = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )

    assert plain.body["content"]["payment_data"]["payee"] == {"fiscal_code": "01234567890"}
    assert not {"message_title", "is_read", "category"} & set(plain.body)
    assert (public.body["message_title"], public.body["is_read"]) == ("Tassa sui rifiuti", False)


@pytest.mark.parametrize("endpoint", ["read_message", "change_message_status"])
async def test_a_message_outside_the_inbox_is_not_found(stack: Stack, endpoint: str) -> None:
    """A message that is another's, on its way, rejected or unknown gets 404."""
    delivered = await stack.deliver()
    rejected = await stack.deliver(fiscal_code="BLOCKD00A00A000A")
    waiting = await stack.submit()
    body = {"change_type": "reading", "is_read": True}

    for id_, citizen in (
        (delivered, OTHER_CITIZEN),
        (waiting, CITIZEN),
        (rejected, "BLOCKD00A00A000A"),
        ("01J0000000000000000000000A", CITIZEN),
        ("a/b?c#d", CITIZEN),
    ):
        reply = await stack.call(endpoint, body, path={"id": id_}, citizen=citizen)
        assert (reply.status, reply.body["title"]) == (404, "Message not found")
