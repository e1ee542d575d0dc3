"""What a citizen may change of their own settings, and what an update makes of them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from lib.domain.profiles import email_address
from lib.domain.profiles.errors import SettingsConflictError
from lib.domain.profiles.recipient import Channel, Language, Mode
from lib.domain.shared.described import (
    APP_VERSION,
    BLOCKED_CHANNELS,
    DAILY_NOTIFICATIONS,
    EMAIL_ON,
    INBOX_ON,
    PREFERENCES_MODE,
    PREFERRED_LANGUAGES,
    PROFILE_EMAIL,
    PROFILE_VERSION,
    PUSH_CONTENT,
    PUSH_ON,
    QUIET_HOURS,
    REMINDERS_ON,
    TERMS_VERSION,
    says,
)
from lib.domain.shared.values import INTEGRAL, NOT_NULL, Flag, IOType, Masked, ServiceId, integral

ReminderStatus = Literal["ENABLED", "DISABLED"]
PushContent = Literal["FULL", "ANONYMOUS"]
AppVersion = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2,3}$"),
    IOType(("AppVersion",), "must be a version such as 3.2.1 or 3.2.1.4"),
]
TermsVersion = Annotated[
    float,
    Field(strict=True, ge=1, le=2**53),
    PlainSerializer(integral),
    IOType(("number >= 1",), "must be a number of 1 or more"),
]
TimeOfDay = Annotated[
    str,
    StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    IOType(("TimeOfDay",), "must be a time of day such as 22:30"),
]
DailyNotifications = Annotated[
    int,
    Field(strict=True, ge=0, le=50),
    INTEGRAL,
    IOType(("integer >= 0 and < 51",), "must be a whole number from 0 to 50"),
]

ReachableEmail = Annotated[
    str,
    AfterValidator(email_address.reachable),
    AfterValidator(Masked),
    Field(max_length=2 * email_address.MAX_LENGTH, json_schema_extra={"format": "email"}),
    IOType(("string that represents an email address",)),
]

NEW: Final[Mapping[str, Any]] = {
    "version": 0,
    "is_inbox_enabled": False,
    "is_email_enabled": True,
    "is_webhook_enabled": False,
    "service_preferences_settings": {"mode": "LEGACY", "version": -1},
}
"""The settings of a citizen who chose nothing yet."""

_BLOCKED: Final = "blocked_inbox_or_channels"
_SETTINGS: Final = "service_preferences_settings"
_LAST: Final = "last_update"
EMAIL_CLAIM: Final = "email_claim"
"""In a profile: under which secret its validated address is claimed; see `EmailOwners`."""
_ENDED_BY_NULL: Final = ("email", "quiet_hours", "max_daily_notifications")


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PreferencesMode(_Part):
    """How services without an explicit choice are treated."""

    mode: Annotated[
        Mode,
        says(
            "LEGACY: every service may write, unless it is blocked. AUTO: every "
            "service may write until the citizen chooses otherwise. MANUAL: none may "
            "until the citizen allows it. There is no way back to LEGACY."
        ),
    ]


class QuietHours(_Part):
    """From when until when not to disturb, in Europe/Rome; may span midnight."""

    from_: Annotated[
        TimeOfDay,
        Field(alias="from"),
        says("When the quiet hours begin, by the clock of Europe/Rome."),
    ]
    to: Annotated[
        TimeOfDay,
        says(
            "When the quiet hours end, by the clock of Europe/Rome; earlier than "
            "`from` where they span midnight. It must differ from `from`."
        ),
    ]

    @model_validator(mode="after")
    def _some(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("from and to must differ")
        return self


class ProfileUpdate(_Part):
    """IO's Profile, and two members of ours. What is left out keeps its value.

    Null takes away the address, the quiet hours and the daily number.
    """

    version: Annotated[int, Field(strict=True), INTEGRAL, IOType(("Integer",)), PROFILE_VERSION]
    email: Annotated[ReachableEmail | None, PROFILE_EMAIL] = None
    service_preferences_settings: Annotated[PreferencesMode | None, NOT_NULL, PREFERENCES_MODE] = (
        None
    )
    blocked_inbox_or_channels: Annotated[
        dict[ServiceId, list[Channel]] | None,
        NOT_NULL,
        IOType(("BlockedInboxOrChannels",)),
        BLOCKED_CHANNELS,
    ] = None
    preferred_languages: Annotated[list[Language] | None, NOT_NULL, PREFERRED_LANGUAGES] = None
    is_inbox_enabled: Annotated[Flag | None, NOT_NULL, INBOX_ON] = None
    is_email_enabled: Annotated[Flag | None, NOT_NULL, EMAIL_ON] = None
    is_webhook_enabled: Annotated[
        Flag | None,
        NOT_NULL,
        PUSH_ON,
    ] = None
    accepted_tos_version: Annotated[TermsVersion | None, NOT_NULL, TERMS_VERSION] = None
    reminder_status: Annotated[
        ReminderStatus | None,
        NOT_NULL,
        REMINDERS_ON,
    ] = None
    push_notifications_content_type: Annotated[PushContent | None, NOT_NULL, PUSH_CONTENT] = None
    last_app_version: Annotated[AppVersion | None, NOT_NULL, APP_VERSION] = None
    quiet_hours: Annotated[QuietHours | None, QUIET_HOURS] = None
    max_daily_notifications: Annotated[DailyNotifications | None, DAILY_NOTIFICATIONS] = None

    @property
    def members(self) -> dict[str, Any]:
        """What was sent, by its names on the wire."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def made_by(stored: Mapping[str, Any], update: ProfileUpdate) -> bool:
    """Tell whether the stored settings are what this very update, version included, made."""
    return bool(stored.get(_LAST) == _fingerprint(update))


def updated(stored: Mapping[str, Any], update: ProfileUpdate) -> dict[str, Any]:
    """Return the settings after the update; raise SettingsConflictError.

    As in IO: a new mode voids the choices per service; the first acceptance of the terms switches
    inbox and push on, whatever the body says, for IO's app sends what it had read; another
    address is not validated. What LEGACY mode blocked stays in force in AUTO, until a choice.
    """
    if update.version != stored["version"]:
        raise SettingsConflictError(f"Version {update.version} is not the latest version.")
    changes = update.members
    settings = stored[_SETTINGS]
    before = settings["mode"]
    mode = changes.pop(_SETTINGS, settings)["mode"]
    if before != Mode.LEGACY:
        changes.pop(_BLOCKED, None)
    result = {
        **stored,
        **changes,
        "version": stored["version"] + 1,
        _LAST: _fingerprint(update),
    }
    _end_by_null(result)
    if result.get("email") != stored.get("email"):
        result["is_email_validated"] = False
        result.pop(EMAIL_CLAIM, None)
    if "accepted_tos_version" in changes and "accepted_tos_version" not in stored:
        result |= {"is_inbox_enabled": True, "is_webhook_enabled": True}
    if mode != before:
        if mode == Mode.LEGACY:
            raise SettingsConflictError("There is no way back to the mode LEGACY.")
        result[_SETTINGS] = {"mode": mode, "version": settings["version"] + 1}
        if (before, mode) != (Mode.LEGACY, Mode.AUTO):
            result.pop(_BLOCKED, None)
    return result


def _end_by_null(settings: dict[str, Any]) -> None:
    for name in _ENDED_BY_NULL:
        if settings.get(name, ...) is None:
            del settings[name]


def address_that_came(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Return the address that an update gave the profile, None where it had it or has none."""
    email = after.get("email")
    return None if not email or email == before.get("email") else str(email)


def address_that_left(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    """Return the validated address that an update replaced or took away, None where none was."""
    email = before.get("email")
    if not email or not before.get("is_email_validated") or after.get("email") == email:
        return None
    return str(email)


def _fingerprint(update: ProfileUpdate) -> str:
    return hashlib.sha256(json.dumps(update.members, sort_keys=True).encode()).hexdigest()
