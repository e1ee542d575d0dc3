"""IO's answers to senders, decoded strictly: no member more than the contract has.

One of the integrations in use decodes with a mapper that fails on unknown members, and takes a
message that was accepted for an error. The helpers that call endpoints (tests/stack.py,
tests/journeys/support.py) hold every answer of these operations against the models here.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tests import io_services

ULID: Final = "^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z]{26}$"
FISCAL_CODE: Final = (
    "^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$"
)
OWNER: Final = f"{FISCAL_CODE}|^[0-9]{{11}}$"
"""IO has no companies: their inboxes are an addition, of 11 digits."""
Id = Annotated[str, StringConstraints(pattern=ULID)]
Time = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Filled = Annotated[str, StringConstraints(min_length=1)]


class Strict(BaseModel):
    """An object with these members alone, none of which is null."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Payee(Strict):
    """IO's Payee."""

    fiscal_code: Annotated[str, StringConstraints(pattern="^[0-9]{11}$")]


class PaymentData(Strict):
    """IO's PaymentDataWithRequiredPayee."""

    amount: Annotated[int, Field(ge=1, le=9_999_999_999)]
    notice_number: Annotated[str, StringConstraints(pattern="^[0123][0-9]{17}$")]
    invalid_after_due_date: bool
    payee: Payee


class ThirdPartyData(Strict):
    """IO's ThirdPartyData."""

    id: Filled
    original_sender: Filled = ""
    original_receipt_date: Time = ""
    has_attachments: bool
    has_remote_content: bool
    has_precondition: Literal["ALWAYS", "ONCE", "NEVER"] = "NEVER"
    summary: Filled = ""
    configuration_id: Id = ""


class EUCovidCert(Strict):
    """IO's EUCovidCert."""

    auth_code: str


class PrescriptionData(Strict):
    """IO's PrescriptionData."""

    nre: Annotated[str, StringConstraints(min_length=15, max_length=15)]
    iup: Annotated[str, StringConstraints(min_length=1, max_length=16)] = ""
    prescriber_fiscal_code: Annotated[str, StringConstraints(pattern=FISCAL_CODE)] = ""


class LegalData(Strict):
    """IO's LegalData."""

    sender_mail_from: Filled
    message_unique_id: Filled
    has_attachment: bool
    original_message_url: Filled = ""
    pec_server_service_id: Filled = ""


class Content(Strict):
    """IO's MessageContent."""

    subject: str
    markdown: str
    due_date: Time = ""
    require_secure_channels: bool = False
    payment_data: PaymentData = None  # type: ignore[assignment]  # absent, never null
    third_party_data: ThirdPartyData = None  # type: ignore[assignment]
    eu_covid_cert: EUCovidCert = None  # type: ignore[assignment]
    prescription_data: PrescriptionData = None  # type: ignore[assignment]
    legal_data: LegalData = None  # type: ignore[assignment]


class Message(Strict):
    """IO's ExternalCreatedMessageWithContent."""

    id: Id
    fiscal_code: Annotated[str, StringConstraints(pattern=OWNER)]
    created_at: Time
    sender_service_id: Filled
    time_to_live: Annotated[int, Field(ge=3600, le=604_800)]
    feature_level_type: Literal["STANDARD", "ADVANCED"]
    content: Content


class MessageAnswer(Strict):
    """IO's ExternalMessageResponseWithContent, in which IO's client wants a content always."""

    message: Message
    status: Literal["ACCEPTED", "THROTTLED", "FAILED", "PROCESSED", "REJECTED"]
    read_status: Literal["READ", "UNREAD", "UNAVAILABLE"] = "UNAVAILABLE"
    payment_status: Literal["PAID", "NOT_PAID"] = "NOT_PAID"


class Created(Strict):
    """IO's CreatedMessage."""

    id: Id


class LimitedProfile(Strict):
    """IO's LimitedProfile."""

    sender_allowed: bool
    preferred_languages: list[str] = []


class Activation(Strict):
    """IO's Activation."""

    service_id: Filled
    fiscal_code: Annotated[str, StringConstraints(pattern=OWNER)]
    status: Literal["ACTIVE", "INACTIVE", "PENDING"]
    version: Annotated[int, Field(ge=0)]


class SubscriptionsFeed(Strict):
    """IO's SubscriptionsFeed; the client checks the pattern of the hashes and not their length."""

    dateUTC: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]  # noqa: N815 - IO's
    subscriptions: list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]]
    unsubscriptions: list[Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]]


class RCAuthentication(Strict):
    """IO's RCAuthenticationConfig; the client drops `cert`, which IO's server knows."""

    header_key_name: Filled
    key: Filled
    type: Filled
    cert: dict[str, Filled] = {}


class RCEnvironment(Strict):
    """IO's RCConfigurationProdEnvironment."""

    base_url: Filled
    details_authentication: RCAuthentication


class RCTestEnvironment(RCEnvironment):
    """IO's RCConfigurationTestEnvironment."""

    test_users: list[Annotated[str, StringConstraints(pattern=FISCAL_CODE)]]


class RCConfigurationPublic(Strict):
    """IO's RCConfigurationPublic."""

    configuration_id: Id
    name: Filled
    description: Filled
    has_precondition: Literal["ALWAYS", "ONCE", "NEVER"]
    disable_lollipop_for: list[str]
    is_lollipop_enabled: bool
    test_environment: RCTestEnvironment = None  # type: ignore[assignment]
    prod_environment: RCEnvironment = None  # type: ignore[assignment]


class RCConfigurationResponse(RCConfigurationPublic):
    """IO's RCConfigurationResponse."""

    user_id: Filled


class RCConfigurationListResponse(Strict):
    """IO's RCConfigurationListResponse."""

    rcConfigList: list[RCConfigurationResponse]  # noqa: N815 - IO's name


class FieldError(Strict):
    """A member of `errors`."""

    pointer: str
    code: str
    detail: str


class Problem(Strict):
    """IO's ProblemJson, with the extension members that RFC 9457 lets a client ignore.

    The clients that decode answers strictly do not decode problems so.
    """

    type: str = ""
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: list[FieldError] = []
    trace_id: str = ""


class GatewayRefusal(Strict):
    """A 401 of IO's gateway, or a 404, which may be a problem as well."""

    statusCode: int  # noqa: N815 - IO's name
    message: str
    title: str = ""
    status: int = 0
    detail: str = ""
    errors: list[FieldError] = []


_MESSAGES: Final = "/api/v1/messages"
_CONFIGURATIONS: Final = "/api/v1/messages-sending/remote-contents/configurations"
_ANSWERS: Final[Mapping[tuple[str, str, int], type[BaseModel] | None]] = {
    **io_services.ANSWERS,
    ("POST", _MESSAGES, 201): Created,
    ("POST", f"{_MESSAGES}/{{}}", 201): Created,
    ("GET", f"{_MESSAGES}/{{}}/{{}}", 200): MessageAnswer,
    ("POST", "/api/v1/profiles", 200): LimitedProfile,
    ("GET", "/api/v1/profiles/{}", 200): LimitedProfile,
    ("GET", "/api/v1/subscriptions-feed/{}", 200): SubscriptionsFeed,
    ("POST", "/api/v1/activations", 200): Activation,
    ("PUT", "/api/v1/activations", 200): Activation,
    ("PUT", "/api/v1/organizations/{}/logo", 202): None,
    ("POST", _CONFIGURATIONS, 201): RCConfigurationPublic,
    ("GET", _CONFIGURATIONS, 200): RCConfigurationListResponse,
    ("GET", f"{_CONFIGURATIONS}/{{}}", 200): RCConfigurationResponse,
    ("PUT", f"{_CONFIGURATIONS}/{{}}", 204): None,
}
OPERATIONS: Final = frozenset((method, path) for method, path, _ in _ANSWERS)


def is_held_to_io(method: str, path: str) -> bool:
    """Tell whether the answers of this operation are held against IO's contract."""
    return (method, _template(path)) in OPERATIONS


def check(
    method: str, path: str, status: int, body: bytes, asked: Mapping[str, Any] | None = None
) -> None:
    """Fail where an answer of an operation of IO has a member that is not IO's.

    `path` may be a template. With the header Prefer in what was `asked`, members of ours may come.
    """
    operation = (method, _template(path))
    if operation not in OPERATIONS or "prefer" in {name.lower() for name in asked or {}}:
        return
    model: type[BaseModel] | None = Problem
    if status < 400:
        assert (*operation, status) in _ANSWERS, f"IO has no {status} of {operation}"
        model = _ANSWERS[*operation, status]
    elif b'"statusCode"' in body:
        model = GatewayRefusal
    if model is None:
        assert body == b"", f"IO's {operation} answers {status} without a body"
    else:
        model.model_validate_json(body)


def _template(path: str) -> str:
    known = re.sub(r"{\w+}", "{}", path)
    if known.startswith(f"{io_services.BASE}/"):
        return io_services.template_of(known)
    for prefix in (_MESSAGES, "/api/v1/profiles", "/api/v1/subscriptions-feed", _CONFIGURATIONS):
        if known.startswith(f"{prefix}/"):
            rest = known.removeprefix(f"{prefix}/").split("/")
            return f"{prefix}/{'/'.join('{}' for _ in rest)}" if len(rest) < 3 else known
    return known
