"""A batch of a sender, over HTTP."""

import asyncio
import csv
import io
import time
from typing import Any, Self

import requests

from tests.load import population
from tests.load.servers import PATIENCE_SECONDS

LOOK_SECONDS = 0.05


class Batch:
    """A batch on a host. `texts`: its content."""

    def __init__(self, url: str, key: str, texts: dict[str, str]) -> None:
        self._path, self._key = f"{url}/api/v1/batches", key
        self._session = requests.Session()
        made = self._asked("POST", json={"name": "Tassa sui rifiuti", "content": texts})
        self.id = str(made["id"])
        self._path += f"/{self.id}"

    @classmethod
    async def made(cls, url: str, key: str, markdown: str) -> Self:
        """Make a batch."""
        texts = {"subject": "Tassa sui rifiuti 2027", "markdown": markdown}
        return await asyncio.to_thread(cls, url, key, texts)

    async def check(self, rows: int) -> None:
        """Upload a list of the first citizens, and wait for its check."""
        await asyncio.to_thread(
            self._asked,
            "PUT",
            "/recipients",
            data=a_list(rows),
            headers={"Content-Type": "text/csv"},
        )
        check = (await self.when("CHECKED"))["check"]
        if check["good"] != rows:
            raise RuntimeError(f"{check['good']} of {rows} rows are good: {check}")

    async def send(self) -> None:
        """Ask for the sending of what was checked."""
        await asyncio.to_thread(self._asked, "POST", "/send", json={})

    async def delivered(self, rows: int) -> tuple[float, float]:
        """Check and send a list to its end; return the times when both were over."""
        await self.check(rows)
        checked = time.perf_counter()
        await self.send()
        await self.when("FINISHED")
        return checked, time.perf_counter()

    async def when(self, status: str) -> dict[str, Any]:
        """Return the batch when it has this status."""
        while True:
            found = await self.state()
            if found["status"] == status:
                return found
            await asyncio.sleep(LOOK_SECONDS)

    async def state(self) -> dict[str, Any]:
        """Read the batch."""
        return await asyncio.to_thread(self._asked, "GET")

    def _asked(self, method: str, last: str = "", **call: Any) -> dict[str, Any]:
        headers = {"Ocp-Apim-Subscription-Key": self._key, **call.pop("headers", {})}
        answer = self._session.request(
            method, self._path + last, headers=headers, timeout=PATIENCE_SECONDS, **call
        )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


def a_list(rows: int) -> bytes:
    """Return a list of the first citizens, as CSV."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(("codice_fiscale", "riferimento", "nome", "quota"))
    table.writerows(
        (population.fiscal_code(number), f"R-{number}", f"Nome {number}", f"{number % 400},50")
        for number in range(rows)
    )
    return text.getvalue().encode()
