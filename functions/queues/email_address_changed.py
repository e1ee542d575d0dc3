"""Validated e-mail addresses that left a profile, to be told of it."""

from functions.queues.consumer import Consumer
from lib.domain.events import EmailAddressChanged
from lib.queues import EMAIL_ADDRESS_CHANGED

tell_old_address = Consumer(
    name="tell_old_address",
    queue=EMAIL_ADDRESS_CHANGED,
    item=EmailAddressChanged,
    handler=lambda app, item: app.tell_old_address(item),
)
