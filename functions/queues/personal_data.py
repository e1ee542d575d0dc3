"""Consumes the queue of requests for personal data."""

from collections.abc import Awaitable
from typing import Any

from functions.queues.contract import Consumer
from lib.composition.app import App
from lib.ports.queueing.items import UserDataRequested
from lib.ports.queueing.names import USER_DATA_REQUESTED


def _process(app: App, item: UserDataRequested) -> Awaitable[None]:
    if item.expired is not None:
        return app.personal_data.make_archive.expire(item.expired)
    if item.tell is not None:
        return app.personal_data.tell(item)
    return app.personal_data.make_archive(item)


process_user_data = Consumer(
    name="process_user_data",
    queue=USER_DATA_REQUESTED,
    item=UserDataRequested,
    handler=_process,
)

CONSUMERS: tuple[Consumer[Any], ...] = (process_user_data,)
