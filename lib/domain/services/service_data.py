"""The description of a service by its organisation, by IO's names."""

import ipaddress
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FiscalCodeField, OrganizationFiscalCodeField
from lib.domain.shared.model import Model
from lib.domain.shared.values import (
    INTEGRAL,
    NOT_NULL,
    Flag,
    IOType,
    NonEmpty,
    integral,
    null_means,
)

SANDBOX_FISCAL_CODE: Final = "AAAAAA00A00A000A"
"""The recipient to whom every service may write, for trials."""
CIDR_PATTERN: Final = "^([0-9]{1,3}[.]){3}[0-9]{1,3}(/([0-9]|[1-2][0-9]|3[0-2]))?$"
MAX_AMOUNT: Final = 9_999_999_999
MAX_RECIPIENTS: Final = 1_000
MAX_CIDRS: Final = 100


def _network(cidr: str) -> str:
    ipaddress.IPv4Network(cidr, strict=False)
    return cidr


Cidr = Annotated[
    str,
    StringConstraints(pattern=CIDR_PATTERN),
    AfterValidator(_network),
    IOType(
        (f'string that matches the pattern "{CIDR_PATTERN}"',),
        "must be an IPv4 address or network, such as 203.0.113.0/24",
        "NETWORK",
    ),
]
METADATA: Final = says("More of the service, for the citizens who look at it.")
type Scope = Literal["NATIONAL", "LOCAL"]
Name = Annotated[NonEmpty, StringConstraints(max_length=300)]
"""A name is repeated in each message of the service."""
Line = Annotated[NonEmpty, StringConstraints(max_length=2048)]


class Part(Model):
    """A part of a service; members that it does not know are left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class OrganizationData(Part):
    """The organisation that offers the service."""

    name: Annotated[Name, says("The name of the organisation.")]
    fiscal_code: Annotated[
        OrganizationFiscalCodeField,
        says("The fiscal code of the organisation: the one that your manage key acts for."),
    ]
    department_name: Annotated[
        Name | None,
        NOT_NULL,
        says("The department that offers the service. Absent: none is named."),
    ] = None


class BaseMetadata(Part):
    """The metadata that citizens may read."""

    scope: Annotated[
        Scope,
        IOType(("scope",)),
        says("NATIONAL: the service is for all citizens. LOCAL: for those of a place."),
    ]
    web_url: Annotated[
        Line | None, NOT_NULL, says("The address of the service's web site. Absent: none.")
    ] = None
    app_ios: Annotated[
        Line | None, NOT_NULL, says("The address of the service's app for iOS. Absent: none.")
    ] = None
    app_android: Annotated[
        Line | None, NOT_NULL, says("The address of the service's app for Android. Absent: none.")
    ] = None
    tos_url: Annotated[
        Line | None, NOT_NULL, says("The address of the terms of the service. Absent: none.")
    ] = None
    privacy_url: Annotated[
        Line | None,
        NOT_NULL,
        says("The address of the privacy notice. Absent: none; a review asks for it."),
    ] = None
    address: Annotated[
        Line | None, NOT_NULL, says("The postal address of the office. Absent: none.")
    ] = None
    phone: Annotated[
        Line | None, NOT_NULL, says("The telephone number of the office. Absent: none.")
    ] = None
    email: Annotated[
        Line | None, NOT_NULL, says("The e-mail address of the office. Absent: none.")
    ] = None
    pec: Annotated[
        Line | None, NOT_NULL, says("The certified e-mail address of the office. Absent: none.")
    ] = None
    cta: Annotated[
        Line | None, NOT_NULL, says("The call to action that the app shows. Absent: none.")
    ] = None
    token_name: Annotated[
        Line | None, NOT_NULL, says("The name of the token of a single sign-on. Absent: none.")
    ] = None
    support_url: Annotated[
        Line | None, NOT_NULL, says("The address where citizens find help. Absent: none.")
    ] = None


GroupId = Annotated[
    Name | None,
    NOT_NULL,
    says("The group of the organisation's staff that manages the service. Absent: none."),
]


class ServiceMetadata(BaseMetadata):
    """The metadata of a payload: its topic is a number."""

    topic_id: Annotated[
        float,
        Field(strict=True),
        AfterValidator(integral),
        IOType(("number",), "must be the number of a topic", "NOT_A_CHOICE"),
        says("The topic of the service: the id of one of the listed topics."),
    ]
    group_id: GroupId = None


class ServiceBase(Part):
    """The members of a service that its payload and its answers share."""

    name: Annotated[Name, says("The name of the service, which citizens read.")]
    description: Annotated[
        Annotated[NonEmpty, StringConstraints(max_length=10_000)],
        says("What the service is for, in words for citizens; Markdown."),
    ]
    organization: Annotated[
        OrganizationData,
        IOType(("Organization",)),
        says("Your organisation, which offers the service."),
    ]
    require_secure_channel: Annotated[
        Flag,
        says(
            "Whether notifications of the service's messages say nothing of their content. The "
            "default is false."
        ),
    ] = False
    authorized_recipients: Annotated[
        tuple[FiscalCodeField, ...],
        Field(max_length=MAX_RECIPIENTS),
        IOType(("array of FiscalCode",)),
        says(
            "The citizens to whom the service may write while it is on trial, beside the sandbox "
            "recipient."
        ),
    ] = ()
    authorized_cidrs: Annotated[
        tuple[Cidr, ...],
        Field(max_length=MAX_CIDRS),
        IOType(("array of CIDR",)),
        says("The networks from which the service's keys may be used. Empty: from everywhere."),
    ] = ()
    max_allowed_payment_amount: Annotated[
        int,
        Field(strict=True, ge=0, le=MAX_AMOUNT),
        INTEGRAL,
        null_means(0),
        IOType(
            ("integer >= 0 and < 9999999999", "9999999999"),
            "must be an amount in euro cents, a whole number from 0 to 9999999999",
            "AMOUNT",
        ),
        says(
            "The largest sum, in euro cents, for which a message of the service may ask. The "
            "default is 0: none may."
        ),
    ] = 0
    suitable_for_minors: Annotated[
        Flag | None,
        NOT_NULL,
        says("Whether the service is for citizens from the age of 14. Absent: it is not told."),
    ] = None


class ServiceData(ServiceBase):
    """A service as its organisation describes it: IO's ServicePayload."""

    metadata: Annotated[ServiceMetadata, IOType(("ServicePayloadMetadata",)), METADATA]

    def with_sandbox_recipient(self) -> "ServiceData":
        """Return the data with the sandbox recipient among the authorised ones."""
        recipients = self.authorized_recipients
        if SANDBOX_FISCAL_CODE in recipients:
            return self
        return self.model_copy(update={"authorized_recipients": (*recipients, SANDBOX_FISCAL_CODE)})

    def in_group(self, group_id: str | None) -> "ServiceData":
        """Return the data with another group of staff, or with none."""
        metadata = self.metadata.model_copy(update={"group_id": group_id})
        return self.model_copy(update={"metadata": metadata})

    @property
    def stored(self) -> dict[str, Any]:
        """The members as JSON's types, without those that are absent."""
        return self.model_dump(mode="json", exclude_none=True)
