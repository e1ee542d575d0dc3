"""A citizen with a validated address gets e-mails beside pushes."""

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    EMAIL_CITIZEN,
    MANAGE_KEY,
    ORGANIZATION,
    SERVICE_ID,
)
from lib.adapters.embedded.captured.mailer import CapturedMailer
from lib.ports.mailer import LOGO_ID, Mail
from lib.ports.queueing.names import EMAIL_REQUESTED
from lib.ports.send_errors import NotSentError
from tests.builders.documents import a_logo
from tests.builders.payments import a_payment
from tests.builders.profiles import ADDRESS, with_preference, with_profile
from tests.doubles.clock import StillClock
from tests.functions.notifications.email_calls import status
from tests.stack import Stack, take


async def test_an_email_goes_out_beside_the_push_and_is_recorded(stack: Stack) -> None:
    """The e-mail has the sender and the subject where the citizen wants previews."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN, content={"payment_data": a_payment()})

    (mail,) = stack.mailer.sent
    assert (mail.to, mail.message_id, mail.id) == (ADDRESS, id_, f"{id_}-MESSAGE-EMAIL")
    assert mail.subject == "Comune di Esempio: Tassa sui rifiuti"
    assert "84,50\xa0€" in mail.text
    assert mail.unsubscribe.startswith("http://127.0.0.1:7071/api/mail/v1/unsubscribe/")
    assert mail.unsubscribe in mail.text
    assert "Entra nell'app" in mail.html
    assert "trova" not in mail.text
    assert len(stack.push.sent) == 1
    assert await status(stack, id_) == "SENT"


@pytest.mark.parametrize("language", ["it_IT", "de_DE"])
async def test_an_email_is_in_the_citizen_s_language(stack: Stack, language: str) -> None:
    """E-mail and push are in the first language that the citizen chose."""
    await with_profile(
        stack,
        EMAIL_CITIZEN,
        preferred_languages=[language],
        push_notifications_content_type="ANONYMOUS",
    )
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    expected = {"it_IT": "Hai un nuovo messaggio", "de_DE": "Sie haben eine neue Nachricht"}[
        language
    ]
    (mail,), (push,) = stack.mailer.sent, stack.push.sent
    assert mail.subject == push.title == expected
    assert "Esempio" not in mail.text + mail.html


@pytest.mark.parametrize(
    "changes",
    [
        {"is_email_enabled": False},
        {"is_email_validated": False},
        {"is_email_validated": ...},
        {"email": ...},
        {
            "service_preferences_settings": {"mode": "LEGACY", "version": -1},
            "blocked_inbox_or_channels": {SERVICE_ID: ["EMAIL"]},
        },
    ],
)
async def test_a_citizen_who_wants_no_email_gets_none(
    stack: Stack, changes: dict[str, Any]
) -> None:
    """No e-mail is queued, and the push is sent as before."""
    await with_profile(stack, EMAIL_CITIZEN, **changes)

    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    assert not stack.mailer.sent
    assert await status(stack, id_) is None
    assert len(stack.push.sent) == 1


async def test_a_choice_blocks_the_e_mails_of_a_service(stack: Stack) -> None:
    """A choice blocks e-mails in AUTO mode too; a void choice blocks none."""
    await with_preference(stack, EMAIL_CITIZEN, is_email_enabled=False)
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert not stack.mailer.sent

    await with_preference(stack, EMAIL_CITIZEN, version=-1, is_email_enabled=False)
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    assert len(stack.mailer.sent) == 1


async def test_a_message_for_secure_channels_is_not_emailed(stack: Stack) -> None:
    """A message for secure channels has an anonymous push and no e-mail."""
    await stack.deliver(fiscal_code=EMAIL_CITIZEN, content={"require_secure_channels": True})

    assert not stack.mailer.sent
    assert [push.title for push in stack.push.sent] == ["Hai un nuovo messaggio"]


async def test_no_queue_item_names_an_address(stack: Stack) -> None:
    """The address is read when the e-mail is sent."""
    id_ = await stack.submit(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = NotSentError("away")
    await stack.drain()
    stack.clock.advance(timedelta(seconds=30))

    (item,) = await take(stack.queue, EMAIL_REQUESTED)

    assert id_ in item.text
    assert "@" not in item.text


@pytest.mark.parametrize(
    "changes",
    [
        {"is_email_enabled": False},
        {"is_email_validated": False},
        {"email": ...},
        {
            "service_preferences_settings": {"mode": "LEGACY", "version": -1},
            "blocked_inbox_or_channels": {SERVICE_ID: ["EMAIL"]},
        },
    ],
)
async def test_a_choice_made_before_the_email_is_sent_holds(
    stack: Stack, changes: dict[str, Any]
) -> None:
    """An e-mail that waits is OBSOLETE once the citizen wants none."""
    stack.mailer.failure = NotSentError("away")
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None
    await with_profile(stack, EMAIL_CITIZEN, **changes)

    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    assert not stack.mailer.sent
    assert await status(stack, id_) == "OBSOLETE"


async def test_an_email_follows_the_settings_at_its_sending(stack: Stack) -> None:
    """An e-mail goes to the present address, without a preview where none is wanted."""
    stack.mailer.failure = NotSentError("away")
    await stack.deliver(fiscal_code=EMAIL_CITIZEN)
    stack.mailer.failure = None
    await with_profile(
        stack, EMAIL_CITIZEN, email="new@example.org", push_notifications_content_type="ANONYMOUS"
    )

    stack.clock.advance(timedelta(seconds=30))
    await stack.drain()

    (mail,) = stack.mailer.sent
    assert (mail.to, mail.subject) == ("new@example.org", "Hai un nuovo messaggio")


async def test_without_a_mail_server_no_email_is_asked_for(stack: Stack) -> None:
    """Without a mail server no e-mail is queued, and none can be validated."""
    await stack.app.close()
    bare = Stack(stack.app.settings.data_folder, mailer=None)

    id_ = await bare.deliver(fiscal_code=EMAIL_CITIZEN)

    assert await status(bare, id_) is None
    assert await status(bare, id_, "MESSAGE-PUSH") == "SENT"
    reply = await bare.call("request_email_validation", citizen=EMAIL_CITIZEN)
    assert reply.status == 503
    stack.app = bare.app


async def test_the_sandbox_s_other_citizens_get_no_email(stack: Stack) -> None:
    """A citizen without an address gets no e-mail."""
    await stack.deliver(fiscal_code=CITIZEN)

    assert not stack.mailer.sent


@pytest.mark.parametrize("previews", ["FULL", "ANONYMOUS"])
async def test_an_email_with_previews_has_the_sender_s_logo(stack: Stack, previews: str) -> None:
    """It is the one that the organisation uploaded; without previews nothing names the sender."""
    await with_profile(stack, EMAIL_CITIZEN, push_notifications_content_type=previews)
    path = {"organization_fiscal_code": ORGANIZATION}
    body = {"logo": base64.b64encode(a_logo()).decode()}
    await stack.call("set_organization_logo", body, path=path, key=MANAGE_KEY)

    await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    (mail,) = stack.mailer.sent
    assert mail.logo.startswith(b"\x89PNG") == (previews == "FULL")
    assert (f"cid:{LOGO_ID}" in mail.html) == (previews == "FULL")


async def test_the_button_opens_the_message_in_the_inbox(stack: Stack) -> None:
    """Without an app of the operator's, the message opens in the inbox of this installation."""
    id_ = await stack.deliver(fiscal_code=EMAIL_CITIZEN)

    (mail,) = stack.mailer.sent
    address = f"http://127.0.0.1:7071/inbox/messages/{id_}"
    assert f"Apri il messaggio:\n{address}\n" in mail.text
    assert f'href="{address}"' in mail.html


async def test_the_sandbox_keeps_an_email_that_a_browser_can_show(tmp_path: Path) -> None:
    """The logo stands in the HTML of the file, which has no parts beside it."""
    clock, file = StillClock(), tmp_path / "notifications.jsonl"
    mail = Mail(
        id="an-id",
        to=ADDRESS,
        language="it",
        subject="s",
        text="t",
        html=f'<img src="cid:{LOGO_ID}">',
        logo=b"a picture",
    )

    await CapturedMailer(file, clock).send(mail)

    (line,) = file.read_text().splitlines()
    kept = json.loads(line)
    assert kept["html"] == '<img src="data:image/png;base64,YSBwaWN0dXJl">'
    assert "logo" not in kept
