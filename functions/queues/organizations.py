"""Consumes the queue of organisations: applications to check."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.senders import OrganizationApplied
from lib.ports.queueing.names import ORGANIZATION_APPLIED

check_application = Consumer(
    name="check_application",
    queue=ORGANIZATION_APPLIED,
    item=OrganizationApplied,
    handler=lambda app, item: app.organizations.check_application(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (check_application,)
