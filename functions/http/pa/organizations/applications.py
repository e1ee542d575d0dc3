"""Endpoints for public bodies that join: apply, and confirm with the code from the e-mail."""

from typing import Annotated, Any

from pydantic import StringConstraints

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import EverybodyByAddress
from functions.http.views.organizations import (
    KeysView,
    OrganizationView,
    keys_view,
    organization_view,
)
from lib.domain.organizations.application import MAX_CODE_LENGTH
from lib.domain.organizations.errors import CodeNotFoundError, TooManyApplicationsError
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import CheckedOrganizationFiscalCode, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import Email, IOType

PATH = "/api/v1/organizations"


class OrganizationApplication(Model):
    """A public body that wants to send."""

    fiscal_code: Annotated[
        CheckedOrganizationFiscalCode, says("The fiscal code of the public body.")
    ]
    email: Annotated[
        Email | None,
        says(
            "One of the digital domiciles that the register of public bodies (IPA) has for the "
            "body. Absent: the first one in the register."
        ),
    ] = None


class ApplicationReceipt(Model):
    """An application that waits for its check."""

    id: Annotated[UlidField, says("The id of the application, with which its code begins.")]
    status: Annotated[
        str,
        says(
            "Always PENDING_CHECK: the register is asked afterwards, and only its address learns "
            "the result."
        ),
    ]


class ApplicationCode(Model):
    """The code of an application."""

    code: Annotated[
        str,
        says("The code from the e-mail to the digital domicile."),
        StringConstraints(min_length=1, max_length=MAX_CODE_LENGTH),
        IOType(("code",), f"must be a code of at most {MAX_CODE_LENGTH} characters"),
    ]


class ConfirmedOrganization(KeysView):
    """The organisation and its manage keys."""

    organization: Annotated[
        OrganizationView, says("The organisation that the code made, or that it belongs to.")
    ]
    subscription_id: Annotated[str, says("The id of the subscription that has the manage keys.")]


async def _apply(call: Call[str | None, OrganizationApplication, None]) -> Answer:
    body = call.body
    application = await call.app.organizations.apply(
        body.fiscal_code, body.email or "", call.caller
    )
    return Answer(202, ApplicationReceipt(id=application.id, status="PENDING_CHECK"))


async def _confirm(call: Call[str | None, ApplicationCode, None]) -> Answer:
    confirmed = await call.app.organizations.confirm(call.body.code, call.caller)
    keys: dict[str, Any] = keys_view(confirmed.keys).model_dump()
    return Answer(
        200,
        ConfirmedOrganization(
            organization=organization_view(confirmed.organization),
            subscription_id=confirmed.organization.manage_subscription_id,
            **keys,
        ),
    )


apply_organization = Endpoint(
    name="apply_organization",
    is_ours=True,
    method="POST",
    path=PATH,
    summary="Apply as a public body that wants to send",
    description=(
        "Recapito looks the fiscal code up in the register of public bodies (IPA) and sends an "
        "e-mail with a code to the digital domicile there. The answer is the same for every "
        "fiscal code. At most five e-mails a day go to one body. While the register is away, the "
        "application waits."
    ),
    tag="sender",
    policy=EverybodyByAddress(),
    body=Body[OrganizationApplication](
        OrganizationApplication,
        name="OrganizationApplication",
        example={"fiscal_code": "00000000018"},
    ),
    handler=_apply,
    answers={202: ApplicationReceipt},
    refusals=(TooManyApplicationsError,),
)

confirm_organization = Endpoint(
    name="confirm_organization",
    is_ours=True,
    method="POST",
    path="/api/v1/organization-confirmations",
    summary="Confirm an application with the code from the e-mail",
    description=(
        "The first code makes the organisation, on trial, and shows its manage keys once. The same "
        "code again shows them masked. The code of a later application replaces both manage keys: "
        "the digital domicile decides who acts for the organisation."
    ),
    tag="sender",
    policy=EverybodyByAddress(),
    body=Body[ApplicationCode](
        ApplicationCode,
        name="ApplicationCode",
        example={"code": "01KBTB5QWKS4M6WKT1F6CGR4M0-0123456789abcdef0123456789abcdef"},
    ),
    handler=_confirm,
    answers={200: ConfirmedOrganization},
    refusals=(CodeNotFoundError, TooManyApplicationsError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (apply_organization, confirm_organization)
