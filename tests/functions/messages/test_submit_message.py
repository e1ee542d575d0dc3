"""An accepted submission is answered, stored and queued."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.composition.secrets import key_hashes_of
from lib.composition.settings import Settings
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.shared.identifiers import is_ulid
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.senders import SENDER_KEYS
from tests.builders.messages import MARKDOWN, a_message, submitted
from tests.builders.payments import a_payment
from tests.builders.services import CONFIGURATION_ID, with_configuration
from tests.builders.settings import settings_for
from tests.stack import Stack, take
from tests.stored import stored_message, stored_text

KEY = {"idempotency-key": "2026-tari-000001"}


async def test_an_accepted_message_is_stored_and_queued(stack: Stack) -> None:
    """An accepted message gets 201 with IO's id and relative Location."""
    reply = await stack.call("submit_message", a_message())

    id_ = reply.body["id"]
    assert reply.status == 201
    assert is_ulid(id_)
    assert {"id": id_} == reply.body
    assert f"/api/v1/messages/{CITIZEN}/{id_}" == reply.headers["Location"]
    assert (await stored_message(stack, id_)).status == "ACCEPTED"
    assert [submitted(id_).text()] == [
        item.text for item in await take(stack.queue, MESSAGE_SUBMITTED)
    ]


async def test_the_recipient_may_stand_in_the_path(stack: Stack) -> None:
    """The deprecated form with the fiscal code in the path does the same."""
    reply = await stack.call(
        "submit_message_to", a_message(fiscal_code=None), path={"fiscal_code": CITIZEN}
    )

    assert reply.status == 201
    assert (await stored_message(stack, reply.body["id"])).fiscal_code == CITIZEN


async def test_defaults_are_filled_in(stack: Stack) -> None:
    """The stored message has IO's defaults, the sender's payee and dates in UTC."""
    content = {
        "payment_data": a_payment(),
        "third_party_data": await with_configuration(stack),
        "due_date": "2018-10-13T00:00:00+02:00",
    }

    message = await stored_message(stack, await stack.submit(content=content))

    assert message.time_to_live == 3600
    assert message.feature_level == "STANDARD"
    assert message.content is not None
    assert message.content.fields == {
        "subject": "Tassa sui rifiuti",
        "markdown": MARKDOWN,
        "due_date": "2018-10-12T22:00:00.000Z",
        "payment_data": {
            "amount": 8450,
            "notice_number": "301000000000000017",
            "invalid_after_due_date": False,
            "payee": {"fiscal_code": "01234567890"},
        },
        "third_party_data": {
            "id": "1",
            "configuration_id": CONFIGURATION_ID,
            "has_attachments": False,
            "has_remote_content": False,
        },
    }


async def test_default_addresses_are_discarded(stack: Stack) -> None:
    """No e-mail address of a submission is stored, as in IO."""
    id_ = await stack.submit(default_addresses={"email": "a@b.it"})

    assert "a@b.it" not in await stored_text(stack, MESSAGES, CITIZEN, id_)


async def test_an_accepted_message_that_nobody_fans_out_expires(stack: Stack) -> None:
    """A message whose submission was refused with 429 expires."""
    id_ = await stack.submit()

    stack.clock.advance(timedelta(days=31))

    with pytest.raises(MessageNotFoundError):
        await stored_message(stack, id_)


async def test_a_submission_during_an_outage_of_the_queue_gets_429(tmp_path: Any) -> None:
    """The sender may repeat the request, and gets Retry-After."""

    class AwayQueue:
        async def put(self, *_: Any, **__: Any) -> None:
            raise UnavailableError("away", retry_after=7)

        async def close(self) -> None:
            return

    stack = await Stack(tmp_path, queue=AwayQueue()).start()

    reply = await stack.call("submit_message", a_message(), headers=KEY)

    assert (reply.status, reply.headers["Retry-After"]) == (429, "7")
    await stack.app.close()


async def test_a_fault_shows_a_trace_id_and_nothing_of_itself(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """A 500 shows a trace id, which the log has too, and nothing of the citizen."""

    class BrokenQueue:
        async def put(self, _: str, text: str, **__: Any) -> None:
            raise RuntimeError(text)

        async def close(self) -> None:
            return

    stack = await Stack(tmp_path, queue=BrokenQueue()).start()

    reply = await stack.call("submit_message", a_message())

    assert (reply.status, reply.body.keys()) == (500, {"status", "title", "detail", "trace_id"})
    # a client of IO in use fails at a refusal without a detail
    assert reply.body["detail"].startswith("The fault is in the logs under the trace_id")
    assert reply.body["trace_id"] in caplog.text
    assert CITIZEN not in caplog.text
    assert SERVICE_ID not in caplog.text
    await stack.app.close()


async def test_a_revoked_key_is_refused_within_a_minute(tmp_path: Any) -> None:
    """A revoked key is refused at once without a cache, which is never older than 60 s."""
    assert Settings.model_fields["sender_cache_seconds"].metadata[1].le == 60
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    assert (await stack.call("submit_message", a_message())).status == 201
    hashed = key_hashes_of(stack.app.settings).of("sandbox-sender-key")
    await stack.store.delete(SENDER_KEYS, hashed, hashed)

    assert (await stack.call("submit_message", a_message())).status == 401
    await stack.app.close()


async def test_an_outage_during_the_lookup_of_a_key_gets_429(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A good key is not called wrong, and the next call looks it up again."""
    stack = await Stack(tmp_path).start()
    read, answers = stack.store.read, [UnavailableError("throttled", retry_after=3)]

    async def away_once(container: Container, *arguments: Any) -> Any:
        if container == SENDER_KEYS and answers:
            raise answers.pop()
        return await read(container, *arguments)

    monkeypatch.setattr(stack.store, "read", away_once)

    away = await stack.call("submit_message", a_message())
    back = await stack.call("submit_message", a_message())

    assert (away.status, away.headers["Retry-After"], back.status) == (429, "3", 201)
    await stack.app.close()
