"""Endpoints with which an organisation reads its own record, and replaces its manage keys."""

from typing import Annotated, cast

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Managers
from functions.http.pa.organizations.applications import PATH
from functions.http.pa.services.keys import KeyType
from functions.http.views.organizations import (
    KeysView,
    OrganizationView,
    keys_view,
    organization_view,
)
from lib.domain.organizations.errors import KeyInUseError, OrganizationNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.service import Group
from lib.domain.services.subscription import Manager
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import OrganizationFiscalCode, OrganizationFiscalCodeField
from lib.domain.shared.model import Model

MANAGERS = Managers(frozenset((Group.SERVICE_WRITE,)))


class Trial(Model):
    """The use of the trial."""

    daily_messages: Annotated[int, says("The messages that it may send in a day of Italy.")]
    sent_today: Annotated[int, says("The messages that it sent today, by the calendar of Italy.")]


class OwnOrganizationView(OrganizationView):
    """The caller's organisation."""

    trial: Annotated[Trial | None, says("The trial. Absent: it is over.")] = None


async def _read(call: Call[Manager, None, None]) -> Answer:
    own = await call.app.organizations.read.own(
        call.caller, OrganizationFiscalCode(call.path["fiscal_code"])
    )
    trial = None
    if own.cap is not None and own.sent_today is not None:
        trial = Trial(daily_messages=own.cap, sent_today=own.sent_today)
    shown = organization_view(own.organization)
    return Answer(200, OwnOrganizationView(**shown.model_dump(), trial=trial))


async def _replace(call: Call[Manager, None, None]) -> Answer:
    fiscal_code = OrganizationFiscalCode(call.path["fiscal_code"])
    slot = cast("KeySlot", call.path["key_type"])
    keys = await call.app.organizations.replace_key.own(call.caller, fiscal_code, slot)
    return Answer(200, keys_view(keys), {"Cache-Control": "no-store"})


read_own_organization = Endpoint(
    name="read_own_organization",
    is_ours=True,
    method="GET",
    path=f"{PATH}/{{fiscal_code}}",
    summary="Read your organisation, and what is left of its trial",
    description="404 also for the fiscal code of another organisation.",
    tag="sender",
    policy=MANAGERS,
    parameters={"fiscal_code": OrganizationFiscalCodeField},
    handler=_read,
    answers={200: OwnOrganizationView},
    refusals=(OrganizationNotFoundError,),
)

replace_manage_key = Endpoint(
    name="replace_manage_key",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{fiscal_code}}/keys/{{key_type}}",
    summary="Replace one of your manage keys",
    description=(
        "The new key is shown once. The old one is refused within a minute; the key of this call "
        "works on. A key cannot replace itself, so an organisation always keeps a key: call with "
        "the primary key to replace the secondary one, and the other way round. An organisation "
        "that lost both keys applies again. The answer about your organisation lists the "
        "replacements."
    ),
    tag="sender",
    policy=MANAGERS,
    parameters={"fiscal_code": OrganizationFiscalCodeField, "key_type": KeyType},
    handler=_replace,
    answers={200: KeysView},
    refusals=(OrganizationNotFoundError, KeyInUseError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_own_organization, replace_manage_key)
