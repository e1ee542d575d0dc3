"""A submission whose content the service may not send is refused, in IO's words."""

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, LIMITED_SERVICE_ID
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.services import CONFIGURATION_ID, with_configuration, with_service
from tests.stack import Stack, refusal, take


async def test_row_12_attachments_need_the_advanced_level(stack: Stack) -> None:
    """A STANDARD message with attachments gets 403."""
    third_party = {**await with_configuration(stack), "has_attachments": True}

    reply = await stack.call("submit_message", a_message(content={"third_party_data": third_party}))

    assert refusal(reply) == (
        403,
        "Attachments call forbidden",
        (
            "You are not allowed to send messages with attachmens with STANDARD messages, "
            "please use ADVANCED"
        ),
    )


@pytest.mark.parametrize("level", ["STANDARD", "ADVANCED"])
@pytest.mark.parametrize(
    ("named", "owner", "expected"),
    [
        (
            False,
            "u",
            (
                403,
                "No configuration id for remote content",
                "You did not send any configuration id for your remote content in third_party_data",
            ),
        ),
        (
            True,
            None,
            (
                404,
                "Remote Content Configuration NOT FOUND",
                "There is no remote content configuration of this configuration_id.",
            ),
        ),
        (
            True,
            "somebody",
            (
                403,
                "Not your configuration",
                "You're not the owner of the configuration related to the given configuration_id",
            ),
        ),
    ],
)
async def test_rows_9_to_11_content_that_nobody_can_fetch_is_refused(
    stack: Stack, level: str, *, named: bool, owner: str | None, expected: tuple[int, str, str]
) -> None:
    """Remote content is refused where its configuration is missing, unknown or another user's."""
    if owner is not None:
        await with_configuration(stack, owner)
    third_party = {"id": "1", "has_attachments": True, "has_precondition": "ALWAYS"}
    if named:
        third_party["configuration_id"] = CONFIGURATION_ID
    body = a_message(content={"third_party_data": third_party}, feature_level_type=level)

    reply = await stack.call("submit_message", body)

    assert refusal(reply) == expected
    assert reply.body["errors"][0]["pointer"] == "/content/third_party_data/configuration_id"
    assert not await take(stack.queue, MESSAGE_SUBMITTED)


async def test_remote_content_with_the_user_s_own_configuration_is_accepted(stack: Stack) -> None:
    """The sender reads its remote content back, with IO's members alone."""
    third_party = {**await with_configuration(stack), "has_attachments": True}

    content = {"third_party_data": third_party}
    id_ = await stack.deliver(content=content, feature_level_type="ADVANCED")

    path = {"fiscal_code": CITIZEN, "id": id_}
    seen = (await stack.call("read_sent_message", path=path)).body
    assert seen["message"]["content"]["third_party_data"].items() >= third_party.items()


async def test_row_15_the_amount_stays_within_the_service_s_maximum(stack: Stack) -> None:
    """An amount above the service's maximum gets 400 with both; the maximum is accepted."""
    above = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1_000_001)})
    )
    at = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1_000_000)})
    )

    assert refusal(above) == (
        400,
        "Error while sending payment metadata",
        (
            "The requested amount (1000001 cents) exceeds the maximum allowed for this service "
            "(1000000 cents)"
        ),
    )
    assert at.status == 201


async def test_row_15_a_new_service_may_send_no_payment(stack: Stack) -> None:
    """A service with the default maximum of 0 may send no payment."""
    await with_service(stack, LIMITED_SERVICE_ID, max_allowed_payment_amount=0)

    reply = await stack.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=1)}), key=LIMITED_KEY
    )

    assert reply.body["title"] == "Error while sending payment metadata"
