"""Consumes the queues of profiles: addresses to validate, and former addresses to notify."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items import EmailAddressChanged, EmailValidationRequested
from lib.ports.queueing.names import EMAIL_ADDRESS_CHANGED, EMAIL_VALIDATION_REQUESTED

send_validation_email = Consumer(
    name="send_validation_email",
    queue=EMAIL_VALIDATION_REQUESTED,
    item=EmailValidationRequested,
    handler=lambda app, item: app.profiles.send_validation_email(item),
)

notify_former_address = Consumer(
    name="notify_former_address",
    queue=EMAIL_ADDRESS_CHANGED,
    item=EmailAddressChanged,
    handler=lambda app, item: app.profiles.notify_former_address(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (send_validation_email, notify_former_address)
