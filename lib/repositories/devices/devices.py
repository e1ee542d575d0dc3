"""Store the devices of each citizen, and the owner of each push channel."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, get_args

from lib.domain.devices.devices import BrowserKeys, Device, Devices, Platform
from lib.ports.documents import Document, DocumentStore, Stored
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.push import PushRegistration
from lib.ports.schema.notifications import INSTALLATIONS, PUSH_CHANNELS
from lib.repositories.shared.optimistic import until_written

DEVICES_ID: Final = "devices"
_MAX_LEAVING: Final = 50
_PLATFORMS: Final[tuple[Platform, ...]] = get_args(Platform.__value__)


class CrowdedError(UnavailableError):
    """The citizen has the maximum number of devices that wait for their removal."""


class CitizensDevices:
    """Store a citizen's devices, one document per citizen."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> Devices:
        """Return the citizen's devices."""
        return _devices(await self._find(fiscal_code))

    async def change(
        self, fiscal_code: str, step: Callable[[Devices], Awaitable[Devices]]
    ) -> Devices:
        """Store the result of `step` on the citizen's devices; return the devices.

        `step` may be called several times. Raise UnavailableError if other calls change the devices
        too often, CrowdedError if too many devices wait for their removal.
        """

        async def attempt() -> Devices:
            stored = await self._find(fiscal_code)
            before = _devices(stored)
            after = await step(before)
            if after == before:
                return after
            if len(after.leaving) > max(_MAX_LEAVING, len(before.leaving)):
                raise CrowdedError("too many devices wait for their removal", retry_after=60)
            document: Document = {
                "id": DEVICES_ID,
                "fiscal_code": fiscal_code,
                "present": [device._asdict() for device in after.present],
                "leaving": [device._asdict() for device in after.leaving],
            }
            if stored is None:
                await self._store.create(INSTALLATIONS, document)
            else:
                await self._store.replace(INSTALLATIONS, document, if_match=stored.etag)
            return after

        return await until_written("a list of devices", attempt)

    async def forget(self, fiscal_code: str) -> None:
        """Delete the list, of an erased citizen."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(INSTALLATIONS, fiscal_code, DEVICES_ID)

    async def _find(self, fiscal_code: str) -> Stored | None:
        try:
            return await self._store.read(INSTALLATIONS, fiscal_code, DEVICES_ID)
        except NotFoundError:
            return None


class PushChannels:
    """Store the owner of each push channel, by pseudonym.

    The owner of a channel is the citizen who registered it last.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, id_: str) -> PushRegistration | None:
        """Return the channel with its owner, None for a channel without an owner."""
        stored = await self._find(id_)
        return None if stored is None else _installation(stored.document)

    async def holds(self, installation: PushRegistration, claim: str) -> bool:
        """Tell whether the channel still has this owner, under this claim."""
        stored = await self._find(installation.id)
        return (
            stored is not None
            and stored.document["claim"] == claim
            and _installation(stored.document) == installation
        )

    async def has(self, id_: str, claim: str) -> bool:
        """Tell whether the channel still has this claim."""
        stored = await self._find(id_)
        return stored is not None and bool(stored.document["claim"] == claim)

    async def claim(self, installation: PushRegistration, claim: str) -> None:
        """Give the channel to its new owner, under this claim."""
        keys = installation.keys
        await self._store.upsert(
            PUSH_CHANNELS,
            {
                "id": installation.id,
                "owner": installation.recipient,
                "claim": claim,
                "platform": installation.platform,
                "push_channel": installation.push_channel,
                **({} if keys is None else {"keys": keys._asdict()}),
            },
        )

    async def release(self, id_: str, claim: str) -> None:
        """End this claim on the channel; a later claim or another citizen's claim stays."""
        stored = await self._find(id_)
        if stored is None or stored.document["claim"] != claim:
            return
        try:
            await self._store.delete(PUSH_CHANNELS, id_, id_, if_match=stored.etag)
        except (NotFoundError, PreconditionFailedError):
            # the channel is gone or was claimed meanwhile, and the new claim has its own item
            return

    async def end_of(self, id_: str, owner: str) -> None:
        """Remove the channel from this owner; another owner's claim stays."""
        stored = await self._find(id_)
        if stored is None or stored.document["owner"] != owner:
            return
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.delete(PUSH_CHANNELS, id_, id_, if_match=stored.etag)

    async def end(self, id_: str) -> None:
        """Remove the channel from its present owner, if it has one."""
        with contextlib.suppress(NotFoundError):
            await self._store.delete(PUSH_CHANNELS, id_, id_)

    async def _find(self, id_: str) -> Stored | None:
        try:
            return await self._store.read(PUSH_CHANNELS, id_, id_)
        except NotFoundError:
            return None


def _devices(stored: Stored | None) -> Devices:
    if stored is None:
        return Devices()
    present, leaving = (
        tuple(
            # without the members that a later release may have added
            Device(**{field: fields[field] for field in Device._fields if field in fields})
            for fields in stored.document[name]
        )
        for name in ("present", "leaving")
    )
    return Devices(present, leaving)


def _installation(document: Document) -> PushRegistration:
    (platform,) = (name for name in _PLATFORMS if name == document["platform"])
    keys = document.get("keys")
    return PushRegistration(
        document["id"],
        document["owner"],
        platform,
        document["push_channel"],
        None if keys is None else BrowserKeys(**keys),
    )
