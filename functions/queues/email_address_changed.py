"""Validated e-mail addresses that left a profile, to be told of it."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import EmailAddressChanged
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED

notify_former_address = Consumer(
    name="notify_former_address",
    queue=EMAIL_ADDRESS_CHANGED,
    item=EmailAddressChanged,
    handler=lambda app, item: app.notify_former_address(item),
)
