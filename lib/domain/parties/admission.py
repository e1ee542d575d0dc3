"""The declaration of an endpoint about delegates: their right, and what keeps their scope."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lib.domain.identity.acting import Right


class View(StrEnum):
    """The part of the owner's inbox that a call shows, which decides about its scope.

    NOTHING: nothing of any message, or what is for delegates who see all. MESSAGE: the message that
    the path names; its service is checked before the call. FILTERED: messages that the use case
    finds by the services of the access.
    """

    NOTHING = "NOTHING"
    MESSAGE = "MESSAGE"
    FILTERED = "FILTERED"


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether delegates may call an endpoint. `right`: the one they need; None for no delegate."""

    right: Right | None
    view: View = View.NOTHING


OWNER_ALONE: Final = Admission(None)
MANAGES: Final = Admission(Right.MANAGE)
READS_NOTHING: Final = Admission(Right.READ)
READS_MESSAGE: Final = Admission(Right.READ, View.MESSAGE)
ACTS_ON_MESSAGE: Final = Admission(Right.ACT, View.MESSAGE)
READS_FILTERED: Final = Admission(Right.READ, View.FILTERED)
ACTS_FILTERED: Final = Admission(Right.ACT, View.FILTERED)
