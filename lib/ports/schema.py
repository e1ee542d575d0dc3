"""The declarations of all containers, from which tables, Cosmos containers and Bicep are made."""

from typing import Final

from lib.ports.documents import (
    WRITTEN_AT,
    ByField,
    ByStep,
    Container,
    InLists,
    NamesNobody,
    OwnPartition,
)

DAY_SECONDS: Final = 24 * 60 * 60

MESSAGES = Container(
    "messages",
    partition_key="fiscal_code",
    indexed=(
        "status",
        "is_archived",
        "is_read",
        "is_starred",
        "payment_status",
        "sender_service_id",
        "organization_fiscal_code",
        "due_date",
    ),
    composite=(
        ("status", "is_archived", "id"),
        ("status", "is_archived", "due_date"),
        # apps follow the changes of an inbox
        (WRITTEN_AT,),
    ),
    narrowing=(
        "is_read",
        "is_starred",
        "payment_status",
        "sender_service_id",
        "organization_fiscal_code",
    ),
    # timers sweep messages without a fan-out, reminders that were never sent, and full bins
    swept=("status", "reminder_at", "binned_until"),
    erasure=ByStep("messages"),
)
CONTENTS = Container(
    "contents",
    partition_key="id",
    erasure=NamesNobody("texts that many messages share, without a citizen's own values"),
)
PROFILES = Container(
    "profiles", partition_key="fiscal_code", read_in_bulk=True, erasure=OwnPartition(("profile",))
)
STANDINGS = Container(
    "resident-standings",
    partition_key="fiscal_code",
    default_ttl=365 * DAY_SECONDS,
    erasure=OwnPartition(("resident",)),
)
INBOX_WORDS = Container(
    "inbox-words",
    partition_key="fiscal_code",
    composite=(("id",),),
    worded="words",
    default_ttl=400 * DAY_SECONDS,
    in_background=True,
    erasure=OwnPartition(),
)
SERVICE_PREFERENCES = Container(
    "service-preferences",
    partition_key="fiscal_code",
    composite=(("id",),),
    read_in_bulk=True,
    erasure=OwnPartition(),
)
SUBSCRIPTIONS_FEED = Container(
    "subscriptions-feed",
    partition_key="scope",
    composite=(("id",),),
    default_ttl=400 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("by a hash, which senders need to learn that a citizen left"),
)
EMAIL_ADDRESSES = Container(
    "email-addresses",
    partition_key="address",
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
ACTIVATIONS = Container(
    "activations",
    partition_key="fiscal_code",
    composite=(("id",),),
    read_in_bulk=True,
    erasure=OwnPartition(),
)
USER_DATA_PROCESSING = Container(
    "user-data-processing", partition_key="fiscal_code", erasure=ByStep("requests")
)
SESSIONS = Container("sessions", partition_key="fiscal_code", erasure=OwnPartition(("sessions",)))
INSTALLATIONS = Container("installations", partition_key="fiscal_code", erasure=ByStep("devices"))
PUSH_CHANNELS = Container("push-channels", partition_key="id", erasure=ByStep("devices"))
SERVICES = Container("services", partition_key="id", erasure=InLists(("authorized_recipients",)))
VOUCHER_CLIENTS = Container(
    "voucher-clients",
    partition_key="party",
    composite=(("id",),),
    erasure=NamesNobody("keys of organisations and intermediaries"),
)
ACCESS_LOG = Container(
    "access-log",
    partition_key="fiscal_code",
    indexed=("at",),
    composite=(("at",),),
    default_ttl=365 * DAY_SECONDS,
    in_background=True,
    # an entry has the id of a delegation, and never who the delegate is
    erasure=OwnPartition(),
)
TRACKING_EVIDENCE = Container(
    "tracking-evidence",
    partition_key="service_id",
    default_ttl=2 * 366 * DAY_SECONDS,
    erasure=NamesNobody("evidence about clerks, sealed"),
)
SENDER_KEYS = Container("sender-keys", partition_key="id", erasure=NamesNobody("hashes of keys"))
SUBSCRIPTIONS = Container(
    "subscriptions", partition_key="id", erasure=NamesNobody("accounts of senders")
)
ORGANIZATIONS = Container(
    "organizations",
    partition_key="kind",
    indexed=("state",),
    composite=(("id",), ("state", "id")),
    erasure=NamesNobody("public bodies"),
)
SERVICE_VERSIONS = Container(
    "service-versions",
    partition_key="service_id",
    composite=(("id",),),
    erasure=InLists(("data.authorized_recipients", "publication.data.authorized_recipients")),
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
SERVICE_REVIEWS = Container(
    "service-reviews",
    partition_key="status",
    composite=(("id",),),
    erasure=NamesNobody("reviews of services"),
)
DELEGATIONS = Container(
    "delegations",
    partition_key="party",
    indexed=("role",),
    composite=(("role", "id"),),
    erasure=NamesNobody("public bodies and their intermediaries"),
)
PARTIES = Container(
    "parties",
    partition_key="fiscal_code",
    # the other side of each delegation names the citizen as well
    erasure=ByStep("parties"),
)
PARTY_OFFERS = Container(
    "party-offers",
    partition_key="id",
    default_ttl=7 * DAY_SECONDS,
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
DELEGATED_MESSAGES = Container(
    "delegated-messages",
    partition_key="delegation",
    composite=(("id",),),
    default_ttl=366 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("ids of messages"),
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
REMOTE_CONTENT_CONFIGURATIONS = Container(
    "remote-content-configurations",
    partition_key="id",
    erasure=NamesNobody("the owner of each configuration"),
)
CALL_COUNTS = Container(
    "call-counts",
    partition_key="subscription_id",
    default_ttl=60,
    in_background=True,
    erasure=NamesNobody("counts"),
)
REMOTE_CONTENT = Container(
    "remote-content",
    partition_key="owner",
    # the sweep finds the secrets that are sealed under the previous secret
    swept=("sealed_under",),
    erasure=InLists(("content.test_environment.test_users",)),
)
RECALLS = Container(
    "recalls",
    partition_key="recall_id",
    composite=(("id",),),
    default_ttl=30 * DAY_SECONDS,
    erasure=InLists(("recipients",)),
)
IDEMPOTENCY_KEYS = Container(
    "idempotency-keys",
    partition_key="id",
    default_ttl=DAY_SECONDS,
    erasure=NamesNobody("hashes, for a day"),
)
# the claims of the release 2026.11.0, which are only read and expire
DELIVERIES = Container(
    "deliveries",
    partition_key="message_id",
    swept=("status",),
    default_ttl=90 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("ids of messages"),
)
NOTIFICATIONS = Container(
    "notifications",
    partition_key="fiscal_code",
    indexed=("day",),
    composite=(("day", "id"), (WRITTEN_AT,)),
    swept=("status",),
    default_ttl=90 * DAY_SECONDS,
    in_background=True,
    erasure=OwnPartition(),
)
DOUBTFUL_CLAIMS = Container(
    "doubtful-claims",
    partition_key="status",
    composite=(("id",),),
    default_ttl=90 * DAY_SECONDS,
    in_background=True,
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
DAILY_LIMITS = Container(
    "daily-limits",
    partition_key="fiscal_code",
    default_ttl=10 * DAY_SECONDS,
    in_background=True,
    erasure=OwnPartition(("budget",)),
)
HELD_MESSAGES = Container(
    "held-messages",
    partition_key="service_id",
    indexed=("user_id",),
    composite=(("id",), ("user_id", "id")),
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
SCHEDULED_MESSAGES = Container(
    "scheduled-messages",
    partition_key="service_id",
    indexed=("user_id",),
    composite=(("id",), ("user_id", "id")),
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code"),
)
TEMPLATES = Container(
    "templates",
    partition_key="service_id",
    indexed=("kind", "user_id"),
    composite=(("kind", "id"), ("kind", "user_id", "id")),
    erasure=NamesNobody("texts of senders"),
)
PAYMENTS = Container(
    "payments",
    partition_key="rpt_id",
    swept=("fiscal_code",),
    erasure=ByField("fiscal_code", keeps=("description", "markdown")),
)
STATISTICS = Container(
    "statistics",
    partition_key="service_shard",
    indexed=("tally",),
    composite=(("id",), ("tally",)),
    default_ttl=3 * 366 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("counts, and marks by the ids of messages"),
)
SENT_MESSAGES = Container(
    "sent-messages",
    partition_key="service_shard",
    indexed=("status", "reference", "sender_user_id", "changed", "tally"),
    composite=(("id",), ("status", "id"), ("reference", "id"), ("changed",), ("tally",)),
    default_ttl=366 * DAY_SECONDS,
    in_background=True,
    erasure=ByStep("messages"),
)
SCHEDULE = Container(
    "schedule",
    partition_key="slot",
    composite=(("id",),),
    in_background=True,
    swept=("item.fiscal_code",),
    erasure=ByField("item.fiscal_code"),
)
ATTACHMENTS = Container(
    "attachments",
    partition_key="id",
    # a timer finds files whose time to be looked at has come; an erasure finds those of a citizen
    swept=("due_at", "fiscal_code"),
    erasure=ByStep("attachments"),
)
KEPT_DOCUMENTS = Container(
    "kept-documents",
    partition_key="fiscal_code",
    composite=(("id",),),
    erasure=OwnPartition(),
)
CERTIFICATES = Container(
    "certificates",
    partition_key="service_id",
    composite=(("id",),),
    erasure=NamesNobody("certificates that services offer"),
)
CERTIFICATE_REQUESTS = Container(
    "certificate-requests",
    partition_key="service_id",
    indexed=("status",),
    composite=(("id",), ("status", "id")),
    # a timer finds requests that nobody answered; an erasure finds those of a citizen
    swept=("due_at", "fiscal_code"),
    erasure=ByField("fiscal_code"),
)
CERTIFICATE_LISTS = Container(
    "certificate-lists", partition_key="fiscal_code", erasure=OwnPartition(("requests",))
)
BATCHES = Container(
    "batches",
    partition_key="service_id",
    indexed=("sender_user_id", "status"),
    composite=(("id",), ("sender_user_id", "id"), ("status", "id")),
    # a timer finds batches that stopped
    swept=("status",),
    default_ttl=366 * DAY_SECONDS,
    erasure=NamesNobody("texts and counts of batches"),
)
BATCH_CHUNKS = Container(
    "batch-chunks",
    partition_key="batch_id",
    indexed=("done_at",),
    composite=(("id",),),
    default_ttl=366 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("counts of chunks"),
)
BATCH_FILES = Container(
    "batch-files",
    partition_key="id",
    # a timer finds files whose time has come
    swept=("due_at",),
    erasure=ByStep("citizens_rows"),
)
DEAD_LETTERS = Container(
    "dead-letters",
    partition_key="queue",
    indexed=("failed_at",),
    composite=(("failed_at",),),
    default_ttl=90 * DAY_SECONDS,
    erasure=ByStep("letters"),
)

CONTAINERS: Final = (
    MESSAGES,
    INBOX_WORDS,
    CONTENTS,
    PROFILES,
    SERVICE_PREFERENCES,
    STANDINGS,
    SUBSCRIPTIONS_FEED,
    EMAIL_ADDRESSES,
    ACTIVATIONS,
    USER_DATA_PROCESSING,
    SESSIONS,
    ACCESS_LOG,
    INSTALLATIONS,
    PUSH_CHANNELS,
    SERVICES,
    SENDER_KEYS,
    SUBSCRIPTIONS,
    VOUCHER_CLIENTS,
    TRACKING_EVIDENCE,
    ORGANIZATIONS,
    SERVICE_VERSIONS,
    ORGANIZATION_SERVICES,
    CATALOG,
    SERVICE_REVIEWS,
    DELEGATIONS,
    PARTIES,
    PARTY_OFFERS,
    DELEGATED_MESSAGES,
    ORGANIZATION_APPLICATIONS,
    ORGANIZATION_DAYS,
    REMOTE_CONTENT_CONFIGURATIONS,
    REMOTE_CONTENT,
    CALL_COUNTS,
    RECALLS,
    IDEMPOTENCY_KEYS,
    DELIVERIES,
    NOTIFICATIONS,
    DOUBTFUL_CLAIMS,
    DAILY_LIMITS,
    HELD_MESSAGES,
    SCHEDULED_MESSAGES,
    TEMPLATES,
    PAYMENTS,
    STATISTICS,
    SENT_MESSAGES,
    SCHEDULE,
    ATTACHMENTS,
    KEPT_DOCUMENTS,
    CERTIFICATES,
    CERTIFICATE_REQUESTS,
    CERTIFICATE_LISTS,
    BATCHES,
    BATCH_CHUNKS,
    BATCH_FILES,
    DEAD_LETTERS,
)
