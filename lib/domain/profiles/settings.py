"""A citizen's own settings, and the result of an update."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any, Final

from lib.domain.profiles.choices import Channel, IOLanguage, Language, Mode, Profile, io_languages
from lib.domain.profiles.errors import SettingsConflictError
from lib.domain.profiles.profile import ProfileUpdate, PushContent, QuietHours, ReminderStatus
from lib.domain.profiles.switches import Switch
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import Masked, integral

_OF_THEIR_OWN: Final = frozenset(
    {
        "version",
        "service_preferences_settings",
        "blocked_inbox_or_channels",
        "preferred_languages",
        "languages",
    }
)
"""Members of an update that do not replace the setting with the same name."""


@dataclass(frozen=True, slots=True)
class EmailValidation:
    """The last request of an e-mail that validates the citizen's address.

    `address`: a fingerprint of the address. `sent`: the times of the requests of the last 24 hours,
    as `values.timestamp` writes them.
    """

    id: str
    at: datetime
    address: str
    sent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormerAddress:
    """A validated address that left the profile; its owner has not been notified yet."""

    change_id: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """A citizen's settings; None for a setting without a choice. The default is a new profile.

    `blocked`: blocked channels by service id, from LEGACY mode. `languages`: with those that IO
    does not have; None where `preferred_languages` has all. `last_update`: a fingerprint of the
    update that made this version. `email_claim`: the mark of the secret under which the validated
    address is claimed, see `EmailOwners`. `switches`: the last ones, see `Switch`. `leaving`: True
    once the erasure of the citizen's data has begun. `tells_delegates`: as in Profile. `others`:
    fields that another version of the app stored, kept unchanged.
    """

    version: int = 0
    mode: Mode = Mode.LEGACY
    settings_version: int = -1
    is_inbox_enabled: bool = False
    is_email_enabled: bool = True
    is_webhook_enabled: bool = False
    email: str | None = field(default=None, repr=False)
    is_email_validated: bool | None = None
    blocked: Mapping[ServiceId, tuple[Channel, ...]] | None = None
    preferred_languages: tuple[IOLanguage, ...] | None = None
    languages: tuple[Language, ...] | None = None
    accepted_tos_version: float | None = None
    reminder_status: ReminderStatus | None = None
    push_notifications_content_type: PushContent | None = None
    last_app_version: str | None = None
    quiet_hours: QuietHours | None = None
    max_daily_notifications: int | None = None
    last_update: str | None = None
    email_claim: str | None = None
    validation: EmailValidation | None = field(default=None, repr=False)
    former_addresses: tuple[FormerAddress, ...] = ()
    switches: tuple[Switch, ...] = ()
    leaving: bool | None = None
    tells_delegates: bool | None = None
    others: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def profile(self) -> Profile:
        """The settings that decide about messages to the citizen."""
        quiet, blocked = self.quiet_hours, self.blocked or {}
        return Profile(
            is_inbox_enabled=self.is_inbox_enabled,
            is_webhook_enabled=self.is_webhook_enabled,
            mode=self.mode,
            settings_version=self.settings_version,
            blocked={service_id: frozenset(channels) for service_id, channels in blocked.items()},
            push_notifications_content_type=self.push_notifications_content_type or "UNSET",
            last_app_version=self.last_app_version or "UNKNOWN",
            reminder_status=self.reminder_status or "UNSET",
            quiet_hours=None
            if quiet is None
            else (time.fromisoformat(quiet.from_), time.fromisoformat(quiet.to)),
            max_daily_notifications=self.max_daily_notifications,
            preferred_languages=self.languages or self.preferred_languages or (),
            is_email_enabled=self.is_email_enabled,
            is_email_validated=bool(self.is_email_validated),
            email=Masked(self.email or ""),
            tells_delegates=bool(self.tells_delegates),
        )

    @property
    def validated_email(self) -> str | None:
        """The e-mail address, if the citizen has validated it; else None."""
        return self.email if self.email and self.is_email_validated else None

    def made_by(self, update: ProfileUpdate) -> bool:
        """Tell whether exactly this update, with the same version, made these settings."""
        return self.last_update == _fingerprint(update)

    def updated(self, update: ProfileUpdate) -> "ProfileSettings":
        """Return the settings after the update; raise SettingsConflictError.

        As in IO: a new mode voids the choices per service. The first acceptance of the terms
        switches inbox and push on, whatever the body says, since IO's app sends the values that it
        read before. A new address is not validated. The channels blocked in LEGACY mode stay
        blocked in AUTO mode until the citizen makes a choice.
        """
        if update.version != self.version:
            raise SettingsConflictError(f"Version {update.version} is not the latest version.")
        after = replace(self, **_replaced_settings(update, self), last_update=_fingerprint(update))
        if self.mode is Mode.LEGACY and update.blocked_inbox_or_channels is not None:
            blocked = update.blocked_inbox_or_channels.items()
            after = replace(
                after, blocked={service_id: tuple(channels) for service_id, channels in blocked}
            )
        if after.email != self.email:
            after = replace(after, is_email_validated=False, email_claim=None)
        if after.accepted_tos_version is not None and self.accepted_tos_version is None:
            after = replace(after, is_inbox_enabled=True, is_webhook_enabled=True)
        mode = update.service_preferences_settings
        return after if mode is None else _in_mode(after, mode.mode)

    def address_that_came(self, before: "ProfileSettings") -> str | None:
        """Return the address that the update added; None without a new address."""
        return self.email if self.email and self.email != before.email else None

    def address_that_left(self, before: "ProfileSettings") -> str | None:
        """Return the validated address that the update replaced or removed, or None."""
        return None if self.email == before.email else before.validated_email


def _in_mode(settings: ProfileSettings, mode: Mode) -> ProfileSettings:
    if mode is settings.mode:
        return settings
    if mode is Mode.LEGACY:
        raise SettingsConflictError("The mode cannot change back to LEGACY.")
    keeps_blocked = (settings.mode, mode) == (Mode.LEGACY, Mode.AUTO)
    return replace(
        settings,
        mode=mode,
        settings_version=settings.settings_version + 1,
        blocked=settings.blocked if keeps_blocked else None,
    )


def _replaced_settings(update: ProfileUpdate, before: ProfileSettings) -> dict[str, Any]:
    """Return the settings that an update replaces; null removes a setting."""
    names = update.model_fields_set - _OF_THEIR_OWN
    chosen: dict[str, Any] = {name: getattr(update, name) for name in names}
    chosen |= _replaced_languages(update, before)
    if "accepted_tos_version" in chosen:
        chosen["accepted_tos_version"] = integral(chosen["accepted_tos_version"])
    return {**chosen, "version": update.version + 1}


def _replaced_languages(update: ProfileUpdate, before: ProfileSettings) -> dict[str, Any]:
    """Return the languages that an update replaces, those of IO apart.

    IO's app writes back the languages that it read, which must not remove the others.
    """
    if update.languages is not None:
        chosen = tuple(dict.fromkeys(update.languages))
        of_io = io_languages(chosen)
        return {"preferred_languages": of_io, "languages": None if of_io == chosen else chosen}
    if update.preferred_languages is None:
        return {}
    of_io = tuple(update.preferred_languages)
    keeps = of_io == (before.preferred_languages or ())
    return {"preferred_languages": of_io, "languages": before.languages if keeps else None}


def _fingerprint(update: ProfileUpdate) -> str:
    return hashlib.sha256(json.dumps(update.members, sort_keys=True).encode()).hexdigest()
