"""Endpoints of organisations for operators: list, invite, approve, suspend, replace keys."""

from typing import Annotated, cast

from pydantic import Field, StringConstraints

from functions.http.callers.operators_log import Records
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.operations.dead_letters import OPERATORS
from functions.http.pa.services.keys import KeyType
from functions.http.parameters.values import Continuation
from functions.http.views.organizations import (
    STATE,
    KeysView,
    OrganizationView,
    StateName,
    keys_view,
    organization_view,
)
from lib.domain.organizations.errors import OrganizationNotFoundError
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.keys import KeySlot
from lib.domain.services.subscription import Operator
from lib.domain.shared.described import CURSOR, says
from lib.domain.shared.identifiers import (
    CheckedOrganizationFiscalCode,
    OrganizationFiscalCode,
    OrganizationFiscalCodeField,
    UlidField,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import Email, IOType

PATH = "/api/operations/v1/organizations"
_PARAMETERS = {"fiscal_code": OrganizationFiscalCodeField}
_TARGET = {"organization_fiscal_code": "fiscal_code"}


class OrganizationsQuery(Model):
    """The organisations to list."""

    state: Annotated[StateName | None, STATE] = None
    limit: Annotated[
        int, Field(ge=1, le=100), says("How many organisations are listed at most.")
    ] = 20
    continuation: Continuation = None


class OrganizationList(Model):
    """A page of organisations by fiscal code."""

    items: Annotated[list[OrganizationView], says("The organisations, by their fiscal codes.")]
    next: Annotated[str | None, CURSOR] = None


class Invitation(Model):
    """An organisation for which the operator vouches."""

    fiscal_code: Annotated[
        CheckedOrganizationFiscalCode, says("The fiscal code of the organisation.")
    ]
    name: Annotated[
        str,
        says("The name of the organisation."),
        StringConstraints(min_length=3, max_length=200, strip_whitespace=True),
        IOType(("name",), "must have 3 to 200 characters"),
    ]
    email: Annotated[Email, says("The address that gets the code, such as a certified mailbox.")]


class InvitationReceipt(Model):
    """An invitation that waits for its code."""

    id: Annotated[UlidField, says("The id of the application, with which its code begins.")]


class Suspension(Model):
    """The suspension of an organisation."""

    reason: Annotated[
        str,
        says("Why it is suspended; the organisation does not see it while it is suspended."),
        StringConstraints(min_length=10, max_length=500, strip_whitespace=True),
        IOType(("reason",), "must have 10 to 500 characters"),
    ]


async def _list(call: Call[Operator, None, OrganizationsQuery]) -> Answer:
    query = call.query
    state = None if query.state is None else OrganizationState(query.state)
    page = await call.app.organizations.read.page(state, query.limit, query.continuation)
    items = [organization_view(one) for one in page.items]
    return Answer(200, OrganizationList(items=items, next=page.continuation))


async def _invite(call: Call[Operator, Invitation, None]) -> Answer:
    body = call.body
    application = await call.app.organizations.apply.invite(body.fiscal_code, body.name, body.email)
    return Answer(202, InvitationReceipt(id=application.id))


async def _approve(call: Call[Operator, None, None]) -> Answer:
    decided = await call.app.organizations.decide.approve(
        OrganizationFiscalCode(call.path["fiscal_code"])
    )
    return Answer(200, organization_view(decided))


async def _suspend(call: Call[Operator, Suspension, None]) -> Answer:
    decided = await call.app.organizations.decide.suspend(
        OrganizationFiscalCode(call.path["fiscal_code"]), call.body.reason
    )
    return Answer(200, organization_view(decided))


async def _replace_key(call: Call[Operator, None, None]) -> Answer:
    fiscal_code = OrganizationFiscalCode(call.path["fiscal_code"])
    slot = cast("KeySlot", call.path["key_type"])
    keys = await call.app.organizations.replace_key.of(call.caller, fiscal_code, slot)
    return Answer(200, keys_view(keys), {"Cache-Control": "no-store"})


list_organizations = Endpoint(
    name="list_organizations",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the organisations by their state",
    description="`state` TRIAL lists the organisations that wait for an approval.",
    tag="operations",
    policy=OPERATORS,
    query=OrganizationsQuery,
    handler=_list,
    answers={200: OrganizationList},
)

invite_organization = Endpoint(
    name="invite_organization",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Invite an organisation that is not in the register of public bodies",
    description=(
        "For intermediaries, such as software houses. The address gets an e-mail with a code, as "
        "the digital domicile of a public body does; the code makes the organisation."
    ),
    tag="operations",
    policy=OPERATORS,
    body=Body[Invitation](
        Invitation,
        name="Invitation",
        example={
            "fiscal_code": "00000000042",
            "name": "Software per i Comuni",
            "email": "pec@software.example.org",
        },
    ),
    # the name and the address may be those of a person
    handler=_invite,
    records=Records(in_body={"organization_fiscal_code": "fiscal_code"}),
    answers={202: InvitationReceipt},
)

approve_organization = Endpoint(
    name="approve_organization",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{fiscal_code}}/approval",
    summary="Approve an organisation",
    description="Ends its trial or its suspension. Its keys follow within a minute.",
    tag="operations",
    policy=OPERATORS,
    parameters=_PARAMETERS,
    handler=_approve,
    records=Records(_TARGET),
    answers={200: OrganizationView},
    refusals=(OrganizationNotFoundError,),
)

suspend_organization = Endpoint(
    name="suspend_organization",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{fiscal_code}}/suspension",
    summary="Suspend an organisation",
    description=(
        "All its keys, and those of its intermediaries for it, are refused within a minute. "
        "Messages that were accepted before are delivered."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters=_PARAMETERS,
    body=Body[Suspension](
        Suspension, name="Suspension", example={"reason": "The key was found in a public place."}
    ),
    handler=_suspend,
    records=Records(_TARGET),
    answers={200: OrganizationView},
    refusals=(OrganizationNotFoundError,),
)

replace_key_of_organization = Endpoint(
    name="replace_key_of_organization",
    is_ours=True,
    method="PUT",
    path=f"{PATH}/{{fiscal_code}}/keys/{{key_type}}",
    summary="Replace a manage key of an organisation",
    description=(
        "For a key that was found in a public place. The new key is shown once; the old one is "
        "refused within a minute. The organisation sees the replacement. If it cannot take the "
        "key from you, it applies again, and its digital domicile gets a code."
    ),
    tag="operations",
    policy=OPERATORS,
    parameters={**_PARAMETERS, "key_type": KeyType},
    handler=_replace_key,
    records=Records(_TARGET, values=lambda call: {"key_type": call.path["key_type"]}),
    answers={200: KeysView},
    refusals=(OrganizationNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_organizations,
    invite_organization,
    approve_organization,
    suspend_organization,
    replace_key_of_organization,
)
