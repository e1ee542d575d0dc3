"""Delegates are told of messages in the inbox of another, by their own channels and choices."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.builders.parties import DELEGATE, with_delegation
from tests.builders.profiles import with_new_profile, with_preference, with_profile
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import sent
from tests.functions.parties.told import ADDRESS, WITH_EMAIL, listed, told, with_told
from tests.stack import Stack

OTHER_SERVICE = "01KBTB5QWKS4M6WKT1F6CGR4M9"
IN_ANOTHER_INBOX = (
    "Nuovo messaggio in un'altra casella",
    "Entra nell'app e apri la casella a cui hai accesso",
)


async def test_a_push_opens_the_right_inbox_and_tells_nothing(stack: Stack) -> None:
    """It has the ids of message and delegation, and no word of the message or of its owner."""
    delegation_id = await with_told(stack)

    id_ = await stack.deliver()

    (push,) = told(stack)
    assert (push.message_id, push.delegation_id) == (id_, delegation_id)
    assert (push.title, push.body) == IN_ANOTHER_INBOX
    (own,) = [one for one in stack.push.sent if one not in told(stack)]
    assert own.delegation_id is None
    assert own.recipients != push.recipients


@pytest.mark.parametrize(
    ("shows_text", "profile", "message", "is_shown"),
    [
        (True, {}, {}, True),
        (False, {}, {}, False),
        (True, {"push_notifications_content_type": "ANONYMOUS"}, {}, False),
        (True, {}, {"require_secure_channels": True}, False),
    ],
)
async def test_text_shows_where_owner_delegate_and_sender_agree(
    stack: Stack,
    shows_text: bool,
    profile: dict[str, Any],
    message: dict[str, Any],
    is_shown: bool,
) -> None:
    """Owner and delegate must both want it. Also then nothing names the owner."""
    await with_told(stack, profile, shows_text=shows_text)

    await stack.deliver(content=message)

    (push,) = told(stack)
    assert (push.body != IN_ANOTHER_INBOX[1]) == is_shown
    assert ("Comune" in push.body) == is_shown
    for text in (push.title, push.body):
        assert CITIZEN not in text
        assert "Ada" not in text


@pytest.mark.parametrize("shows_text", [True, False])
async def test_an_email_tells_the_delegate_too(stack: Stack, shows_text: bool) -> None:
    """It goes to the validated address, with both ids and the delegate's own links."""
    delegation_id = await with_told(stack, WITH_EMAIL, shows_text=shows_text)

    id_ = await stack.deliver()

    (mail,) = stack.mailer.sent
    assert (mail.to, mail.message_id, mail.delegation_id) == (ADDRESS, id_, delegation_id)
    assert mail.subject == IN_ANOTHER_INBOX[0]
    assert ("Comune" in mail.text) == shows_text
    assert mail.unsubscribe
    assert CITIZEN not in mail.text + mail.html


async def test_the_button_of_an_email_opens_the_right_inbox(tmp_path: Path) -> None:
    """It has the id of the message, and for a delegate that of the delegation beside."""
    app = "https://app.example/messages"
    stack = await Stack(tmp_path, settings_for(tmp_path, app_url=app)).start()
    delegation_id = await with_told(stack, WITH_EMAIL)
    await with_profile(stack, email="own@example.org", is_email_validated=True)

    id_ = await stack.deliver()

    mails = {mail.to: mail for mail in stack.mailer.sent}
    own, delegate = mails["own@example.org"], mails[ADDRESS]
    assert f"{app}?message_id={id_}\n" in own.text
    assert f"{app}?message_id={id_}&delegation_id={delegation_id}\n" in delegate.text
    assert f'href="{app}?message_id={id_}&amp;delegation_id={delegation_id}"' in delegate.html
    await stack.app.close()


@pytest.mark.parametrize("terms", [{"is_notified": False}, {"service_ids": [OTHER_SERVICE]}])
async def test_the_delegation_decides(stack: Stack, terms: dict[str, Any]) -> None:
    """A delegate whom the owner does not let be told, or of another service, hears nothing."""
    await with_told(stack, WITH_EMAIL, **terms)

    await stack.deliver()

    assert not told(stack)
    assert not stack.mailer.sent


@pytest.mark.parametrize(
    "profile",
    [
        {"is_inbox_enabled": False},
        {"is_webhook_enabled": False},
        {"blocked_inbox_or_channels": {SERVICE_ID: ["WEBHOOK"]}},
    ],
)
async def test_the_delegate_s_own_choices_count(stack: Stack, profile: dict[str, Any]) -> None:
    """A delegate without pushes, or without those of the service, gets none."""
    await with_told(stack, profile)

    await stack.deliver()

    assert len(stack.push.sent) == 1
    assert not told(stack)


async def test_a_delegate_need_not_take_the_service_s_own_messages(stack: Stack) -> None:
    """In mode MANUAL no service writes to the delegate, who is told of the owner's messages."""
    mode = {"service_preferences_settings": {"mode": "MANUAL", "version": 0}}
    await with_told(stack, mode)

    await stack.deliver()

    assert len(told(stack)) == 1


async def test_a_delegate_without_a_profile_hears_nothing(stack: Stack) -> None:
    """The message arrives all the same."""
    await with_delegation(stack, is_notified=True)

    await stack.deliver()

    assert len(stack.push.sent) == 1


async def test_the_owner_s_channels_do_not_count_but_the_inbox_does(stack: Stack) -> None:
    """A person in care may have no phone; a service that the owner blocks tells nobody."""
    await with_told(stack)
    await with_profile(stack, is_webhook_enabled=False)
    await stack.deliver()
    assert len(told(stack)) == len(stack.push.sent) == 1

    await with_preference(stack, is_inbox_enabled=False)
    await stack.deliver()

    assert len(told(stack)) == 1


async def test_several_delegates_and_a_batch(stack: Stack) -> None:
    """Each delegate is told, also of the row of a batch."""
    other = "VRDLCU85M41F205J"
    ids = {await with_told(stack)}
    await with_new_profile(stack, other)
    ids.add(await with_delegation(stack, delegate=other, is_notified=True))

    await sent(stack, [[CITIZEN]])

    assert {push.delegation_id for push in told(stack)} == ids
    assert len({push.recipients for push in told(stack)}) == 2


async def test_both_sides_see_it_in_their_lists(stack: Stack) -> None:
    """The owner sees the delegation once, and no channel; the delegate's list has the channels."""
    delegation_id = await with_told(stack, WITH_EMAIL)

    id_ = await stack.deliver(reference="a")

    entries = [one for one in await listed(stack, CITIZEN) if "delegation_id" in one]
    assert [(one["channel"], one["message_id"]) for one in entries] == [("DELEGATE", id_)]
    held = await listed(stack, DELEGATE)
    assert {one["channel"] for one in held} == {"PUSH", "EMAIL"}
    for one in (*entries, *held):
        assert (one["delegation_id"], one["status"]) == (delegation_id, "SENT")
    asked = {"prefer": "include=channels"}
    path = {"fiscal_code": CITIZEN, "id": id_}
    seen = await stack.call("read_sent_message", path=path, headers=asked)
    assert seen.status == 200
    assert delegation_id not in str(seen.body)
