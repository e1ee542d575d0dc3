"""Map a stored service to the service of the domain."""

from lib.domain.payments.brake import ACCEPT
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.service import Service
from lib.ports.documents import Document
from lib.repositories.services.subscription_mapping import networks_of


def service_of(document: Document) -> Service:
    """Return the service in a document."""
    return Service(
        id=document["id"],
        name=document["service_name"],
        department_name=document["department_name"],
        organization_name=document["organization_name"],
        organization_fiscal_code=document["organization_fiscal_code"],
        authorized_cidrs=networks_of(document["authorized_cidrs"]),
        authorized_recipients=frozenset(document["authorized_recipients"]),
        authorized_payees=frozenset(document.get("authorized_payees", ())),
        max_allowed_payment_amount=document["max_allowed_payment_amount"],
        require_secure_channels=document["require_secure_channels"],
        category=document["category"],
        reminder_policy=ReminderPolicy.of_stored(document.get("reminder_policy")),
        duplicate_policy=document.get("duplicate_policy", ACCEPT),
        second_language=document.get("second_language"),
    )
