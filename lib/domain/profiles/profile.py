"""The update of a citizen's own settings: schema and rules."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from lib.domain.profiles import email_address
from lib.domain.profiles.choices import Channel, IOLanguage, Language, Mode
from lib.domain.shared.described import (
    APP_VERSION,
    BLOCKED_CHANNELS,
    DAILY_NOTIFICATIONS,
    EMAIL_ON,
    INBOX_ON,
    LANGUAGES,
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
from lib.domain.shared.identifiers import ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, NOT_NULL, Flag, IOType, Masked, integral

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


class _Member(Model):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PreferencesMode(_Member):
    """The treatment of services without an explicit choice."""

    mode: Annotated[
        Mode,
        says(
            "LEGACY: every service may write, unless it is blocked. AUTO: every "
            "service may write until the citizen chooses otherwise. MANUAL: none may "
            "until the citizen allows it. There is no way back to LEGACY."
        ),
    ]


class QuietHours(_Member):
    """The start and end of the quiet hours, in Europe/Rome; may span midnight."""

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
    def _check_not_empty(self) -> Self:
        if self.from_ == self.to:
            raise ValueError("from and to must differ")
        return self


class ProfileUpdate(_Member):
    """IO's Profile and three fields of this app. A field that is absent keeps its value.

    Null removes the address, the quiet hours and the daily number.
    """

    version: Annotated[int, Field(strict=True), INTEGRAL, IOType(("Integer",)), PROFILE_VERSION]
    email: Annotated[ReachableEmail | None, PROFILE_EMAIL] = None
    service_preferences_settings: Annotated[PreferencesMode | None, NOT_NULL, PREFERENCES_MODE] = (
        None
    )
    blocked_inbox_or_channels: Annotated[
        dict[ServiceIdField, list[Channel]] | None,
        NOT_NULL,
        IOType(("BlockedInboxOrChannels",)),
        BLOCKED_CHANNELS,
    ] = None
    preferred_languages: Annotated[list[IOLanguage] | None, NOT_NULL, PREFERRED_LANGUAGES] = None
    languages: Annotated[list[Language] | None, NOT_NULL, LANGUAGES] = None
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
        """The fields of the request, by their names on the wire."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)
