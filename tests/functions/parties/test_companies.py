"""A company has an inbox, in which its representatives act."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from lib.adapters.embedded.registers.scripted_representatives import (
    COMPANY,
    OTHER_REPRESENTATIVE,
    REPRESENTATIVE,
)
from lib.adapters.embedded.registers.scripted_residents import ScriptedResidents
from lib.domain.personal_data.erasure_request import SETTLING
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice, send
from tests.builders.profiles import with_new_profile
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import sent, table
from tests.functions.parties.told import told
from tests.functions.personal_data.erasure_calls import GRACE
from tests.functions.personal_data.scans import places_of
from tests.stack import Reply, Stack

OTHER_COMPANY: Final = "12345678903"


async def act(stack: Stack, name: str, body: Any = None, **call: Any) -> Reply:
    """Call an endpoint for the company."""
    citizen = call.pop("citizen", REPRESENTATIVE)
    return await stack.call(name, body, citizen=citizen, party=COMPANY, **call)


async def with_company(stack: Stack) -> None:
    """Let the representative accept the terms, which opens the inbox."""
    profile = {"version": 0, "accepted_tos_version": 1.0}
    reply = await act(stack, "update_profile", profile)
    assert reply.status == 200, reply
    assert (reply.body["fiscal_code"], reply.body["name"]) == (COMPANY, "Sandbox S.r.l.")


async def test_a_message_reaches_a_company(stack: Stack) -> None:
    """The representative is told, and reads it as the other one does; nobody else is reached."""
    await with_company(stack)
    await with_new_profile(stack, REPRESENTATIVE)

    id_ = await stack.deliver(fiscal_code=COMPANY)

    assert [one.message_id for one in told(stack)] == [id_]
    for person in (REPRESENTATIVE, OTHER_REPRESENTATIVE):
        listed = await act(stack, "list_inbox", citizen=person)
        assert [one["id"] for one in listed.body["items"]] == [id_]
    opened = await act(stack, "read_message", path={"id": id_})
    assert opened.body["fiscal_code"] == COMPANY
    own = await stack.call("list_inbox", citizen=REPRESENTATIVE)
    assert own.body["items"] == []
    path = {"fiscal_code": COMPANY, "id": id_}
    assert (await stack.call("read_sent_message", path=path)).body["status"] == "PROCESSED"
    assert (await stack.call("list_inbox", citizen="STRNGR80A01H501U", party=COMPANY)).status == 403


async def test_a_company_without_a_profile_is_as_a_citizen_without_one(stack: Stack) -> None:
    """A sender learns nothing of whether the company exists."""
    for code in (COMPANY, OTHER_COMPANY):
        reply = await stack.call("read_recipient", path={"fiscal_code": code})
        assert reply.status == 404
    id_ = await stack.deliver(fiscal_code=OTHER_COMPANY)
    path = {"fiscal_code": OTHER_COMPANY, "id": id_}
    assert (await stack.call("read_sent_message", path=path)).body["status"] == "REJECTED"


@pytest.mark.parametrize("code", ["01234567890", "0123456789", "IT01234567897"])
async def test_a_wrong_code_is_refused_at_once(stack: Stack, code: str) -> None:
    """The check digit finds a typo; the words of another refusal are IO's."""
    reply = await stack.call("submit_message", a_message(fiscal_code=code))

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "/fiscal_code"


async def test_every_way_of_sending_takes_a_company(stack: Stack) -> None:
    """A payment notice, the row of a batch, a list of recipients, a recall."""
    await with_company(stack)
    notice = await send(stack, a_notice(fiscal_code=COMPANY))
    found = await stack.call("find_recipients", {"fiscal_codes": [COMPANY, OTHER_COMPANY]})
    batch = await sent(stack, [(COMPANY,), (OTHER_COMPANY,)])
    id_ = await stack.deliver(fiscal_code=COMPANY)
    recall = {"reason": "a mistake", "messages": [f"{COMPANY}/{id_}"]}
    recalled = await stack.call("withdraw_messages", recall)
    await stack.drain()

    assert notice.status == 201, notice
    assert [one["status"] for one in found.body["recipients"]] == [200, 404]
    rows = await table(stack, "read_batch_results_file", batch)
    assert len(rows) == 2
    assert recalled.status == 202
    inbox = (await act(stack, "list_inbox")).body["items"]
    assert len(inbox) == 2
    assert id_ not in {one["id"] for one in inbox}


async def test_the_register_of_residents_is_not_asked_about_a_company(tmp_path: Path) -> None:
    """It has persons alone."""

    class Residents(ScriptedResidents):
        async def standing(self, fiscal_code: str) -> Any:
            raise AssertionError(fiscal_code)

    settings = settings_for(tmp_path, resident_check_days=30)
    stack = await Stack(tmp_path, settings, residents=Residents()).start()
    await with_company(stack)

    await stack.deliver(fiscal_code=COMPANY)

    assert len((await act(stack, "list_inbox")).body["items"]) == 1
    await stack.app.close()


async def test_a_representative_deletes_all_of_a_company(stack: Stack, tmp_path: Path) -> None:
    """After the time in which another representative could abort it, nothing names the company."""
    await with_company(stack)
    await stack.deliver(fiscal_code=COMPANY)
    assert (await act(stack, "request_user_data", {"choice": "DOWNLOAD"})).status == 200
    await stack.drain()
    assert (await act(stack, "download_user_data")).status == 200
    assert (await act(stack, "request_user_data", {"choice": "DELETE"})).status == 200

    await stack.drain()
    for step in (GRACE, SETTLING, SETTLING):
        stack.clock.advance(step + timedelta(seconds=1))
        await stack.tick()

    assert places_of(tmp_path, COMPANY) == set()
