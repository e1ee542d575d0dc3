"""Citizens and their access to inboxes, to vary."""

from lib.domain.identity.access import Access
from lib.domain.identity.citizen import Citizen
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked


def an_access(fiscal_code: str) -> Access:
    """Return the access of a citizen to the inbox of their own."""
    citizen = Citizen(FiscalCode(fiscal_code), Masked("Maria"), Masked("Rossi"))
    return Access.to_own_inbox(citizen)
