"""The containers of messages, from their submission to the inbox."""

from typing import Final

from lib.ports.documents import (
    DAY_SECONDS,
    WRITTEN_AT,
    ByField,
    ByStep,
    Container,
    InLists,
    NamesNobody,
    OwnPartition,
)

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
    # timers sweep messages without a fan-out, reminders that were never sent, full bins, and
    # messages whose time has passed
    swept=("status", "reminder_at", "binned_until", "kept_until"),
    erasure=ByStep("messages"),
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
CONTENTS = Container(
    "contents",
    partition_key="id",
    erasure=NamesNobody("texts that many messages share, without a citizen's own values"),
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

CONTAINERS: Final = (
    MESSAGES,
    INBOX_WORDS,
    CONTENTS,
    SENT_MESSAGES,
    HELD_MESSAGES,
    SCHEDULED_MESSAGES,
    TEMPLATES,
    RECALLS,
    IDEMPOTENCY_KEYS,
    PAYMENTS,
    STATISTICS,
)
