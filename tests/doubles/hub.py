"""A notification hub on loopback, as its REST documents describe it, with devices that ring."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs, quote, unquote

from aiohttp import web

HUB = "citizens"
KEY_NAME, KEY = "recapito", "bG9jYWwga2V5IG9mIGEgaHVi"
_HANG_SECONDS = 30


@dataclass
class Hub:
    """A hub on a free port; the next requests meet the `faults`, in order.

    A fault is a status, `hang before` or `hang after` accepting, or `reset after`.
    """

    faults: list[int | str] = field(default_factory=list)
    retry_after: str | None = None
    installations: dict[str, dict[str, Any]] = field(default_factory=dict)
    rung: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """The notifications that each push channel got."""
    dead: set[str] = field(default_factory=set)
    """Push channels of which the platform says that they are no more."""
    calls: list[str] = field(default_factory=list)
    seen: str = ""
    """All that came, to look for what must not."""
    port: int = 0

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(
            web.Server(self._answer, handler_cancellation=True), shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def connection(self) -> str:
        """The connection string."""
        return (
            f"Endpoint=http://127.0.0.1:{self.port}/;SharedAccessKeyName={KEY_NAME};"
            f"SharedAccessKey={KEY}"
        )

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.calls.append(request.method)
        self.seen += f"{request.path_qs} {dict(request.headers)} {body.decode()}\n"
        if not self._may(request):
            return web.Response(status=401)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
            return web.Response(status=fault, headers=headers)
        if fault == "hang before":
            await asyncio.sleep(_HANG_SECONDS)
        answer = self._do(request, body)
        if fault == "hang after":
            await asyncio.sleep(_HANG_SECONDS)
        if fault == "reset after" and request.transport is not None:
            request.transport.abort()
        return answer

    def _may(self, request: web.BaseRequest) -> bool:
        """Check the signature over the resource and the end, as the token has them."""
        scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
        given = {name: value for name, (value,) in parse_qs(rest).items()}
        if scheme != "SharedAccessSignature" or set(given) != {"sr", "sig", "se", "skn"}:
            return False
        text = f"{quote(given['sr'], safe='')}\n{given['se']}".encode()
        digest = hmac.digest(KEY.encode(), text, hashlib.sha256)
        resource = f"http://127.0.0.1:{self.port}/{HUB}"
        return (
            hmac.compare_digest(base64.b64encode(digest).decode(), given["sig"])
            and given["skn"] == KEY_NAME
            and int(given["se"]) > time.time()
            and f"http://127.0.0.1:{self.port}{request.path}".startswith(unquote(resource))
            and given["sr"] == resource
        )

    def _do(self, request: web.BaseRequest, body: bytes) -> web.Response:
        if request.query.get("api-version") != "2020-06":
            return web.Response(status=400)
        if request.path == f"/{HUB}/messages/" and request.method == "POST":
            return self._send(request, json.loads(body))
        id_ = request.path.removeprefix(f"/{HUB}/installations/")
        if request.method == "DELETE":
            self.installations.pop(id_, None)
            return web.Response(status=204)
        installation = json.loads(body)
        if installation["installationId"] != id_ or not _is_channel(installation):
            return web.Response(status=400)
        self.installations[id_] = installation
        return web.Response(status=200)

    def _send(self, request: web.BaseRequest, values: dict[str, str]) -> web.Response:
        if request.headers.get("ServiceBusNotification-Format") != "template":
            return web.Response(status=400)
        tags = set(request.headers["ServiceBusNotification-Tags"].split(" || "))
        for id_, one in list(self.installations.items()):
            # each template is a registration, with the tags of the installation and its own
            shared = {*one.get("tags", ())}
            chosen = [
                template
                for template in one["templates"].values()
                if tags & (shared | {*template.get("tags", ())})
            ]
            if not chosen:
                continue
            channel = channel_of(one)
            if channel in self.dead:
                # the platform's feedback has the same effect in the end
                del self.installations[id_]
                continue
            for template in chosen:
                self.rung[channel].append(rendered(json.loads(template["body"]), values))
        return web.Response(status=201)


def channel_of(installation: dict[str, Any]) -> str:
    """Return the push channel of an installation: of a browser, the address of its subscription."""
    channel = installation["pushChannel"]
    return str(channel["endpoint"] if isinstance(channel, dict) else channel)


def _is_channel(installation: dict[str, Any]) -> bool:
    """Tell whether the hub knows the platform, and the channel has the form of the platform."""
    channel = installation["pushChannel"]
    if installation["platform"] == "browser":
        # a template's headers are those of Apple and Windows
        with_headers = [one for one in installation["templates"].values() if "headers" in one]
        return set(channel) == {"endpoint", "p256dh", "auth"} and not with_headers
    return installation["platform"] in {"apns", "fcmv1"} and " " not in channel


def rendered(template: Any, values: dict[str, str]) -> Any:
    """Return the template with its expressions filled in."""
    if isinstance(template, dict):
        return {name: rendered(inner, values) for name, inner in template.items()}
    return re.sub(r"\$\((\w+)\)", lambda found: values[found[1]], template)
