"""Templates of messages, and the limits of a key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from recapito.models.batches import Text
from recapito.models.messages import RequestWarning


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name in a template. `is_needed`: whether a row without a value gives no message."""

    name: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a template."""

    name: str
    version: int
    subject: str
    markdown: str
    created_at: datetime
    changed_at: datetime
    variants: Mapping[str, Mapping[str, str]] | None = None
    placeholders: tuple[Placeholder, ...] = ()
    warnings: tuple[RequestWarning, ...] = ()

    @property
    def tag(self) -> str:
        """The version as a condition of a change: `save(…, if_match=template.tag)`."""
        return f'"{self.version}"'


@dataclass(frozen=True, slots=True)
class ListedTemplate:
    """A template in the list."""

    name: str
    version: int
    subject: str
    languages: tuple[str, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """The message that a template gives for the values of a row."""

    version: int
    language: str
    subject: str
    markdown: str
    warnings: tuple[RequestWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class CallLimit:
    """The calls of a key in `seconds`. `limit`: None for any number."""

    seconds: int
    limit: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None
    is_near_limit: bool = False


@dataclass(frozen=True, slots=True)
class TrialLimit:
    """The messages of an organisation on trial, in a day of Italy."""

    limit: int
    remaining: int
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class OtherLimit:
    """A limit of one request, or of one thing that requests are about."""

    name: str
    limit: int
    unit: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a key."""

    calls: CallLimit
    trial: TrialLimit | None = None
    others: tuple[OtherLimit, ...] = field(default=())


Variants = Mapping[str, Text]
"""The texts in other languages, by their codes: de_DE, fr_FR, sl_SI and others."""
