"""kill -9 of the whole host during a copy and a deletion of all data: each comes to its end."""

import asyncio
import random
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from infra.local.sandbox.seed import SENDER_KEY
from tests.builders.messages import a_message
from tests.faults.mortal_host import MortalHost
from tests.functions.personal_data.scans import places_of
from tests.load.population import add_citizens, fiscal_code

REQUESTS = "/api/identity/v1/user-data-processing"
MOST_LOOKS = 600
KILLS = 2
"""Of the deletion, which has three stages."""


class Person:
    """A citizen who calls a host that may be another one at each call."""

    def __init__(self, host: MortalHost, session: aiohttp.ClientSession) -> None:
        self._host = host
        self._session = session
        self.fiscal_code = fiscal_code(0)

    async def call(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, bytes]:
        """Return the answer: status and body."""
        answer = await self._session.request(
            method, f"{self._host.url}{path}", json=body, headers=headers
        )
        return answer.status, await answer.read()

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Call as the citizen, with a token of this moment."""
        answer = await self._session.post(
            f"{self._host.url}/sandbox/token", json={"fiscal_code": self.fiscal_code}
        )
        token = (await answer.json())["token"]
        return await self.call(method, path, body, authorization=f"Bearer {token}")

    async def answer(self, choice: str) -> bytes:
        """Return the answer about the request."""
        return (await self.ask("GET", f"{REQUESTS}/{choice}"))[1]

    async def until(self, choice: str, text: bytes) -> None:
        """Wait until the answer about the request has the text."""
        for _ in range(MOST_LOOKS):
            if text in await self.answer(choice):
                return
            await asyncio.sleep(0.1)
        pytest.fail(f"{choice} does not end")


async def killed(host: MortalHost, rng: random.Random) -> None:
    """Kill the host at a moment soon, and start it again."""
    await asyncio.sleep(rng.random() * 0.2)
    await host.kill_all()
    await host.start()


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_a_copy_and_a_deletion_survive_kill_9(tmp_path: Path, seed: int) -> None:
    """The copy is a whole archive in the end; after the deletion nothing names the citizen."""
    rng = random.Random(seed)
    await add_citizens(tmp_path, 1)
    host = MortalHost(tmp_path)
    try:
        await host.start()
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True)
        ) as session:
            person = Person(host, session)
            message = a_message(fiscal_code=person.fiscal_code)
            key = {"ocp-apim-subscription-key": SENDER_KEY}
            assert (await person.call("POST", "/api/v1/messages", message, **key))[0] == 201

            assert (await person.ask("POST", REQUESTS, {"choice": "DOWNLOAD"}))[0] == 200
            await killed(host, rng)
            # the second item of the request comes after a minute
            await person.call("POST", "/sandbox/clock", {"advance": "PT2M"})
            await person.until("DOWNLOAD", b'"CLOSED"')
            status, archive = await person.ask("GET", "/api/identity/v1/user-data-archive")
            assert status == 200
            assert zipfile.ZipFile(BytesIO(archive)).testzip() is None

            assert (await person.ask("POST", REQUESTS, {"choice": "DELETE"}))[0] == 200
            await person.call("POST", "/sandbox/clock", {"advance": "P7DT1H"})
            kills = KILLS
            while b'"status":404' not in await person.answer("DELETE"):
                if kills:
                    kills -= 1
                    await killed(host, rng)
                await person.call("POST", "/sandbox/clock", {"advance": "PT1H"})
                await asyncio.sleep(0.3)
        assert not host.gave_up
    finally:
        host.stop()
    assert person.fiscal_code not in host.output
    assert places_of(tmp_path, person.fiscal_code) == set()
