"""Managed services, created and changed through the manage API."""

from typing import Any

from infra.local.sandbox.seed import MANAGE_KEY, OPERATOR_KEY, ORGANIZATION
from tests.stack import Reply, Stack

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)
"""One pixel."""


def a_service(**changes: Any) -> dict[str, Any]:
    """Return a payload that passes the automatic checks, with changes.

    `metadata` and `organization` are merged, the others replaced.
    """
    payload: dict[str, Any] = {
        "name": "Iscrizione alla mensa",
        "description": "Iscrizioni e avvisi della mensa scolastica.",
        "organization": {"name": "Comune di Esempio", "fiscal_code": ORGANIZATION},
        "metadata": {
            "scope": "LOCAL",
            "topic_id": 7,
            "privacy_url": "https://www.comune.example.org/privacy",
            "email": "mensa@comune.example.org",
        },
    }
    for name in ("metadata", "organization"):
        payload[name] |= changes.pop(name, {})
    return payload | changes


class Manager:
    """An organisation's system: calls the manage API of a stack with a manage key."""

    def __init__(self, stack: Stack, key: str = MANAGE_KEY) -> None:
        self.stack = stack
        self.key = key

    async def call(self, name: str, id_: str | None = None, body: Any = None, **more: Any) -> Reply:
        """Call an endpoint, of the service where one is named."""
        path = {**({"service_id": id_} if id_ else {}), **more.pop("path", {})}
        sent = b"" if body is None else body
        return await self.stack.call(name, sent, path=path, key=self.key, **more)

    async def create(self, **changes: Any) -> str:
        """Create a service and return its id."""
        reply = await self.call("create_service", body=a_service(**changes))
        assert reply.status == 201, reply
        return str(reply.body["id"])

    async def submit(self, id_: str, *, auto_publish: bool = False) -> None:
        """Send the service to review, and run the automatic checks."""
        reply = await self.call("submit_service", id_, {"auto_publish": auto_publish})
        assert reply.status == 204, reply
        await self.stack.drain()

    async def approved(self, *, auto_publish: bool = False, **changes: Any) -> str:
        """Create a service that is approved by an operator, and return its id."""
        id_ = await self.create(**changes)
        await self.submit(id_, auto_publish=auto_publish)
        reply = await approve(self.stack, id_)
        assert reply.status == 200, reply
        return id_

    async def status(self, id_: str) -> str:
        """Return the state of the service."""
        return str((await self.call("read_service", id_)).body["status"]["value"])


async def approve(stack: Stack, id_: str, **body: Any) -> Reply:
    """Approve a service as the operator."""
    path = {"service_id": id_}
    return await stack.call("approve_service", body, path=path, key=OPERATOR_KEY)


async def reject(stack: Stack, id_: str, reason: str = "No.", **body: Any) -> Reply:
    """Reject a service as the operator."""
    path = {"service_id": id_}
    return await stack.call(
        "reject_service", {"reason": reason, **body}, path=path, key=OPERATOR_KEY
    )
