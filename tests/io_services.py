"""IO's answers to organisations that manage services; see tests/io_contract.py."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Time = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Filled = Annotated[str, StringConstraints(min_length=1)]


class Strict(BaseModel):
    """An object with these members and no other; null is none of their values."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Organization(Strict):
    """IO's CmsOrganization."""

    name: Filled
    fiscal_code: Annotated[str, StringConstraints(pattern="^[0-9]{11}$")]
    department_name: Filled = ""


class Topic(Strict):
    """IO's CmsServiceTopic."""

    id: float
    name: str


class TopicList(Strict):
    """IO's CmsServiceTopicList."""

    topics: list[Topic]


class Metadata(Strict):
    """IO's CmsServiceMetadata, and `group_id` of its later contract."""

    scope: Literal["LOCAL", "NATIONAL"]
    web_url: Filled = ""
    app_ios: Filled = ""
    app_android: Filled = ""
    tos_url: Filled = ""
    privacy_url: Filled = ""
    address: Filled = ""
    phone: Filled = ""
    email: Filled = ""
    pec: Filled = ""
    cta: Filled = ""
    token_name: Filled = ""
    support_url: Filled = ""
    topic: Topic = None  # type: ignore[assignment]  # absent, never null
    group_id: Filled = ""


class Data(Strict):
    """IO's CmsServiceData, and `suitable_for_minors` of its later contract."""

    id: Filled
    last_update: Time
    metadata: Metadata
    name: Filled
    description: Filled
    organization: Organization
    require_secure_channel: bool
    authorized_recipients: list[str]
    authorized_cidrs: list[str]
    max_allowed_payment_amount: Annotated[int, Field(ge=0, le=9_999_999_999)]
    suitable_for_minors: bool = False


type Lifecycle = Literal["draft", "submitted", "approved", "rejected", "deleted"]
type Public = Literal["published", "unpublished"]


class LifecycleStatus(Strict):
    """IO's CmsServiceLifecycleStatus."""

    value: Lifecycle
    reason: str = ""


class ServiceLifecycle(Data):
    """IO's CmsServiceLifecycle."""

    status: LifecycleStatus


class ServicePublication(Data):
    """IO's CmsServicePublication."""

    status: Public


class HistoryStatus(Strict):
    """IO's CmsServiceHistoryItemStatus."""

    kind: Literal["publication", "lifecycle"]
    value: Lifecycle | Public
    reason: str = ""


class HistoryItem(Data):
    """IO's CmsServiceHistoryItem."""

    status: HistoryStatus


class History(Strict):
    """IO's CmsServiceHistory."""

    items: list[HistoryItem]
    continuationToken: str = ""  # noqa: N815 - IO's name


class Pagination(Strict):
    """IO's CmsPaginationResultSet."""

    offset: int
    limit: int
    count: int


class ServiceList(Strict):
    """IO's CmsServicePagination."""

    value: list[ServiceLifecycle]
    pagination: Pagination


class Keys(Strict):
    """IO's CmsSubscriptionKeys."""

    primary_key: Filled
    secondary_key: Filled


BASE: Final = "/api/v1/manage/services"
_ONE: Final = f"{BASE}/{{}}"
ANSWERS: Final[dict[tuple[str, str, int], type[Strict] | None]] = {
    ("POST", BASE, 201): ServiceLifecycle,
    ("GET", BASE, 200): ServiceList,
    ("GET", f"{BASE}/topics", 200): TopicList,
    ("GET", _ONE, 200): ServiceLifecycle,
    ("PUT", _ONE, 200): ServiceLifecycle,
    ("PATCH", _ONE, 204): None,
    ("DELETE", _ONE, 204): None,
    ("PUT", f"{_ONE}/logo", 204): None,
    ("GET", f"{_ONE}/history", 200): History,
    ("GET", f"{_ONE}/keys", 200): Keys,
    ("PUT", f"{_ONE}/keys/{{}}", 200): Keys,
    ("PUT", f"{_ONE}/review", 204): None,
    ("PATCH", f"{_ONE}/review", 204): None,
    ("POST", f"{_ONE}/release", 204): None,
    ("GET", f"{_ONE}/release", 200): ServicePublication,
    ("DELETE", f"{_ONE}/release", 204): None,
}
"""The answer of each operation; None where the body is empty."""


def template_of(path: str) -> str:
    """Return the template of a path of the manage API, `{}` for each parameter."""
    match path.removeprefix(f"{BASE}/").split("/"):
        case ["topics"]:
            return path
        case [_, "keys", _]:
            return f"{_ONE}/keys/{{}}"
        case [_, *rest]:
            return "/".join((_ONE, *rest))
        case _:
            return path
