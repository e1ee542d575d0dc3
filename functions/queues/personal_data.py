"""Consumes the queues of requests for personal data."""

from collections.abc import Awaitable
from typing import Any

from functions.queues.contract import Consumer
from lib.composition.app import App
from lib.ports.queueing.items.citizens import ErasureDue, UserDataRequested
from lib.ports.queueing.names import ERASURE_DUE, USER_DATA_REQUESTED


def _process(app: App, item: UserDataRequested) -> Awaitable[None]:
    if item.expired is not None:
        return app.personal_data.make_archive.expire(item.expired)
    if item.tell is not None:
        return app.personal_data.tell(item)
    return app.personal_data.make_archive(item)


def _erase(app: App, item: ErasureDue) -> Awaitable[None]:
    if item.tell is not None:
        return app.personal_data.tell(item)
    return app.personal_data.erase(item)


process_user_data = Consumer(
    name="process_user_data",
    queue=USER_DATA_REQUESTED,
    item=UserDataRequested,
    handler=_process,
)

erase_citizen = Consumer(
    name="erase_citizen",
    queue=ERASURE_DUE,
    item=ErasureDue,
    handler=_erase,
)

CONSUMERS: tuple[Consumer[Any], ...] = (process_user_data, erase_citizen)
