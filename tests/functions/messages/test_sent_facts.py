"""Senders learn more about their messages where they ask for it."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.services.service import Group
from lib.ports.schema.notifications import NOTIFICATIONS
from tests.builders.former_claims import with_former_claim
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.services import with_groups
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack

ALL = {"prefer": "include=reference,rejection,channels,history"}


async def read(stack: Stack, id_: str, fiscal_code: str = CITIZEN, **call: Any) -> Reply:
    """Read a message as its sender, with all that Recapito adds."""
    path = {"fiscal_code": fiscal_code, "id": id_}
    return await stack.call("read_sent_message", path=path, **{"headers": ALL, **call})


async def test_a_reference_comes_back_on_request_alone(stack: Stack) -> None:
    """A reference is known, warned of nowhere, and shown with `Prefer` only."""
    reply = await stack.call("submit_message", a_message(reference="Prot. 2026/0012 = x"))
    assert reply.status == 201
    assert "Recapito-Warnings" not in reply.headers
    id_ = reply.body["id"]

    assert "reference" not in (await read(stack, id_, headers={})).body
    assert (await read(stack, id_)).body["reference"] == "Prot. 2026/0012 = x"


@pytest.mark.parametrize("wrong", ["", " a", "a ", "x" * 101, "è", "a\tb", 7])
async def test_a_wrong_reference_is_refused(stack: Stack, wrong: object) -> None:
    """The refusal names the field."""
    reply = await stack.call("submit_message", a_message(reference=wrong))

    assert (reply.status, reply.body["title"]) == (400, "Invalid message structure")
    assert [error["pointer"] for error in reply.body["errors"]] == ["/reference"]


async def test_another_reference_makes_another_body(stack: Stack) -> None:
    """The reference counts for the idempotency key, and a body without one has its old hash."""
    key = {"idempotency-key": "k"}
    first = await stack.call("submit_message", a_message(reference="A"), headers=key)
    again = await stack.call("submit_message", a_message(reference="A"), headers=key)
    other = await stack.call("submit_message", a_message(reference="B"), headers=key)

    assert first.body == again.body
    assert other.status == 422


async def test_a_notice_and_its_message_have_the_reference(stack: Stack) -> None:
    """A notice keeps the reference of its first submission."""
    receipt = (await stack.call("submit_payment_notice", a_notice(reference="N-1"))).body
    again = await stack.call("submit_payment_notice", a_notice(reference="N-2"))
    notice = await stack.call("read_sent_notice", path={"rpt_id": receipt["rpt_id"]})

    assert again.status == 200
    assert notice.body["reference"] == "N-1"
    assert (await read(stack, receipt["message_id"])).body["reference"] == "N-1"


async def test_rejections_that_are_the_citizen_s_own_look_the_same(stack: Stack) -> None:
    """A missing profile, a closed inbox and a blocked service are not told apart."""
    for fiscal_code in ("NOPROF00A00A000A", "INBOFF00A00A000A", "BLOCKD00A00A000A"):
        answer = await read(stack, await stack.deliver(fiscal_code=fiscal_code), fiscal_code)

        assert (answer.body["status"], answer.body["rejection_reason"]) == (
            "REJECTED",
            "NOT_REACHABLE",
        )
        assert answer.body["channels"] == []


async def test_the_channels_tell_how_a_message_was_announced(stack: Stack) -> None:
    """A delivered message has the notifications that announced it, with their times."""
    id_ = await stack.submit()
    assert (await read(stack, id_)).body["channels"] == []
    await stack.drain()

    answer = (await read(stack, id_)).body
    assert answer["channels"] == [
        {"channel": "PUSH", "status": "SENT", "at": "2026-11-23T09:00:00.000Z"}
    ]
    assert "rejection_reason" not in answer


async def test_the_channels_of_a_message_of_the_release_before(stack: Stack) -> None:
    """The claims of the release 2026.11.0 are read where there is no other."""
    id_ = await stack.deliver()
    await stack.store.delete(NOTIFICATIONS, CITIZEN, f"{id_}-MESSAGE-PUSH")
    at = "2026-11-23T08:00:00.000Z"
    await with_former_claim(stack, id_, "SENT", at, "MESSAGE-EMAIL")

    assert (await read(stack, id_)).body["channels"] == [
        {"channel": "EMAIL", "status": "SENT", "at": at}
    ]


async def test_the_channels_tell_nothing_of_a_reading(stack: Stack) -> None:
    """A needless notification looks like one that came too late."""
    shown = set()
    for status in (DeliveryStatus.OBSOLETE, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED):
        id_ = await stack.deliver()
        notifications = stack.app.repositories.notifications
        await notifications.settle(
            Delivery(CITIZEN, SubjectId(id_), "MESSAGE", "PUSH"), status, "2026-11-23T10:00:00.000Z"
        )
        shown.add(str((await read(stack, id_)).body["channels"]))

    assert shown == {
        "[{'channel': 'PUSH', 'status': 'NOT_SENT', 'at': '2026-11-23T10:00:00.000Z'}]"
    }


async def test_an_intermediary_reads_its_own_messages_alone(stack: Stack) -> None:
    """A message of the service that another account sent is not its own."""
    groups = Group.MESSAGE_WRITE, Group.MESSAGE_READ
    key = await with_groups(stack, *groups, service_id=SERVICE_ID, intermediary="an-account")
    theirs = await stack.deliver()
    own = (await stack.call("submit_message", a_message(), key=key)).body["id"]

    assert (await read(stack, own, key=key)).status == 200
    assert (await read(stack, theirs, key=key)).status == 403
    assert (await read(stack, own)).status == 200


async def test_the_channels_cost_two_reads_more(counted: CountedStack) -> None:
    """The other members cost nothing."""
    id_ = await counted.deliver()
    # the first look of a day writes an entry of the citizen's access log
    await read(counted, id_)
    for include, reads in (("reference,rejection,history", 1), ("channels", 3)):
        counted.reset()
        await read(counted, id_, headers={"prefer": f"include={include}"})
        assert counted.documents == {"read": reads}
