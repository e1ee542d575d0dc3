"""No message is delivered to a citizen who died, where the register of residents is asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.repositories.profiles.residents import ResidentStandings
from tests.builders.profiles import with_new_profile
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import CITIZENS, sent, table, with_citizens
from tests.stack import Stack

DAYS = 30
DEAD = "DECEDU00A00A000A"


class Register:
    """A register that tests steer. `asked`: the citizens; `is_away`: it does not answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_away = False
        self.dead: set[str] = {DEAD}

    async def standing(self, fiscal_code: str) -> Any:
        """Answer."""
        self.asked.append(fiscal_code)
        if self.is_away:
            raise UnavailableError("away")
        return "DEAD" if fiscal_code in self.dead else "ALIVE"

    async def close(self) -> None:
        """Release nothing."""


@pytest.fixture
def register() -> Register:
    """Return a register."""
    return Register()


@pytest.fixture
async def checked(tmp_path: Path, register: Register) -> AsyncIterator[Stack]:
    """Yield a stack that asks the register."""
    settings = settings_for(tmp_path, resident_check_days=DAYS)
    stack = await Stack(tmp_path, settings, residents=register).start()
    await with_new_profile(stack, DEAD)
    yield stack
    await stack.app.close()


async def status(stack: Stack, id_: str, citizen: str) -> tuple[str, str | None]:
    """Return what the sender reads of a message."""
    reply = await stack.call(
        "read_sent_message",
        path={"fiscal_code": citizen, "id": id_},
        headers={"prefer": "include=rejection"},
    )
    return reply.body["status"], reply.body.get("rejection_reason")


async def test_a_message_to_a_dead_citizen_is_rejected(checked: Stack, register: Register) -> None:
    """The sender learns why; nobody is notified, and the payment does not know the message."""
    id_ = await checked.deliver(fiscal_code=DEAD)
    alive = await checked.deliver()

    assert await status(checked, id_, DEAD) == ("REJECTED", "DECEASED")
    assert await status(checked, alive, CITIZEN) == ("PROCESSED", None)
    assert [one.message_id for one in checked.push.sent] == [alive]
    assert (await checked.call("list_inbox", citizen=DEAD)).body["items"] == []


async def test_an_answer_counts_for_its_days(checked: Stack, register: Register) -> None:
    """The register is asked once in that time, and again after it; a mistake can be corrected."""
    for _ in range(3):
        await checked.deliver()
    assert register.asked == [CITIZEN]

    checked.clock.advance(timedelta(days=DAYS, seconds=1))
    register.dead.add(CITIZEN)
    id_ = await checked.deliver()

    assert await status(checked, id_, CITIZEN) == ("REJECTED", "DECEASED")
    assert register.asked == [CITIZEN] * 2


async def test_an_outage_of_the_register_stops_no_message(
    checked: Stack, register: Register
) -> None:
    """Nothing is stored, so the next message asks again."""
    register.is_away = True
    id_ = await checked.deliver(fiscal_code=DEAD)
    assert await status(checked, id_, DEAD) == ("PROCESSED", None)

    register.is_away = False
    again = await checked.deliver(fiscal_code=DEAD)
    assert await status(checked, again, DEAD) == ("REJECTED", "DECEASED")


async def test_a_repeated_fan_out_keeps_its_decision(checked: Stack, register: Register) -> None:
    """A death that becomes known between two runs takes no delivered message back."""
    id_ = await checked.deliver()
    register.dead.add(CITIZEN)
    await ResidentStandings(checked.store).put(CITIZEN, "DEAD", "2026-11-23T09:00:00.000Z", DAYS)
    await checked.drain()

    assert await status(checked, id_, CITIZEN) == ("PROCESSED", None)


async def test_the_rows_of_a_batch_are_checked_too(checked: Stack, register: Register) -> None:
    """The row of a dead citizen is rejected with the reason."""
    await with_citizens(checked)
    register.dead.add(CITIZENS[1])

    id_ = await sent(checked, [(one,) for one in CITIZENS])

    rows = await table(checked, "read_batch_results_file", id_)
    assert ["DECEASED" in row.values() for row in rows] == [False, True, False]


async def test_the_register_is_not_asked_by_default(tmp_path: Path, register: Register) -> None:
    """Nobody is asked about a citizen unless the operator says so."""
    stack = await Stack(tmp_path, residents=register).start()
    await with_new_profile(stack, DEAD)

    id_ = await stack.deliver(fiscal_code=DEAD)

    assert await status(stack, id_, DEAD) == ("PROCESSED", None)
    assert register.asked == []
    await stack.app.close()
