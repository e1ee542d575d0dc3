"""Switches: the changes of a citizen's settings that decide which services may write.

The subscriptions feed tells services of them. A document keeps its last switches, so that a queue
function finds the switch that its item names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol

from lib.domain.profiles.choices import Channel, Mode
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp

MOST_KEPT: Final = 10
"""The switches that a document keeps: more than a person makes before the items are processed."""
_STEP: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class ChoicesToRead:
    """The choices per service that a switch changes with it: those whose inbox is `having`.

    `settings_version`: that of the choices. `become`: whether their services may write now.
    """

    settings_version: int
    having: bool
    become: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A change of who may write.

    `at`: the time in UTC, as `values.timestamp`; no other switch of its document has it.
    `settings_version`: the version after the change; choices of an earlier one are void.
    `is_on`: whether services without a choice may write now; None if that did not change. In the
    document of a choice: whether its service may write now. `services`: services for which a
    LEGACY list of blocked channels says so. `choices`: the choices that change with it.
    """

    at: str
    settings_version: int
    is_on: bool | None = None
    services: Mapping[ServiceId, bool] = field(default_factory=dict)
    choices: ChoicesToRead | None = None

    @property
    def day(self) -> date:
        """The day of the switch in UTC, as the feed counts days."""
        return parse_timestamp(self.at).date()


class Settings(Protocol):
    """The part of a citizen's settings that decides who may write."""

    @property
    def mode(self) -> Mode: ...
    @property
    def settings_version(self) -> int: ...
    @property
    def is_inbox_enabled(self) -> bool: ...
    @property
    def blocked(self) -> Mapping[ServiceId, tuple[Channel, ...]] | None: ...


def time_of_next(kept: tuple[Switch, ...], now: datetime) -> str:
    """Return the time of a new switch: now, or later than the last switch if a clock is slow."""
    if not kept:
        return timestamp(now)
    return timestamp(max(now.astimezone(UTC), parse_timestamp(kept[-1].at) + _STEP))


def with_switch(kept: tuple[Switch, ...], switch: Switch) -> tuple[Switch, ...]:
    """Return the switches to keep."""
    return (*kept, switch)[-MOST_KEPT:]


def switch_between(before: Settings, after: Settings, at: str) -> Switch | None:
    """Return the switch that an update makes; None if the same services may write as before."""
    was, is_now = _admits_by_default(before), _admits_by_default(after)
    switch = Switch(
        at,
        after.settings_version,
        is_now if is_now is not was else None,
        _listed(before, after, was=was, is_now=is_now),
        _choices(before, after),
    )
    is_none = switch.is_on is None and not switch.services and switch.choices is None
    return None if is_none else switch


def _admits_by_default(settings: Settings) -> bool:
    return settings.is_inbox_enabled and settings.mode is not Mode.MANUAL


def _listed(before: Settings, after: Settings, *, was: bool, is_now: bool) -> dict[ServiceId, bool]:
    """Return the services that a LEGACY list opens or closes."""
    if not is_now:
        return {}
    closed = _closed(after)
    if not was:
        return dict.fromkeys(closed, False)
    earlier = _closed(before)
    return {**dict.fromkeys(closed - earlier, False), **dict.fromkeys(earlier - closed, True)}


def _closed(settings: Settings) -> frozenset[ServiceId]:
    blocked = settings.blocked or {}
    return frozenset(one for one, channels in blocked.items() if Channel.INBOX in channels)


def _choices(before: Settings, after: Settings) -> ChoicesToRead | None:
    """Return the choices that an inbox takes with it when it is switched on or off."""
    if before.is_inbox_enabled is after.is_inbox_enabled:
        return None
    if not after.is_inbox_enabled:
        if before.mode is not Mode.MANUAL:
            return None
        return ChoicesToRead(before.settings_version, having=True, become=False)
    if after.mode is Mode.LEGACY:
        return None
    is_manual = after.mode is Mode.MANUAL
    return ChoicesToRead(after.settings_version, having=is_manual, become=is_manual)
