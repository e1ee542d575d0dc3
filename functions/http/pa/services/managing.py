"""Names that the endpoints of the manage API share."""

from typing import Annotated, Any, Final

from functions.http.contract.endpoint import Call
from functions.http.contract.policies import Managers
from lib.domain.services.errors import ManagedServiceNotFoundError
from lib.domain.services.service import Group
from lib.domain.services.subscription import Manager
from lib.domain.shared.described import says
from lib.domain.shared.errors import DomainError
from lib.domain.shared.identifiers import ServiceId

MANAGERS: Final = Managers(frozenset((Group.SERVICE_WRITE,)))
BASE: Final = "/api/v1/manage/services"
ONE: Final = f"{BASE}/{{service_id}}"

ManagedServiceId = Annotated[ServiceId, says("The id of the service.")]
"""A text of another form names no service, so the answer is 404."""
PARAMETERS: Final = {"service_id": ManagedServiceId}
NOT_FOUND: Final[tuple[type[DomainError], ...]] = (ManagedServiceNotFoundError,)


def named(call: Call[Any, Any, Any]) -> ServiceId:
    """Return the id of the service that the call's path names."""
    return ServiceId(call.path["service_id"])


__all__ = ("BASE", "MANAGERS", "NOT_FOUND", "ONE", "PARAMETERS", "Manager", "named")
