"""A citizen of whom each container that may name one has something."""

import json
from datetime import timedelta
from typing import Any, Final

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, SLOW_KEY
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.citizens import InboxSearched
from lib.ports.queueing.names import INBOX_SEARCHED, RECALL_REQUESTED
from lib.repositories.inbox.search.word_index import WordIndex
from lib.use_cases.inbox import search_inbox
from tests.builders import payment_notices
from tests.builders.managed_services import Manager
from tests.builders.messages import a_message
from tests.builders.parties import DELEGATE, offered, with_delegation, with_registered
from tests.builders.payments import DUE, a_payment, payable
from tests.builders.profiles import (
    OTHER_CITIZEN,
    with_activation,
    with_new_profile,
    with_preference,
    with_profile,
    with_standing,
)
from tests.builders.remote_content import a_configuration, create
from tests.builders.services import with_service
from tests.builders.sessions import a_session, with_session
from tests.doubles.clock import START
from tests.functions.attachments import file_calls
from tests.functions.batches.batch_calls import a_number, ask, checked, make, sent, upload
from tests.functions.certificates import certificate_calls
from tests.functions.devices.device_calls import subscribe
from tests.functions.documents.kept_calls import keep
from tests.functions.messages.scheduled_calls import schedule
from tests.stack import Stack, take

VICTIM: Final = OTHER_CITIZEN
"""The citizen who lives, and who is erased."""
ADDRESS: Final = "mario.rossi@example.org"
HEADER: Final = ("codice_fiscale", "nome")
LETTER: Final = {
    "subject": "Tassa sui rifiuti 2027",
    "markdown": "Gentile {{ nome }}, " + "il tuo avviso è disponibile. " * 4,
}


async def live(stack: Stack) -> dict[str, Any]:
    """Let the citizen get and choose all there is; return the ids that a test may ask for."""
    ids: dict[str, Any] = {}
    await _settings(stack)
    await stack.call("read_recipient", path={"fiscal_code": VICTIM})
    ids["plain"] = await stack.deliver(fiscal_code=VICTIM, reference="prot-1")
    ids["paid"] = await stack.deliver(
        fiscal_code=VICTIM, content={"payment_data": a_payment(), "due_date": DUE}
    )
    ids["bystander"] = await stack.deliver(
        content={"payment_data": a_payment(), "due_date": DUE}, reference="prot-2"
    )
    about = {"kind": "PERSON", "label": "Mario", "identifier": VICTIM}
    await stack.deliver(about=about)
    notice = payment_notices.a_notice(
        fiscal_code=VICTIM, instalments=[*payment_notices.INSTALMENTS]
    )
    assert (await payment_notices.send(stack, notice)).status == 201
    await stack.drain()
    ids["batch"] = await sent(
        stack,
        [[VICTIM, "Mario", *[""] * 3], ["VRDLCU85M41F205J", "Lucia", *about.values()]],
        header=(*HEADER, "about_kind", "about_label", "about_identifier"),
        content=LETTER,
    )
    ids["open batch"] = await checked(
        stack, [["VRDLCU85M41F205J", "Lucia"], [VICTIM, "Mario"]], header=HEADER, content=LETTER
    )
    unchecked = await make(stack, content=LETTER)
    content = f"codice_fiscale;nome\n{VICTIM.lower()};Mario\n".encode()
    assert (await upload(stack, unchecked, content)).status == 202
    assert (await ask(stack, "cancel_batch", unchecked)).status == 202
    await stack.drain()
    await _of_senders(stack)
    await _files(stack)
    await _searched(stack)
    await certificate_calls.asked(stack, VICTIM)
    ids["scheduled"] = await schedule(stack, START + timedelta(days=20), fiscal_code=VICTIM)
    await _held(stack, ids)
    await _in_doubt(stack)
    await with_registered(stack, CITIZEN, VICTIM)
    await with_registered(stack, VICTIM, CITIZEN)
    await fan_out_message.dead_letter(stack.app, json.dumps({"fiscal_code": VICTIM}))
    await stack.call("request_user_data", {"choice": "DOWNLOAD"}, citizen=VICTIM)
    await stack.drain()
    ids["recalled"] = await _recalled(stack)
    return ids


async def _settings(stack: Stack) -> None:
    settings = {"email": ADDRESS, "is_email_validated": True, "max_daily_notifications": 50}
    await with_profile(stack, VICTIM, **settings)
    assert (await stack.call("read_profile", citizen=VICTIM)).status == 200
    await with_preference(stack, VICTIM)
    await with_activation(stack, "ACTIVE", citizen=VICTIM)
    await with_standing(stack, VICTIM)
    await with_session(stack, VICTIM, a_session())
    await with_new_profile(stack, DELEGATE)
    await with_delegation(stack, VICTIM, is_notified=True)
    await with_delegation(stack, CITIZEN, VICTIM, is_notified=True)
    await offered(stack, VICTIM)
    for device in ("phone", "tablet"):
        body = {"platform": "fcmv1", "pushChannel": f"a-token-of-the-{device}"}
        path = {"installation_id": device}
        await stack.call("register_installation", body, path=path, citizen=VICTIM)
    await subscribe(stack, "browser", "of-the-browser", citizen=VICTIM)
    await stack.call("find_recipients", {"fiscal_codes": [VICTIM, CITIZEN]})
    await stack.drain()


async def _files(stack: Stack) -> None:
    """Let the citizen keep a file of a message."""
    id_ = await file_calls.ready(stack)
    message_id = await file_calls.deliver(stack, id_, fiscal_code=VICTIM)
    kept = await keep(stack, id_, VICTIM, message_id=message_id)
    assert kept.status in {200, 201}, kept


async def _searched(stack: Stack) -> None:
    """Let the inbox be indexed, as one with many messages is after a search."""
    now = int(stack.clock.now().timestamp())
    assert await WordIndex(stack.store).ask(VICTIM, None, search_inbox.START, now)
    await stack.queue.put(INBOX_SEARCHED, InboxSearched(fiscal_code=VICTIM).text())
    await stack.drain()


async def _of_senders(stack: Stack) -> None:
    """Let organisations name the citizen in their own settings."""
    manager = Manager(stack)
    await manager.approved(auto_publish=True, authorized_recipients=[CITIZEN, VICTIM])
    await create(stack, a_configuration(disable_lollipop_for=[VICTIM]), MANAGE_KEY)


async def _held(stack: Stack, ids: dict[str, Any]) -> None:
    """Let a service hold a second message for a payment, under a key that no process has cached."""
    await with_service(stack, duplicate_policy="HOLD")
    content = payable(notice_number=a_number(118))
    for citizen in (CITIZEN, VICTIM):
        body = a_message(fiscal_code=citizen, content=content)
        reply = await stack.call("submit_message", body, key=SLOW_KEY)
        assert reply.status == 201, reply
        await stack.drain()
    ids["held"] = reply.body["id"]


async def _in_doubt(stack: Stack) -> None:
    """Let a push end in doubt, and the day's limit hold back another one."""
    stack.push.failure = UnavailableError("no answer")
    await stack.deliver(fiscal_code=VICTIM)
    stack.push.failure = None
    stack.clock.advance(timedelta(hours=1))
    await stack.tick()
    await with_profile(stack, VICTIM, max_daily_notifications=0)
    await stack.deliver(fiscal_code=VICTIM)
    await with_profile(stack, VICTIM, max_daily_notifications=...)


async def _recalled(stack: Stack) -> str:
    """Begin a recall whose item is lost, so that its recipients stay."""
    target = f"{VICTIM}/01J0000000000000000000000A"
    body = {"reason": "a mistake", "messages": [target]}
    reply = await stack.call("withdraw_messages", body)
    assert reply.status == 202, reply
    for item in await take(stack.queue, RECALL_REQUESTED):
        await stack.queue.delete(RECALL_REQUESTED, item)
    return str(reply.body["id"])
