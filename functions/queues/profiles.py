"""Consumes the queues of profiles: addresses to validate, former addresses, and switches."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.citizens import (
    EmailAddressChanged,
    EmailValidationRequested,
    SubscriptionSwitched,
)
from lib.ports.queueing.names import (
    EMAIL_ADDRESS_CHANGED,
    EMAIL_VALIDATION_REQUESTED,
    SUBSCRIPTION_SWITCHED,
)

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

follow_subscription_switch = Consumer(
    name="follow_subscription_switch",
    queue=SUBSCRIPTION_SWITCHED,
    item=SubscriptionSwitched,
    handler=lambda app, item: app.profiles.follow_switch(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (
    send_validation_email,
    notify_former_address,
    follow_subscription_switch,
)
