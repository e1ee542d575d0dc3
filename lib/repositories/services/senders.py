"""Sender keys and services as stored, remembered for a while since every call needs them."""

import asyncio
import ipaddress
import time
from datetime import timedelta
from typing import Any

from lib.domain.services.service import Group, Sender, Service
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import SENDER_KEYS, SERVICES
from lib.repositories.messages.reminder_fields import policy_of

MAX_REMEMBERED = 10_000
WRONG_SECONDS = 5
"""How long a key that is none is remembered: one that is made in between works after that."""


def service_of(document: Document) -> Service:
    """Read a service as stored."""
    return Service(
        id=document["id"],
        name=document["service_name"],
        department_name=document["department_name"],
        organization_name=document["organization_name"],
        organization_fiscal_code=document["organization_fiscal_code"],
        authorized_cidrs=tuple(
            ipaddress.ip_network(cidr, strict=False) for cidr in document["authorized_cidrs"]
        ),
        authorized_recipients=frozenset(document["authorized_recipients"]),
        authorized_payees=frozenset(document.get("authorized_payees", ())),
        max_allowed_payment_amount=document["max_allowed_payment_amount"],
        require_secure_channels=document["require_secure_channels"],
        category=document["category"],
        reminder_policy=policy_of(document),
    )


class Senders:
    """Looks senders up by the keyed hash of their key."""

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._remember = remember.total_seconds()
        self._known: dict[str, tuple[float, asyncio.Task[Sender | None]]] = {}
        self._wrong: dict[str, float] = {}

    def knew(self, key_hash: str) -> bool:
        """Tell whether the key was valid when it was last looked up, or is being looked up."""
        return key_hash in self._known

    async def by_key_hash(self, key_hash: str) -> Sender | None:
        """Return the sender, at most `remember` old; None where the key is no active one."""
        now = time.monotonic()
        if self._wrong.get(key_hash, 0) > now:
            return None
        known = self._known.get(key_hash)
        if known is None or known[0] <= now:
            # one look-up serves all calls that arrive meanwhile
            known = (now + self._remember, asyncio.create_task(self._look_up(key_hash)))
            self._known.pop(key_hash, None)
            self._known[key_hash] = known
            if len(self._known) > MAX_REMEMBERED:
                del self._known[next(iter(self._known))]
        task = known[1]
        try:
            sender = await asyncio.shield(task) if not task.done() else task.result()
        except Exception:
            self._forget(key_hash, task)
            raise
        if sender is None:
            # a key that was made a moment ago must soon work
            self._forget(key_hash, task)
            self._wrong.pop(key_hash, None)
            self._wrong[key_hash] = time.monotonic() + WRONG_SECONDS
            if len(self._wrong) > MAX_REMEMBERED:
                del self._wrong[next(iter(self._wrong))]
        return sender

    def _forget(self, key_hash: str, task: asyncio.Task[Sender | None]) -> None:
        if (known := self._known.get(key_hash)) and known[1] is task:
            del self._known[key_hash]

    async def _look_up(self, key_hash: str) -> Sender | None:
        try:
            key = (await self._store.read(SENDER_KEYS, key_hash, key_hash)).document
            service_id = key["service_id"]
            service = (await self._store.read(SERVICES, service_id, service_id)).document
        except NotFoundError:
            return None
        groups: list[Any] = key["groups"]
        known = frozenset(Group(group) for group in groups if group in Group)
        return Sender(key["user_id"], known, service_of(service))
