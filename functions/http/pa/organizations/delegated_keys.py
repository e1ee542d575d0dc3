"""Endpoints with which an intermediary shows and replaces its keys for a service."""

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.pa.organizations.organizations import MANAGERS
from functions.http.pa.organizations.received_delegations import OF_ORGANIZATION, ORGANIZATION
from functions.http.pa.services.keys import KeyType
from functions.http.views.organizations import KeysView, keys_view
from lib.domain.organizations.errors import (
    DelegationInactiveError,
    DelegationNotFoundError,
    NotDelegatedError,
)
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import (
    OrganizationFiscalCode,
    OrganizationFiscalCodeField,
    ServiceId,
    ServiceIdField,
)

PATH = f"{OF_ORGANIZATION}/services/{{service_id}}/keys"
_PARAMETERS = {
    ORGANIZATION: OrganizationFiscalCodeField,
    "service_id": ServiceIdField,
}
_REFUSALS = (
    DelegationNotFoundError,
    DelegationInactiveError,
    NotDelegatedError,
    ServiceNotFoundError,
)


def _named(call: Call[Manager, None, None]) -> tuple[OrganizationFiscalCode, ServiceId]:
    path = call.path
    return OrganizationFiscalCode(path[ORGANIZATION]), ServiceId(path["service_id"])


async def _show(call: Call[Manager, None, None]) -> Answer:
    keys = await call.app.organizations.delegated_keys.show(call.caller, *_named(call))
    return Answer(200, keys_view(keys))


async def _replace(call: Call[Manager, None, None]) -> Answer:
    slot: KeySlot = "primary" if call.path["key_type"] == "primary" else "secondary"
    keys = await call.app.organizations.delegated_keys.replace(call.caller, *_named(call), slot)
    return Answer(200, keys_view(keys))


show_delegated_keys = Endpoint(
    name="show_delegated_keys",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="Show your keys for a service of an organisation that delegated it",
    description=(
        "The first call makes both keys and shows them in full; later calls show their last "
        "characters. The keys send and follow messages as the service's own keys do, see what they "
        "sent alone, and change nothing of the service. They are refused once the delegation ends."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters=_PARAMETERS,
    handler=_show,
    answers={200: KeysView},
    refusals=_REFUSALS,
)

replace_delegated_key = Endpoint(
    name="replace_delegated_key",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{key_type}}",
    summary="Replace one of your keys for a service of an organisation",
    description="The new key is shown once. The old one is refused within a minute.",
    tag="sender",
    policy=MANAGERS,
    parameters={**_PARAMETERS, "key_type": KeyType},
    handler=_replace,
    answers={200: KeysView},
    refusals=_REFUSALS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (show_delegated_keys, replace_delegated_key)
