"""Reminder policies: when citizens are reminded of a service's messages, or of one message."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final

from pydantic import AfterValidator, ConfigDict, Field

from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, Flag, IOType

# a copy from the library `holidays`, which takes too long to load here; a test compares both
_CODES: Final = (
    "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CL CN CO CR CS CT CZ EN "
    "FC FE FG FI FM FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA "
    "PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN "
    "TO TP TR TS TV UD VA VB VC VE VI VR VT VV Andria Barletta Cesena Forli Pesaro Trani Urbino"
)
PROVINCES: Final = tuple(_CODES.split())
"""The codes of Italy's provinces, and towns that share a province but not its patron saint."""

MAX_URL_LENGTH: Final = 2048
CONDITION_URL_PATTERN: Final = (
    r"^https://([0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+"
    r"[A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?(:443)?"
    r'([/?][!"$-\[\]-~]*)?$'
)
"""An https URL with a public host name (not an address), the default port and no credentials.

The URL has no fragment either.
"""
_CONDITION_URL: Final = re.compile(CONDITION_URL_PATTERN[1:-1])


def _integer(least: int, most: int) -> tuple[Any, ...]:
    return (
        Field(strict=True, ge=least, le=most),
        INTEGRAL,
        IOType(
            (f"integer >= {least} and < {most + 1}",),
            f"must be a whole number from {least} to {most}",
        ),
    )


def _earliest_first(days: list[int]) -> list[int]:
    if len(set(days)) < len(days):
        raise ValueError("must be distinct")
    return sorted(days, reverse=True)


def _known(province: str) -> str:
    if province not in PROVINCES:
        raise ValueError("must be the code of an Italian province, such as RM")
    return province


def _callable(url: str) -> str:
    if len(url) > MAX_URL_LENGTH or not _CONDITION_URL.fullmatch(url):
        msg = (
            f"must be an https URL of at most {MAX_URL_LENGTH} characters, with a host name and no "
            "address, port 443 if any, no credentials and no fragment"
        )
        raise ValueError(msg)
    return url


Province = Annotated[
    str,
    AfterValidator(_known),
    Field(json_schema_extra={"enum": list(PROVINCES)}),
    IOType(("code of an Italian province",)),
]
ConditionUrl = Annotated[
    str,
    AfterValidator(_callable),
    Field(json_schema_extra={"maxLength": MAX_URL_LENGTH, "pattern": CONDITION_URL_PATTERN}),
    IOType(
        ("https URL of a public host",),
        "must be an https URL of a public host by its name, without port or credentials",
        "ADDRESS",
    ),
]


class ReminderPolicy(Model):
    """The reminders of a message, by Italy's days and hours; an absent field has its default.

    `days`: days before the due date (0 is the due date), at the `hour`. `max`: the largest number
    of reminders of all kinds. `unread_after_days`: days since the message came, null for never.
    `working_days_only`: a reminder 2 days or more before the due date moves to the working day
    before, by Italy's holidays and the patron's day of the province `holidays_of`. `condition_url`:
    the app asks it before each reminder of the due date.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_enabled: Annotated[
        Flag, says("Whether citizens are reminded at all. The default is true.")
    ] = True
    days: Annotated[
        list[Annotated[int, *_integer(0, 60)]],
        Field(max_length=10, json_schema_extra={"uniqueItems": True}),
        AfterValidator(_earliest_first),
        IOType(("array of up to 10 distinct integers >= 0 and < 61",)),
        says(
            "How many days before the due date to remind, by the calendar of Italy; 0 "
            "is the day itself. At most ten different numbers."
        ),
    ] = [7, 3, 1, 0]  # noqa: RUF012 - pydantic copies it
    hour: Annotated[
        int,
        *_integer(8, 20),
        says("The hour of the reminders, by the clock of Europe/Rome. None is sent at night."),
    ] = 9
    max: Annotated[
        int, *_integer(1, 10), says("How many reminders of all kinds a message gets at most.")
    ] = 4
    unread_after_days: Annotated[
        Annotated[int, *_integer(1, 30)] | None,
        says(
            "After how many days to remind of a message that was not read. Absent or null: never."
        ),
    ] = None
    working_days_only: Annotated[
        Flag,
        says(
            "Whether reminders of 2 days or more before the due date move to the "
            "working day before, where they fall on a Saturday, a Sunday or a "
            "holiday. The default is true."
        ),
    ] = True
    holidays_of: Annotated[
        Province | None,
        says(
            "The Italian province, or the town, whose patron saint's day is a holiday "
            "as well. Absent or null: national holidays alone."
        ),
    ] = None
    condition_url: Annotated[
        ConditionUrl | None,
        says(
            "The URL that is asked before each reminder of a due date whether to send "
            "it. Absent or null: none is asked. A citizen never sees it."
        ),
    ] = None

    def over(self, other: "ReminderPolicy") -> "ReminderPolicy":
        """Return the other policy with the fields that this policy sets, nulls included."""
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return other.model_copy(update=own)

    @property
    def tag(self) -> str:
        """The tag of the policy's content: equal policies have equal tags."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def stored(self) -> dict[str, Any]:
        """The fields that differ from the default; `of_stored` reads them."""
        return {} if self is _default() else self.model_dump(exclude_defaults=True)

    @classmethod
    def of_stored(cls, fields: Mapping[str, Any] | None) -> "ReminderPolicy":
        """Return the policy that differs from the default by these fields."""
        return cls.model_validate(fields) if fields else _default()


@cache
def _default() -> ReminderPolicy:
    return ReminderPolicy()
