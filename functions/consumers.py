"""The consumers of all queues, by area."""

from typing import Any

from functions.queues import (
    access_log,
    attachments,
    batches,
    devices,
    inbox,
    messages,
    notifications,
    organizations,
    payment_notices,
    personal_data,
    profiles,
    reminders,
    services,
    statistics,
)
from functions.queues.contract import Consumer

CONSUMERS: tuple[Consumer[Any], ...] = (
    *messages.CONSUMERS,
    *notifications.CONSUMERS,
    *devices.CONSUMERS,
    *reminders.CONSUMERS,
    *payment_notices.CONSUMERS,
    *statistics.CONSUMERS,
    *profiles.CONSUMERS,
    *services.CONSUMERS,
    *organizations.CONSUMERS,
    *personal_data.CONSUMERS,
    *attachments.CONSUMERS,
    *inbox.CONSUMERS,
    *access_log.CONSUMERS,
    *batches.CONSUMERS,
)
