"""The queue items of organisations and services."""

from lib.domain.shared.identifiers import NO_SERVICE_ID, OrganizationFiscalCodeField, ServiceId
from lib.ports.queueing.item import Item, Sending


class ServiceChanged(Item):
    """A managed service may have changed: ask for an update by its present state.

    `organization_fiscal_code`: all services of this organisation may have changed instead.
    """

    service_id: ServiceId = NO_SERVICE_ID
    organization_fiscal_code: OrganizationFiscalCodeField | None = None


class OrganizationApplied(Sending):
    """Ask for the check of an organisation's application, and for the e-mail with its code."""

    application_id: str
