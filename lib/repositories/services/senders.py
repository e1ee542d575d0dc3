"""Read sender keys and services, and cache them, since every call needs them."""

import ipaddress
from datetime import timedelta
from typing import Any

from cachetools import LRUCache

from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.service import Group, Sender, Service
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema import SENDER_KEYS, SERVICES
from lib.repositories.shared.loading_cache import MAX_ENTRIES, LoadingCache

WRONG_SECONDS = 5
"""How long it is remembered that a key does not exist; a new key works after that."""


def service_of(document: Document) -> Service:
    """Return the service in a document."""
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
        reminder_policy=ReminderPolicy.of_stored(document.get("reminder_policy")),
    )


class Senders:
    """Find senders by the keyed hash of their key; a cached one is at most `remember` old.

    Cost: two point reads for a key that is not cached, one for a key that does not exist.
    """

    def __init__(self, store: DocumentStore, remember: timedelta) -> None:
        self._store = store
        self._senders = LoadingCache(
            self._load, seconds=remember.total_seconds(), absent_seconds=WRONG_SECONDS
        )
        self._valid = LRUCache[str, None](MAX_ENTRIES)

    def knew(self, key_hash: str) -> bool:
        """Tell whether the key was valid at its last lookup, or is being looked up."""
        return key_hash in self._valid or key_hash in self._senders

    async def by_key_hash(self, key_hash: str) -> Sender | None:
        """Return the sender; None where no active key has this hash."""
        return await self._senders.get(key_hash)

    async def _load(self, key_hash: str) -> Sender | None:
        try:
            key = (await self._store.read(SENDER_KEYS, key_hash, key_hash)).document
            service_id = key["service_id"]
            service = (await self._store.read(SERVICES, service_id, service_id)).document
        except NotFoundError:
            self._valid.pop(key_hash, None)
            return None
        self._valid[key_hash] = None
        groups: list[Any] = key["groups"]
        known = frozenset(Group(group) for group in groups if group in Group)
        return Sender(key["user_id"], known, service_of(service))
