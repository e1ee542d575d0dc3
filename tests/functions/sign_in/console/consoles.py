"""A page of the console, in a browser with its cookies."""

from dataclasses import dataclass, field
from typing import Any, Final

from infra.local.sandbox.seed import SENDER_KEY
from tests.builders.settings import PUBLIC_URL
from tests.stack import Reply, Stack

OWN: Final = {"origin": PUBLIC_URL, "sec-fetch-site": "same-origin"}
CSRF: Final = {**OWN, "recapito-csrf": "1"}
ADDRESS: Final = "198.51.100.7:1024"


@dataclass
class Console:
    """A browser at the console. `address`: from where it calls."""

    stack: Stack
    address: str = ADDRESS
    cookies: dict[str, str] = field(default_factory=dict)

    async def call(
        self, name: str, body: Any = None, *, headers: dict[str, str] | None = None, **call: Any
    ) -> Reply:
        """Call an endpoint with the browser's cookies, and keep those of the answer."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"cookie": cookie, "x-forwarded-for": self.address, **(headers or {})}
        reply = await self.stack.call(name, body, key=None, headers=sent, **call)
        for given in reply.cookies:
            name, _, rest = given.partition("=")
            value, _, attributes = rest.partition(";")
            assert "; HttpOnly; SameSite=Strict" in f";{attributes}"
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return reply

    async def hold(self, key: str = SENDER_KEY, **headers: str) -> Reply:
        """Enter a key."""
        return await self.call("hold_key", {"key": key}, headers={**CSRF, **headers})

    async def acting_as(
        self, subscription_id: str, name: str, body: Any = None, **call: Any
    ) -> Reply:
        """Call an endpoint of keys as the holder of a subscription."""
        named = {**OWN, "recapito-acting-as": subscription_id, **call.pop("headers", {})}
        return await self.call(name, body, headers=named, **call)

    async def held(self) -> list[dict[str, Any]]:
        """Return the keys that the browser has."""
        reply = await self.call("list_held_keys", headers=OWN)
        assert reply.status == 200, reply
        items: list[dict[str, Any]] = reply.body["items"]
        return items
