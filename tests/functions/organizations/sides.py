"""The two sides of a delegation, and the calls that they make."""

from typing import Any

from infra.local.sandbox.seed import MANAGE_KEY, ORGANIZATION, SERVICE_ID
from tests.builders.messages import a_message
from tests.builders.organizations import INTERMEDIARY
from tests.builders.services import with_manage_key
from tests.stack import Reply, Stack

OTHER_INTERMEDIARY = "00000000042"
NOT_FOUND = (
    404,
    "Delegation not found",
    "There is no delegation between these two organisations.",
)
INACTIVE = (
    409,
    "Conflict",
    "The delegation is not accepted yet, has ended, or was revoked.",
)


class Sides:
    """An organisation, the sandbox's, and its intermediary."""

    def __init__(self, stack: Stack, intermediary: str = INTERMEDIARY) -> None:
        self.stack = stack
        self.intermediary = intermediary
        self.key = ""

    async def start(self) -> "Sides":
        """Give the intermediary a manage key."""
        self.key = await with_manage_key(
            self.stack, organization=self.intermediary, key=f"sandbox-key-of-{self.intermediary}"
        )
        return self

    async def organization(self, name: str, body: Any = None, **query: str) -> Reply:
        """Call as the organisation."""
        path = {"intermediary_fiscal_code": self.intermediary}
        return await self.stack.call(name, body, path=path, query=query, key=MANAGE_KEY)

    async def third(self, name: str, body: Any = None, **path: str) -> Reply:
        """Call as the intermediary."""
        path = {"organization_fiscal_code": ORGANIZATION, "service_id": SERVICE_ID, **path}
        return await self.stack.call(name, body, path=path, key=self.key)

    async def give(self, **terms: Any) -> Reply:
        """Give the delegation."""
        reply = await self.organization("give_delegation", terms)
        assert reply.status == 200, reply
        return reply

    async def sending_key(self, **path: str) -> str:
        """Return a new key of the intermediary for the sandbox's service."""
        reply = await self.third("replace_delegated_key", key_type="primary", **path)
        assert reply.status == 200, reply
        return str(reply.body["primary_key"])

    async def send(self, key: str) -> int:
        """Return the status of a submission."""
        return (await self.stack.call("submit_message", a_message(), key=key)).status
