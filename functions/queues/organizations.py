"""Consumes the queues of organisations: applications to check, and decisions to follow."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items import OrganizationApplied, OrganizationChanged
from lib.ports.queueing.names import ORGANIZATION_APPLIED, ORGANIZATION_CHANGED

check_application = Consumer(
    name="check_application",
    queue=ORGANIZATION_APPLIED,
    item=OrganizationApplied,
    handler=lambda app, item: app.organizations.check_application(item),
)

follow_organization_change = Consumer(
    name="follow_organization_change",
    queue=ORGANIZATION_CHANGED,
    item=OrganizationChanged,
    handler=lambda app, item: app.services.follow_organization(item.organization_fiscal_code),
)

CONSUMERS: tuple[Consumer[Any], ...] = (check_application, follow_organization_change)
