"""A person's access to an inbox: the person that acts, and the citizen whose inbox it is.

They are the same citizen, or the actor is a delegate: a parent, a carer, the representative of a
company. The app reads and writes the data of the subject, and records the actor as the person that
called.
"""

from dataclasses import dataclass

from lib.domain.identity.acting import Bounds
from lib.domain.identity.citizen import Citizen
from lib.domain.shared.identifiers import FiscalCode, ServiceId, SessionId


@dataclass(frozen=True, slots=True)
class Access:
    """One person's access to one inbox. Its repr shows stars only.

    `actor`: the calling person, as named by their token. `subject`: the fiscal code of the citizen
    whose inbox, settings and devices are read and changed. `session_id`: the actor's session; None
    for a token of another issuer. `bounds`: those of the delegation by which the actor acts; None
    in the actor's own inbox.
    """

    actor: Citizen
    subject: FiscalCode
    session_id: SessionId | None = None
    bounds: Bounds | None = None

    @property
    def service_ids(self) -> frozenset[ServiceId] | None:
        """The services whose messages the actor may see; None for all."""
        return None if self.bounds is None else self.bounds.service_ids

    def sees(self, service_id: ServiceId) -> bool:
        """Tell whether the actor may see messages of this service."""
        return self.bounds is None or self.bounds.include(service_id)

    @classmethod
    def to_own_inbox(cls, citizen: Citizen, session_id: SessionId | None = None) -> "Access":
        """Return the access of a citizen to the citizen's own inbox."""
        return cls(citizen, citizen.fiscal_code, session_id)
