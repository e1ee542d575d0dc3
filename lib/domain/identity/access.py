"""A person's access to an inbox: the person that acts, and the citizen whose inbox it is.

Today both are the same citizen. Later, a parent, a carer or the representative of a company will
act on the inbox of another citizen. The app reads and writes the data of the subject, and records
the actor as the person that called.
"""

from dataclasses import dataclass

from lib.domain.identity.citizen import Citizen
from lib.domain.shared.identifiers import FiscalCode, SessionId


@dataclass(frozen=True, slots=True)
class Access:
    """One person's access to one inbox. Its repr shows stars only.

    `actor`: the calling person, as named by their token. `subject`: the fiscal code of the citizen
    whose inbox, settings and devices are read and changed. `session_id`: the actor's session; None
    for a token of another issuer.
    """

    actor: Citizen
    subject: FiscalCode
    session_id: SessionId | None = None

    @classmethod
    def to_own_inbox(cls, citizen: Citizen, session_id: SessionId | None = None) -> "Access":
        """Return the access of a citizen to the citizen's own inbox."""
        return cls(citizen, citizen.fiscal_code, session_id)
