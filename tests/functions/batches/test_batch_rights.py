"""A batch is sent with the present rights of the key that made it, and steered by its own."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import OPERATOR_KEY, ORGANIZATION, SENDER_KEY, SERVICE_ID
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.ports.queueing.names import BATCH_CHUNK
from lib.repositories.batches.batch_files import BatchFiles
from tests.builders.organizations import INTERMEDIARY, with_organization
from tests.builders.payment_notices import number
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.builders.vouchers import VoucherSender
from tests.functions.batches.batch_calls import (
    CITIZENS,
    CONTENT,
    a_list,
    ask,
    checked,
    fails,
    make,
    sent,
    state,
    table,
    upload,
    with_citizens,
)
from tests.functions.organizations.sides import Sides
from tests.stack import Stack, refusal

WRITE = (Group.MESSAGE_WRITE, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)
LIMITED = (Group.LIMITED_MESSAGE_WRITE, Group.MESSAGE_READ, Group.LIMITED_PROFILE_READ)
STEPS = ("send_batch", "approve_batch", "pause_batch", "resume_batch", "cancel_batch")


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that caches no keys, with citizens."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0)).start()
    await with_citizens(stack)
    yield stack
    await stack.app.close()


async def limited(stack: Stack) -> str:
    """Return a key of the sandbox's service that may write to one citizen."""
    return await with_groups(
        stack,
        *LIMITED,
        service_id=SERVICE_ID,
        key="sandbox-limited-batch-key",
        authorized_recipients=[CITIZENS[0]],
    )


async def count(stack: Stack, citizen: str) -> int:
    """Count the messages in a citizen's inbox."""
    return len((await stack.call("list_inbox", citizen=citizen)).body["items"])


async def test_rows_to_other_recipients_are_rejected(fresh: Stack) -> None:
    """The check tells of them as well, and tells nothing else about those citizens."""
    key = await limited(fresh)
    id_ = await sent(fresh, [[one] for one in CITIZENS], key=key)

    found = await state(fresh, id_, key)
    assert found["check"]["counts"] == {"REACHABLE": 1, "RECIPIENT_NOT_ALLOWED": 2}
    assert found["progress"]["outcomes"] == {"SENT": 1, "REJECTED": 2}
    assert found["progress"]["reasons"] == {"RECIPIENT_NOT_ALLOWED": 2}
    unreached = await table(fresh, "read_batch_unreached_file", id_, key)
    assert [(one["reason"], one["message_id"]) for one in unreached] == [
        ("RECIPIENT_NOT_ALLOWED", "")
    ] * 2
    assert [await count(fresh, one) for one in CITIZENS] == [1, 0, 0]


@pytest.mark.parametrize("step", STEPS)
async def test_a_limited_key_has_no_say_in_another_key_s_batch(fresh: Stack, step: str) -> None:
    """That batch is sent with the rights of the key that made it; reading it is allowed."""
    key = await limited(fresh)
    id_ = await checked(fresh, [[one] for one in CITIZENS])

    assert refusal(await ask(fresh, step, id_, key=key))[:2] == (403, "Batch of another key")
    reply = await upload(fresh, id_, a_list([[CITIZENS[0]]]), key=key)
    assert refusal(reply)[:2] == (403, "Batch of another key")
    assert (await state(fresh, id_, key))["status"] == "CHECKED"


async def test_a_key_for_all_sends_a_limited_key_s_batch_as_that_key(fresh: Stack) -> None:
    """Who presses the button gives the batch no rights."""
    id_ = await checked(fresh, [[one] for one in CITIZENS], key=await limited(fresh))
    assert (await ask(fresh, "send_batch", id_)).status == 202
    await fresh.drain()

    assert (await state(fresh, id_))["progress"]["outcomes"] == {"SENT": 1, "REJECTED": 2}


async def test_an_intermediary_has_its_own(fresh: Stack) -> None:
    """It neither sees nor changes the others; the service sees and changes all."""
    one, other = [
        await with_groups(
            fresh, *WRITE, service_id=SERVICE_ID, intermediary=name, key=f"sandbox-key-of-{name}"
        )
        for name in ("one", "other")
    ]
    own, of_service = await make(fresh, key=one), await make(fresh)

    async def listed(key: str) -> list[str]:
        reply = await fresh.call("list_batches", key=key)
        return [item["id"] for item in reply.body["items"]]

    assert [await listed(one), await listed(other)] == [[own], []]
    assert await listed(SENDER_KEY) == sorted([own, of_service], reverse=True)
    files = ("list_batch_problems", "read_batch_problems_file", "read_batch_results_file")
    for key, id_ in ((one, of_service), (other, of_service), (other, own)):
        for name in (*STEPS, *files, "read_batch", "retry_batch", "read_batch_unreached_file"):
            assert (await ask(fresh, name, id_, key=key)).status == 404, name
        assert (await upload(fresh, id_, a_list([[CITIZENS[0]]]), key=key)).status == 404
    assert (await ask(fresh, "cancel_batch", own)).status == 202


async def test_rows_after_a_revocation_are_not_sent(fresh: Stack) -> None:
    """The rows before it are sent; the service still sees the batch and its results."""
    sides = await Sides(fresh).start()
    await sides.give()
    key = await sides.sending_key()
    id_ = await checked(fresh, [[one] for one in CITIZENS], key=key, rows_per_minute=1)
    await ask(fresh, "send_batch", id_, key=key)
    await fresh.drain()
    assert (await state(fresh, id_, key))["status"] == "RUNNING"

    await sides.organization("revoke_given_delegation")
    for _ in CITIZENS:
        fresh.clock.advance(timedelta(seconds=61))
        await fresh.drain()

    assert (await ask(fresh, "read_batch", id_, key=key)).status == 401
    found = await state(fresh, id_)
    assert found["status"] == "FINISHED"
    assert found["progress"]["outcomes"] == {"SENT": 1, "REJECTED": 2}
    assert found["progress"]["reasons"] == {"SENDER_NOT_ALLOWED": 2}
    assert sum([await count(fresh, one) for one in CITIZENS]) == 1


async def test_a_row_that_was_sent_before_a_revocation_counts_as_sent(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its run ended before it stored the result, and comes again."""
    sides = await Sides(fresh).start()
    await sides.give()
    key = await sides.sending_key()
    id_ = await checked(fresh, [[CITIZENS[0]]], key=key)
    await ask(fresh, "send_batch", id_, key=key)
    with monkeypatch.context() as outage:
        outage.setattr(BatchFiles, "store_results", fails)
        await fresh.drain()
    assert await count(fresh, CITIZENS[0]) == 1

    await sides.organization("revoke_given_delegation")
    fresh.clock.advance(timedelta(minutes=10))
    await fresh.drain()

    assert (await state(fresh, id_))["progress"]["outcomes"] == {"SENT": 1}
    assert await count(fresh, CITIZENS[0]) == 1


async def test_a_suspended_organisation_sends_no_row(fresh: Stack) -> None:
    """A batch that was asked for before the suspension reaches nobody."""
    key = await with_groups(fresh, *WRITE)
    id_ = await checked(fresh, [[one] for one in CITIZENS], key=key)
    await ask(fresh, "send_batch", id_, key=key)
    await with_organization(fresh, OrganizationState.SUSPENDED, ORGANIZATION)
    await fresh.drain()
    path = {"fiscal_code": ORGANIZATION}
    await fresh.call("approve_organization", path=path, key=OPERATOR_KEY)

    assert (await state(fresh, id_, key))["progress"]["outcomes"] == {"REJECTED": 3}
    assert [await count(fresh, one) for one in CITIZENS] == [0, 0, 0]


async def test_a_foreign_payee_is_told_nothing(fresh: Stack) -> None:
    """The check of a payment that the key may not ask for does not say whether it was paid."""
    rows = [[CITIZENS[0], number(1), "100", INTERMEDIARY]]
    header = ("cf", "numero_avviso", "amount", "payee_fiscal_code")
    key = await with_groups(fresh, *WRITE, max_allowed_payment_amount=1000)
    id_ = await checked(fresh, rows, header=header, key=key)

    assert (await state(fresh, id_, key))["check"]["counts"] == {"SENDER_NOT_ALLOWED": 1}


async def test_a_voucher_sends_a_batch(fresh: Stack) -> None:
    """The messages name the evidence of the clerk who asked to send them."""
    sender = VoucherSender(fresh)
    body = {"name": "TARI 2027", "content": CONTENT, "recipients": [{"cf": CITIZENS[0]}]}
    made = await sender.call("create_batch", body)
    assert made.status == 201, made
    await fresh.drain()
    path = {"id": made.body["id"]}
    asked = await sender.call("send_batch", b"", sender.with_evidence(), path=path)
    assert asked.status == 202, asked
    await fresh.drain()

    (result,) = await table(fresh, "read_batch_results_file", path["id"])
    message = await fresh.call(
        "read_sent_message",
        path={"fiscal_code": CITIZENS[0], "id": result["message_id"]},
        headers={"prefer": "include=evidence"},
    )
    assert message.body["evidence_id"] == asked.headers["Recapito-Evidence"]


async def test_operators_have_no_batches(fresh: Stack) -> None:
    """An operator's key neither makes nor reads one."""
    id_ = await make(fresh)
    assert (await ask(fresh, "read_batch", id_, key=OPERATOR_KEY)).status == 403
    assert (await fresh.call("list_batches", key=OPERATOR_KEY)).status == 403


async def test_a_limited_key_steers_its_own_batch(fresh: Stack) -> None:
    """Also one that the cancellation leaves nothing of."""
    key = await limited(fresh)
    id_ = await checked(fresh, [[CITIZENS[0]]], key=key)
    for name, status in (
        ("send_batch", "RUNNING"),
        ("pause_batch", "PAUSED"),
        ("resume_batch", "RUNNING"),
        ("cancel_batch", "CANCELLED"),
    ):
        assert (await ask(fresh, name, id_, key=key)).body["status"] == status
    await fresh.drain()
    assert await fresh.queue.length(BATCH_CHUNK) == 0
    assert await count(fresh, CITIZENS[0]) == 0
