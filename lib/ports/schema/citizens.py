"""The containers of citizens: their choices, sessions, rights and parties."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, ByField, ByStep, Container, NamesNobody, OwnPartition

PROFILES = Container(
    "profiles", partition_key="fiscal_code", read_in_bulk=True, erasure=OwnPartition(("profile",))
)
STANDINGS = Container(
    "resident-standings",
    partition_key="fiscal_code",
    default_ttl=365 * DAY_SECONDS,
    erasure=OwnPartition(("resident",)),
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
    swept=("at",),
    # each entry has the hash of a fiscal code, which can be found by trying
    erasure=ByStep("feed"),
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

CONTAINERS: Final = (
    PROFILES,
    STANDINGS,
    SERVICE_PREFERENCES,
    SUBSCRIPTIONS_FEED,
    EMAIL_ADDRESSES,
    ACTIVATIONS,
    USER_DATA_PROCESSING,
    SESSIONS,
    ACCESS_LOG,
    PARTIES,
    PARTY_OFFERS,
    DELEGATED_MESSAGES,
)
