"""A citizen asks for a certificate, and its service answers by a message."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.timers.operations import sweep
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.attachments.file_calls import PDF, download, state, upload
from tests.functions.certificates.certificate_calls import (
    REFUSAL,
    TEXT,
    VALUES,
    answer,
    ask,
    asked,
    fulfilment,
    own,
    received,
    save,
    withdraw,
)
from tests.functions.personal_data.data_calls import archive_of, read_json
from tests.stack import Stack, refusal

DAY = timedelta(days=1)


async def test_a_request_is_fulfilled_by_a_message_with_its_file(stack: Stack) -> None:
    """Both sides see where it stands, at each step."""
    id_ = await asked(stack)
    (mine,) = await own(stack)
    theirs = await received(stack, id_)
    assert theirs == {**mine, "fiscal_code": CITIZEN}
    assert (mine["status"], mine["values"], mine["expires_at"]) == (
        "PENDING",
        VALUES,
        "2026-12-03T09:00:00.000Z",
    )
    waiting = await stack.call("list_certificate_requests", query={"status": "PENDING"})
    assert [one["id"] for one in waiting.body["items"]] == [id_]

    body = await fulfilment(stack)
    done = await answer(stack, id_, body)
    again = await answer(stack, id_, body)
    await stack.drain()

    assert (done.status, done.body["status"]) == (200, "FULFILLED")
    assert again.body == done.body
    message_id = done.body["message_id"]
    assert (await download(stack, message_id, body["attachments"][0])).body == PDF
    inbox = await stack.call("list_inbox", citizen=CITIZEN)
    assert [one["id"] for one in inbox.body["items"]] == [message_id]
    assert (await own(stack))[0]["message_id"] == message_id
    waiting = await stack.call("list_certificate_requests", query={"status": "PENDING"})
    assert waiting.body == {"items": []}


async def test_a_request_is_refused_with_a_reason(stack: Stack) -> None:
    """The citizen reads it in a message and in the list."""
    id_ = await asked(stack)

    assert (await answer(stack, id_, REFUSAL)).body["status"] == "REFUSED"
    await stack.drain()

    (mine,) = await own(stack)
    assert (mine["status"], mine["reason"]) == ("REFUSED", REFUSAL["reason"])
    read = await stack.call("read_message", path={"id": mine["message_id"]}, citizen=CITIZEN)
    assert read.body["content"]["subject"] == REFUSAL["subject"]
    assert (await ask(stack)).status == 201


async def test_an_answer_that_cannot_be_sent_changes_nothing(stack: Stack) -> None:
    """The request waits on, and its citizen may withdraw it."""
    id_, body = await asked(stack), await fulfilment(stack)
    unready = {**body, "attachments": [await upload(stack)]}
    for wrong, status in (
        ({**body, "attachments": []}, 400),
        ({**REFUSAL, "attachments": body["attachments"]}, 400),
        ({**body, "attachments": ["01J0000000000000000000000A"]}, 404),
        (unready, 409),
        ({**body, "subject": "corto"}, 400),
        ({**body, "markdown": TEXT[:20]}, 400),
    ):
        assert (await answer(stack, id_, wrong)).status == status, wrong
        assert (await received(stack, id_))["status"] == "PENDING"

    assert (await withdraw(stack, id_)).body["status"] == "WITHDRAWN"


async def test_a_citizen_withdraws_a_request(stack: Stack) -> None:
    """Its service sees it; a late answer is refused, and its file stays free."""
    id_, body = await asked(stack), await fulfilment(stack)
    for _ in range(2):
        assert (await withdraw(stack, id_)).body["status"] == "WITHDRAWN"

    late = await answer(stack, id_, body)

    assert refusal(late)[:2] == (409, "Request in another status")
    assert (await received(stack, id_))["status"] == "WITHDRAWN"
    assert (await state(stack, body["attachments"][0]))["status"] == "READY"
    assert (await withdraw(stack, id_, OTHER_CITIZEN)).status == 404


async def test_an_answered_request_is_not_withdrawn(stack: Stack) -> None:
    """The message is there."""
    id_ = await asked(stack)
    await answer(stack, id_, REFUSAL)

    assert (await withdraw(stack, id_)).status == 409


async def test_answer_and_withdrawal_at_the_same_time(stack: Stack) -> None:
    """One of them counts: there is a message, or there is none."""
    for _ in range(5):
        id_ = await asked(stack)
        await asyncio.gather(answer(stack, id_, REFUSAL), withdraw(stack, id_))
        found = await received(stack, id_)
        assert found["status"] in {"REFUSED", "WITHDRAWN"}
        assert ("message_id" in found) == (found["status"] == "REFUSED")


async def test_two_answers_at_the_same_time_send_one_message(stack: Stack) -> None:
    """The other is refused."""
    id_ = await asked(stack)
    body = await fulfilment(stack)

    replies = await asyncio.gather(answer(stack, id_, REFUSAL), answer(stack, id_, body))
    await stack.drain()

    assert min(one.status for one in replies) == 200
    assert max(one.status for one in replies) == 409
    inbox = await stack.call("list_inbox", citizen=CITIZEN)
    assert len(inbox.body["items"]) == 1


async def test_a_request_expires(stack: Stack) -> None:
    """After the days that the certificate says; both sides see it, and a message tells it."""
    await save(stack, title="Certificato [storico](https://x.example)")
    id_ = (await ask(stack)).body["id"]
    stack.clock.advance(10 * DAY)
    await sweep.tick(stack.app)
    await stack.drain()

    theirs, (mine,) = await received(stack, id_), await own(stack)
    assert (theirs["status"], mine["status"]) == ("EXPIRED", "EXPIRED")
    path = {"id": mine["message_id"]}
    for language, subject, begin in (
        ("it_IT", "Richiesta scaduta: ", "**Comune di Esempio** non ha risposto in tempo"),
        ("de_DE", "Anfrage abgelaufen: ", "**Comune di Esempio** hat "),
    ):
        query = {"language": language, "public_message": "true"}
        told = await stack.call("read_message", path=path, query=query, citizen=CITIZEN)
        assert told.body["sender_service_id"] == SERVICE_ID
        content = told.body["content"]
        assert content["subject"] == subject + "Certificato [storico](https://x.example)"
        assert content["markdown"].startswith(begin)
        assert r"\[storico\]" in content["markdown"]
    assert (await answer(stack, id_, REFUSAL)).status == 409
    assert await stack.app.certificates.expire() == 0


async def test_one_open_request_for_each_certificate(stack: Stack) -> None:
    """The same again is answered with it, also at the same time; another one is refused."""
    await save(stack)

    replies = await asyncio.gather(*(ask(stack) for _ in range(5)))

    assert {one.status for one in replies} == {201}
    assert len({one.body["id"] for one in replies}) == 1
    other = await ask(stack, values={"motivo": "Altro"})
    assert refusal(other)[:2] == (409, "Request open")
    assert len(await own(stack)) == 1


async def test_a_citizen_may_ask_ten_times_a_day(stack: Stack) -> None:
    """The next day again."""
    for _ in range(10):
        assert (await withdraw(stack, await asked(stack))).status == 200
    assert (await ask(stack)).status == 429

    stack.clock.advance(DAY)

    assert (await ask(stack)).status == 201


@pytest.mark.parametrize(
    "values",
    [{}, {"motivo": "  "}, {**VALUES, "note": "x" * 21}, {**VALUES, "altro": "x"}, {"motivo": 1}],
)
async def test_a_wrong_form_is_refused(stack: Stack, values: dict[str, Any]) -> None:
    """The refusal names the field."""
    await save(stack)

    reply = await ask(stack, values=values)

    assert reply.status == 400
    assert await own(stack) == []


async def test_what_is_not_offered_cannot_be_asked_for(stack: Stack) -> None:
    """Neither an unknown certificate nor one of an unknown service."""
    await save(stack)

    assert (await ask(stack, certificate="nascita")).status == 404
    assert (await ask(stack, service_id="unknown-service")).status == 404


async def test_the_copy_of_all_data_has_the_requests(stack: Stack) -> None:
    """With what the citizen wrote."""
    id_ = await asked(stack)

    files = await archive_of(stack)

    (found,) = read_json(files, "certificate-requests.json")
    assert (found["id"], found["values"]) == (id_, VALUES)
