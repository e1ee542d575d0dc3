"""The containers of organisations, their services, keys and limits."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, Container, InLists, NamesNobody

SERVICES = Container("services", partition_key="id", erasure=InLists(("authorized_recipients",)))
SERVICE_VERSIONS = Container(
    "service-versions",
    partition_key="service_id",
    composite=(("id",),),
    erasure=InLists(("data.authorized_recipients", "publication.data.authorized_recipients")),
)
SERVICE_REVIEWS = Container(
    "service-reviews",
    partition_key="status",
    composite=(("id",),),
    erasure=NamesNobody("reviews of services"),
)
ORGANIZATION_SERVICES = Container(
    "organization-services",
    partition_key="organization_fiscal_code",
    indexed=("user_id", "approved_name", "is_published"),
    composite=(("user_id", "id"), ("approved_name", "id"), ("is_published", "id")),
    erasure=NamesNobody("names of services"),
)
CATALOG = Container(
    "catalog",
    partition_key="kind",
    composite=(("id",),),
    erasure=NamesNobody("names of institutions and services"),
)
SENDER_KEYS = Container("sender-keys", partition_key="id", erasure=NamesNobody("hashes of keys"))
SUBSCRIPTIONS = Container(
    "subscriptions", partition_key="id", erasure=NamesNobody("accounts of senders")
)
VOUCHER_CLIENTS = Container(
    "voucher-clients",
    partition_key="party",
    composite=(("id",),),
    erasure=NamesNobody("keys of organisations and intermediaries"),
)
TRACKING_EVIDENCE = Container(
    "tracking-evidence",
    partition_key="service_id",
    default_ttl=2 * 366 * DAY_SECONDS,
    erasure=NamesNobody("evidence about clerks, sealed"),
)
ORGANIZATIONS = Container(
    "organizations",
    partition_key="kind",
    indexed=("state",),
    composite=(("id",), ("state", "id")),
    erasure=NamesNobody("public bodies"),
)
ORGANIZATION_APPLICATIONS = Container(
    "organization-applications",
    partition_key="id",
    default_ttl=7 * DAY_SECONDS,
    erasure=NamesNobody("public bodies that apply"),
)
ORGANIZATION_DAYS = Container(
    "organization-days",
    partition_key="organization_fiscal_code",
    default_ttl=10 * DAY_SECONDS,
    erasure=NamesNobody("counts"),
)
DELEGATIONS = Container(
    "delegations",
    partition_key="party",
    indexed=("role",),
    composite=(("role", "id"),),
    erasure=NamesNobody("public bodies and their intermediaries"),
)
CALL_COUNTS = Container(
    "call-counts",
    partition_key="subscription_id",
    default_ttl=60,
    in_background=True,
    erasure=NamesNobody("counts"),
)
REMOTE_CONTENT_CONFIGURATIONS = Container(
    "remote-content-configurations",
    partition_key="id",
    erasure=NamesNobody("the owner of each configuration"),
)
REMOTE_CONTENT = Container(
    "remote-content",
    partition_key="owner",
    # the sweep finds the secrets that are sealed under the previous secret
    swept=("sealed_under",),
    erasure=InLists(("content.test_environment.test_users",)),
)

CONTAINERS: Final = (
    SERVICES,
    SERVICE_VERSIONS,
    SERVICE_REVIEWS,
    ORGANIZATION_SERVICES,
    CATALOG,
    SENDER_KEYS,
    SUBSCRIPTIONS,
    VOUCHER_CLIENTS,
    TRACKING_EVIDENCE,
    ORGANIZATIONS,
    ORGANIZATION_APPLICATIONS,
    ORGANIZATION_DAYS,
    DELEGATIONS,
    CALL_COUNTS,
    REMOTE_CONTENT_CONFIGURATIONS,
    REMOTE_CONTENT,
)
