"""A register of digital domiciles that tests steer, and calls for the file that shows them."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lib.domain.shared.values import Masked
from lib.ports.errors import NotFoundError, UnavailableError
from tests.functions.batches.batch_calls import CITIZENS, ask, sent, with_citizens
from tests.stack import Reply, Stack

REACHED, WITHOUT, WITH = CITIZENS
ADDRESS: Final = "gianni.bianchi@pec.example.org"
FILE: Final = "read_batch_unreached_file"


class Register:
    """A register with one domicile. `lists`: what it was asked; `is_ready`, `is_away`: its state.

    `before`: an awaitable function that runs when it is asked.
    """

    def __init__(self) -> None:
        self.lists: dict[str, tuple[tuple[str, ...], str]] = {}
        self.is_ready = True
        self.is_away = False
        self.before: Any = None

    async def ask(self, fiscal_codes: Sequence[str], reference: str) -> str:
        """Take a list."""
        if self.is_away:
            raise UnavailableError("away", retry_after=7)
        list_id = f"list-{len(self.lists)}"
        self.lists[list_id] = (tuple(fiscal_codes), reference)
        if self.before is not None:
            await self.before()
        return list_id

    async def answer(
        self, list_id: str, fiscal_codes: Sequence[str]
    ) -> Mapping[str, Masked] | None:
        """Return the domicile."""
        if self.is_away:
            raise UnavailableError("away")
        if list_id not in self.lists:
            raise NotFoundError
        assert self.lists[list_id][0] == tuple(fiscal_codes)
        return {WITH: Masked(ADDRESS)} if self.is_ready else None

    async def close(self) -> None:
        """Do nothing."""

    @property
    def asked(self) -> list[tuple[str, ...]]:
        """The citizens of each list."""
        return [codes for codes, _ in self.lists.values()]


async def stack_with(folder: Path, register: Register | None) -> Stack:
    """Return a started stack with this register."""
    return await Stack(folder, digital_domiciles=register).start()


async def an_ended_batch(stack: Stack, rows: Sequence[str] = CITIZENS, **changes: Any) -> str:
    """Send a batch to citizens of whom REACHED alone has a profile; return its id."""
    await with_citizens(stack, [REACHED])
    return await sent(stack, [[one] for one in rows], **changes)


async def domiciles(stack: Stack, id_: str, **call: Any) -> Reply:
    """Ask for the file with the domiciles."""
    return await ask(stack, FILE, id_, query={"digital_domicile": "true"}, **call)


def rows_of(reply: Reply) -> dict[str, str]:
    """Return the domicile of each citizen in the file."""
    assert reply.status == 200, reply
    rows = csv.DictReader(io.StringIO(reply.body.decode()))
    return {one["fiscal_code"]: one["digital_domicile"] for one in rows}
