"""Values that fields of many models share, with the rule and the IO name of each.

`IOType` carries the name that IO's own decoder gives a type: PAs' clients compare the texts built
from it, so the error answers repeat it exactly.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Final, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import PydanticCustomError, core_schema

EMAIL_PATTERN: Final = r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$"
RULE: Final = "x-rule"
"""The key of a value's rule in a schema. The OpenAPI document adds the rule to the description."""

WRONG_LENGTH: Final = "text_length"
"""The kind of error of a text that is too short or too long."""
_DATE_TIME: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(?P<zone>Z|[+-]\d{2}:\d{2})?", re.ASCII
)


_KEPT_TIMES: Final = 256


@dataclass(frozen=True, slots=True)
class IOType:
    """The type names that IO's decoder prints for a refused value: one line each, in order.

    `rule`: the rule of the value in words, for a refusal and for the OpenAPI document. `code`: the
    kind of the rule, as the API's answers name it.
    """

    names: tuple[str, ...]
    rule: str = ""
    code: str = "INVALID"

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = dict(handler(schema))
        if self.rule and "$ref" not in described:
            described.setdefault(RULE, self.rule)
        return described


def rule_of(field: Any) -> str:
    """Return the rule of a field's type in words, such as that of Cents."""
    return next(part.rule for part in get_args(field) if isinstance(part, IOType))


class Masked(str):
    """A string of personal data: its repr and logs show stars, its serialisation the value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


Email = Annotated[
    str,
    StringConstraints(pattern=EMAIL_PATTERN),
    IOType(("string that represents an email address",), "must be an e-mail address", "EMAIL"),
]
NonEmpty = Annotated[
    str,
    StringConstraints(min_length=1),
    IOType(("non empty string",), "must be a string that is not empty", "EMPTY"),
]


def integral(value: object) -> object:
    """Return a whole float as an integer: in JSON and in IO's JavaScript, 84.0 is 84."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


INTEGRAL: Final = BeforeValidator(integral)

Cents = Annotated[
    int,
    Field(strict=True, ge=1, le=9_999_999_999),
    INTEGRAL,
    IOType(
        ("integer >= 1 and < 9999999999", "9999999999"),
        "must be an amount in euro cents, a whole number from 1 to 9999999999",
        "AMOUNT",
    ),
]
Flag = Annotated[
    bool, Field(strict=True), IOType(("boolean",), "must be true or false", "WRONG_TYPE")
]


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, as JavaScript's `length` does, and so IO's limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True)
class TextOf:
    """A string of `minimum` to `maximum` UTF-16 code units, both included."""

    minimum: int
    maximum: int

    @property
    def names(self) -> tuple[str, ...]:
        """The IO type name, as in IOType."""
        return (f"string of length >= {self.minimum} and < {self.maximum + 1}",)

    def check(self, text: str) -> str:
        """Return the text; raise ValueError for a text of another length."""
        length = utf16_length(text)
        if not self.minimum <= length <= self.maximum:
            msg = f"must be {self.minimum} to {self.maximum} UTF-16 code units long, is {length}"
            raise PydanticCustomError(WRONG_LENGTH, msg)
        return text

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # JSON Schema counts code points, which differ for emoji and rare scripts only
        return {
            **handler(schema),
            RULE: f"must be {self.minimum} to {self.maximum} UTF-16 code units long, as IO counts: "
            "a character beyond U+FFFF, such as an emoji, counts as two",
            "minLength": self.minimum,
            "maxLength": self.maximum,
        }


def timestamp(moment: datetime) -> str:
    """Format an aware time as IO does: UTC, milliseconds, `2018-10-12T22:00:00.000Z`."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='milliseconds')[:-6]}Z"


@lru_cache(_KEPT_TIMES)
def parse_timestamp(text: str) -> datetime:
    """Parse an ISO 8601 date and time with seconds; a text without a zone is in UTC.

    Raise ValueError. Cost: the latest times are kept, since the fields of a message and the
    messages of a batch have their times in common.
    """
    return parse_clock(text).astimezone(UTC)


def parse_clock(text: str) -> datetime:
    """Parse a date and time, and keep its offset; a text without an offset is in UTC."""
    if not _DATE_TIME.fullmatch(text):
        msg = "must be a date and time such as 2018-10-12T22:00:00Z"
        raise ValueError(msg)
    moment = datetime.fromisoformat(text)
    clock = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        clock.astimezone(UTC)
    except OverflowError as error:
        msg = "must lie in the years 1 to 9999 in UTC"
        raise ValueError(msg) from error
    return clock


def just_after(text: str) -> str:
    """Return the next millisecond after a time as `timestamp` writes it."""
    return timestamp(parse_timestamp(text) + timedelta(milliseconds=1))


def zoned(text: str) -> str:
    """Return a date and time with a zone unchanged; raise ValueError for other texts."""
    found = _DATE_TIME.fullmatch(text)
    if found and not found["zone"]:
        msg = (
            "must say its zone: 2027-06-30T16:00:00Z in UTC, or 2027-06-30T18:00:00+02:00 in Italy"
        )
        raise ValueError(msg)
    return text


def _normalise(text: str) -> str:
    return timestamp(parse_timestamp(text))


Timestamp = Annotated[
    str,
    AfterValidator(_normalise),
    Field(json_schema_extra={"format": "date-time"}),
    IOType(
        ("UtcOnlyIsoDateFromString", "TimezoneOnlyIsoDateFromString"),
        "must be a date and time with seconds, such as 2027-06-30T21:59:59Z",
        "NOT_A_TIME",
    ),
]
"""IO's date and time: without a zone it is in UTC. The app's own APIs require a zone."""
ZonedTimestamp = Annotated[
    str,
    AfterValidator(zoned),
    AfterValidator(_normalise),
    Field(json_schema_extra={"format": "date-time"}),
    IOType(("date and time with its zone",)),
]
"""The date and time of the app's own APIs, with a zone."""


class _NotNull:
    """Refuse null for a field `X | None`, as IO does: None means that the field is absent."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        (inner,) = (part for part in get_args(source) if part is not type(None))
        return handler(inner)


NOT_NULL: Final = _NotNull()
"""IO's rule for optional objects, dates and plain strings: the field may be absent, not null."""


@dataclass(frozen=True, slots=True)
class _NullMeans:
    """Replace null by the default of a field."""

    default: object

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(
            lambda value: self.default if value is None else value, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = dict(handler(schema))
        if isinstance(described.get("type"), str):
            described["type"] = [described["type"], "null"]
        if "enum" in described:
            described["enum"] = [*described["enum"], None]
        return described


def null_means(default: object) -> _NullMeans:
    """Return IO's rule for scalars with a default: null means the default."""
    return _NullMeans(default)
