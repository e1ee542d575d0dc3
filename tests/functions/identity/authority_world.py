"""The world of the matrix of rights: a citizen's things, and callers without the whole right."""

import shutil
from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from functions.declared import ENDPOINTS
from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, OPERATOR_KEY, SENDER_KEY, SERVICE_ID
from lib.composition.app import build_app
from lib.composition.stacks import embedded_ports
from lib.domain.services.service import Group
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import INSTALLATIONS
from lib.rendering.email.links import Purpose
from lib.repositories.devices.devices import DEVICES_ID
from lib.repositories.operations.dead_letters import DeadLetters
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.builders.authority import (
    LINKS,
    PAYEE,
    THE_MESSAGE,
    Row,
)
from tests.builders.email_addresses import link_token
from tests.builders.payment_notices import a_notice
from tests.builders.services import with_groups, with_manage_key, with_seeded_services
from tests.builders.settings import settings_for
from tests.doubles.counting import Counting
from tests.functions.operations.authority import POISONED
from tests.stack import Reply, Stack
from tests.stored import stored_text

OTHER: Final = "RSSMRA80A01H501U"
_ALL: Final = frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}
_RESTRICTED: Final[Mapping[str, tuple[frozenset[Group], dict[str, Any]]]] = {
    "no group": (frozenset(), {}),
    "another group": (frozenset({Group.MESSAGE_READ}), {}),
    "another network": (_ALL, {"authorized_cidrs": ["203.0.113.0/24"]}),
    "other recipients": (
        _ALL | {Group.LIMITED_MESSAGE_WRITE},
        {"authorized_recipients": [OTHER]},
    ),
    "no payee group": (_ALL - {Group.MESSAGE_WRITE_WITH_PAYEE}, {}),
    "other payees": (_ALL, {"authorized_payees": ["11111111111"]}),
    "another service": (_ALL, {"service_id": "another-service"}),
}
"""But for the one restriction each of them may do everything."""
ROWS: Final[Mapping[str, Row]] = {
    name: row
    for path in sorted(Path(__file__).parents[1].glob("*/authority.py"))
    for name, row in import_module(f"tests.functions.{path.parent.name}.authority").ROWS.items()
}
_KEYS: Final = {
    "unknown key": "unknown",
    "a sender's key": SENDER_KEY,
    "a manage key": MANAGE_KEY,
    "an operator's key": OPERATOR_KEY,
}
_MANAGERS: Final[Mapping[str, dict[str, Any]]] = {
    "no group": {"groups": frozenset[Group]()},
    "another group": {"groups": frozenset({Group.MESSAGE_READ})},
    "another network": {"cidrs": ("203.0.113.0/24",)},
    "another organisation": {"organization": "99999999990"},
}
WRITING: Final = {one.name: one for one in ENDPOINTS if one.method not in {"GET", "HEAD"}}


class World(Stack):
    """A stack that counts the writes since `reset`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder
        self.calls = Counter[str]()
        ports = embedded_ports(settings_for(folder), self.clock)
        self.app = build_app(
            settings_for(folder),
            clock=self.clock,
            push=self.push,
            mailer=self.mailer,
            store=Counting(ports.store, self.calls),
            queue=Counting(ports.queue, self.calls),
        )
        self.message_id = ""

    async def prepare(self) -> None:
        """Give the citizen a message of a payment notice, settings and a device."""
        reply = await self.call("submit_payment_notice", a_notice(payee=PAYEE))
        assert reply.status == 201
        self.message_id = reply.body["message_id"]
        path = {"installation_id": "the-device"}
        body = {"platform": "fcmv1", "pushChannel": "its-channel"}
        await self.call("register_installation", body, path=path, citizen=CITIZEN)
        await self.drain()
        await DeadLetters(self.store).keep(MESSAGE_SUBMITTED, POISONED, "a test", "2026-11-23")

    def copied(self, folder: Path) -> "World":
        """Return the same world in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        copy = World(folder)
        copy.clock.moment, copy.message_id = self.clock.moment, self.message_id
        return copy

    async def state(self) -> list[Any]:
        """Return the documents and the choice of the citizen."""
        return [
            await stored_text(self, MESSAGES, CITIZEN, self.message_id),
            await stored_text(self, PROFILES, CITIZEN, PROFILE_ID),
            await stored_text(self, INSTALLATIONS, CITIZEN, DEVICES_ID),
            await self.app.repositories.profiles.preference(CITIZEN, SERVICE_ID),
        ]

    async def ask(self, name: str, caller: str) -> Reply:
        """Call the endpoint as this caller."""
        row = ROWS[name]
        path = {key: self.message_id if value == THE_MESSAGE else value
                for key, value in row.path.items()}  # fmt: skip
        if caller in LINKS:
            path = {"token": self._link(name, caller)}
        who = await self._caller(name, caller)
        self.calls.clear()
        return await self.call(name, row.body, path=path, headers=row.headers, **who)

    def _link(self, name: str, caller: str) -> str:
        purpose: Purpose = "unsubscribe" if name == "do_validate_email" else "validate"
        token = link_token(self, purpose, CITIZEN, "a@example.org")
        return token if caller == "another purpose" else token[:-4] + "AAAA"

    async def _caller(self, name: str, caller: str) -> dict[str, Any]:
        """Return the caller's key or citizen."""
        if caller in LINKS or caller in {"no key", "no token"}:
            return {"key": None}
        if caller == "another citizen":
            return {"citizen": OTHER}
        if caller in _KEYS:
            return {"key": _KEYS[caller]}
        # a process remembers a key's rights, and another caller may have restricted the service
        key = f"the key of {caller}"
        await with_seeded_services(self)
        if WRITING[name].policy.scheme == "ManageKey":
            return {"key": await with_manage_key(self, key=key, **_MANAGERS[caller])}
        groups, service = _RESTRICTED[caller]
        given = {"service_id": SERVICE_ID, **service}
        return {"key": await with_groups(self, *groups, key=key, **given)}
