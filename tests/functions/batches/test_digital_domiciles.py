"""The file of the unreached shows the digital domiciles of their citizens on request."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import LIMITED_KEY
from lib.domain.batches.status import BatchStatus
from lib.use_cases.batches import find_domiciles
from lib.use_cases.batches.find_domiciles import ASKING, FRESH, WAIT
from tests.builders.profiles import with_new_profile
from tests.doubles.telemetry import Kept
from tests.functions.batches.batch_calls import ask, checked, sent, table
from tests.functions.batches.domicile_calls import (
    ADDRESS,
    FILE,
    REACHED,
    WITH,
    WITHOUT,
    Register,
    an_ended_batch,
    domiciles,
    rows_of,
    stack_with,
)
from tests.functions.batches.kept_files import KEPT, pass_days
from tests.stack import Stack, refusal


@pytest.fixture
def register() -> Register:
    """Return a register."""
    return Register()


@pytest.fixture
async def asking(tmp_path: Path, register: Register) -> AsyncIterator[Stack]:
    """Give a stack with the register."""
    stack = await stack_with(tmp_path, register)
    yield stack
    await stack.app.close()


def contents(folder: Path) -> list[bytes]:
    """Read all files of the folder."""
    return [one.read_bytes() for one in folder.rglob("*") if one.is_file()]


async def test_the_file_comes_once_the_register_has_answered(
    asking: Stack, register: Register
) -> None:
    """The first call asks for the list, further ones look at it; without a domicile: empty."""
    id_ = await an_ended_batch(asking)
    register.is_ready = False
    for _ in range(3):
        reply = await domiciles(asking, id_)
        assert (reply.status, reply.body) == (202, {"lists": 1, "ready": 0})
        assert reply.headers["Retry-After"] == "60"
    register.is_ready = True

    assert rows_of(await domiciles(asking, id_)) == {WITHOUT: "", WITH: ADDRESS}
    assert list(register.lists.values()) == [((WITHOUT, WITH), id_)]
    assert "digital_domicile" not in (await table(asking, FILE, id_))[0]


async def test_a_flag_that_is_false_asks_nobody(asking: Stack, register: Register) -> None:
    """The file is as without it; another value is refused."""
    id_ = await an_ended_batch(asking)
    plain = (await ask(asking, FILE, id_)).body

    assert (await ask(asking, FILE, id_, query={"digital_domicile": "false"})).body == plain
    reply = await ask(asking, FILE, id_, query={"digital_domicile": "yes"})
    assert (reply.status, reply.body["errors"][0]["pointer"]) == (
        400,
        "#/query/digital_domicile",
    )
    assert register.asked == []


async def test_only_citizens_who_chose_not_to_be_reached_are_looked_up(
    asking: Stack, register: Register
) -> None:
    """A key for few citizens learns no address of others, also of those without a profile."""
    id_ = await an_ended_batch(asking, key=LIMITED_KEY)
    assert {one["reason"] for one in await table(asking, FILE, id_, LIMITED_KEY)} == {
        "RECIPIENT_NOT_ALLOWED"
    }
    assert rows_of(await domiciles(asking, id_, key=LIMITED_KEY)) == {
        REACHED: "",
        WITHOUT: "",
        WITH: "",
    }
    assert register.asked == []

    await with_new_profile(asking, WITH, is_inbox_enabled=False)
    id_ = await sent(asking, [[WITH]])
    assert (await domiciles(asking, id_)).status == 202
    assert register.asked == [(WITH,)]


async def test_rows_that_a_cancelled_batch_did_not_send_are_not_looked_up(
    asking: Stack, register: Register
) -> None:
    """Nobody wrote to those citizens."""
    id_ = await checked(asking, [[WITH]])
    assert (await ask(asking, "cancel_batch", id_)).status == 202

    assert rows_of(await domiciles(asking, id_)) == {}
    assert register.asked == []


async def test_a_batch_under_way_is_not_looked_up(asking: Stack, register: Register) -> None:
    """Its rows change, and each change would be another list."""
    id_ = await checked(asking, [[WITH]])
    status, title, detail = refusal(await domiciles(asking, id_))

    assert (status, title) == (409, "Batch in another status")
    assert BatchStatus.CHECKED in detail
    assert register.asked == []


async def test_without_a_register_the_answer_names_the_setting(tmp_path: Path) -> None:
    """An operator reads what to set, and the file without domiciles still comes."""
    stack = await stack_with(tmp_path, None)
    id_ = await an_ended_batch(stack)
    status, title, detail = refusal(await domiciles(stack, id_))

    assert (status, title) == (409, "Digital domiciles are not set up")
    assert "DIGITAL_DOMICILES_URL" in detail
    assert len(await table(stack, FILE, id_)) == 2
    await stack.app.close()


async def test_a_register_that_is_away_is_told(asking: Stack, register: Register) -> None:
    """The answer says when to ask again, both for a new list and for one that is asked for."""
    id_ = await an_ended_batch(asking)
    register.is_away = True
    reply = await domiciles(asking, id_)
    assert refusal(reply)[:2] == (503, "Register not reachable")
    assert reply.headers["Retry-After"] == "7"

    register.is_away = False
    asking.clock.advance(ASKING)
    assert (await domiciles(asking, id_)).status == 202
    register.is_away = True
    reply = await domiciles(asking, id_)
    assert (reply.status, reply.headers["Retry-After"]) == (503, f"{WAIT.seconds}")
    register.is_away = False
    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS
    assert len(register.asked) == 1


async def test_a_long_batch_is_asked_for_in_lists(
    asking: Stack, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each list has its citizens, and the file comes once all are ready."""
    monkeypatch.setattr(find_domiciles, "MOST_CODES", 1)
    id_ = await an_ended_batch(asking)
    assert (await domiciles(asking, id_)).body == {"lists": 2, "ready": 0}

    assert rows_of(await domiciles(asking, id_)) == {WITHOUT: "", WITH: ADDRESS}
    assert register.asked == [(WITHOUT,), (WITH,)]


async def test_an_answer_counts_for_a_day(asking: Stack, register: Register) -> None:
    """Then, or once the register has lost the list, it is asked for again."""
    id_ = await an_ended_batch(asking)
    await domiciles(asking, id_)
    asking.clock.advance(FRESH - timedelta(seconds=1))
    assert (await domiciles(asking, id_)).status == 200
    asking.clock.advance(timedelta(seconds=1))
    assert (await domiciles(asking, id_)).status == 202
    assert len(register.asked) == 2

    lost, register.lists = register.lists, {}
    # a list that was just asked for may not be visible yet
    assert (await domiciles(asking, id_)).status == 202
    assert register.asked == []
    asking.clock.advance(ASKING)
    assert (await domiciles(asking, id_)).status == 202
    assert register.asked == [(WITHOUT, WITH)]
    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS
    assert len(lost) == 2


async def test_no_domicile_is_asked_for_after_the_files(asking: Stack, register: Register) -> None:
    """The rows are not kept any more."""
    id_ = await an_ended_batch(asking)
    await pass_days(asking, KEPT.days + 1)

    assert refusal(await domiciles(asking, id_))[:2] == (410, "Files not kept any more")
    assert register.asked == []


async def test_no_address_is_stored_or_logged(
    asking: Stack, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the data folder, nor logs, nor telemetry have it, and no query names a citizen."""
    kept = Kept()
    asking.app.telemetry = kept.telemetry
    caplog.set_level(logging.DEBUG)
    id_ = await an_ended_batch(asking)
    await domiciles(asking, id_)
    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS

    told = repr(([one.to_json() for one in kept.spans], kept.logs, caplog.records, caplog.text))
    assert ADDRESS not in told
    assert WITH not in told
    await asking.app.close()
    await kept.telemetry.close()
    files = contents(tmp_path)
    assert any(WITH.encode() in one for one in files)
    assert not any(ADDRESS.encode() in one for one in files)
