"""The containers of notifications, their limits and the reminders that wait."""

from typing import Final

from lib.ports.documents import (
    DAY_SECONDS,
    WRITTEN_AT,
    ByField,
    ByStep,
    Container,
    NamesNobody,
    OwnPartition,
)

SCHEDULE = Container(
    "schedule",
    partition_key="slot",
    composite=(("id",),),
    in_background=True,
    swept=("item.fiscal_code",),
    erasure=ByField("item.fiscal_code"),
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
# the claims of the release 2026.11.0, which are only read and expire
DELIVERIES = Container(
    "deliveries",
    partition_key="message_id",
    swept=("status",),
    default_ttl=90 * DAY_SECONDS,
    in_background=True,
    erasure=NamesNobody("ids of messages"),
)
DAILY_LIMITS = Container(
    "daily-limits",
    partition_key="fiscal_code",
    default_ttl=10 * DAY_SECONDS,
    in_background=True,
    erasure=OwnPartition(("budget",)),
)
INSTALLATIONS = Container("installations", partition_key="fiscal_code", erasure=ByStep("devices"))
PUSH_CHANNELS = Container(
    "push-channels",
    partition_key="id",
    # an erasure finds claims that no list of devices names, since a registration died
    swept=("owner",),
    erasure=ByStep("devices"),
)

CONTAINERS: Final = (
    SCHEDULE,
    NOTIFICATIONS,
    DELIVERIES,
    DAILY_LIMITS,
    INSTALLATIONS,
    PUSH_CHANNELS,
)
