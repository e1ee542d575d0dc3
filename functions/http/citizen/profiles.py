"""Endpoints of the citizen's settings: IO's fields, quiet hours and the daily limit."""

from typing import Annotated

from functions.http.callers.access_log import Logs
from functions.http.citizen.older_paths import at_older_paths
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.parties.admission import MANAGES
from lib.domain.profiles.choices import Channel, IOLanguage, Language, Mode
from lib.domain.profiles.errors import EmailAlreadyTakenError, LeavingError, SettingsConflictError
from lib.domain.profiles.profile import (
    DailyNotifications,
    PreferencesMode,
    ProfileUpdate,
    PushContent,
    QuietHours,
    ReminderStatus,
)
from lib.domain.profiles.settings import ProfileSettings
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
from lib.domain.shared.identifiers import FiscalCodeField, ServiceId
from lib.domain.shared.model import Model

PATH = "/api/identity/v1/profile"


class InitializedProfile(Model):
    """The settings, with the name and fiscal code from the citizen's token."""

    version: Annotated[int, PROFILE_VERSION]
    email: Annotated[str | None, PROFILE_EMAIL] = None
    is_email_validated: Annotated[
        bool | None,
        says(
            "Whether the citizen confirmed the address by the link that was sent to "
            "it. Absent: there is no address, or it was not confirmed."
        ),
    ] = None
    is_email_already_taken: Annotated[
        bool | None,
        says(
            "True where the address is not validated and cannot be, since another citizen "
            "validated it; otherwise absent."
        ),
    ] = None
    service_preferences_settings: Annotated[PreferencesMode, PREFERENCES_MODE]
    blocked_inbox_or_channels: Annotated[
        dict[ServiceId, list[Channel]] | None, BLOCKED_CHANNELS
    ] = None
    preferred_languages: Annotated[list[IOLanguage] | None, PREFERRED_LANGUAGES] = None
    languages: Annotated[list[Language] | None, LANGUAGES] = None
    is_inbox_enabled: Annotated[bool, INBOX_ON]
    is_email_enabled: Annotated[bool, EMAIL_ON]
    is_webhook_enabled: Annotated[bool, PUSH_ON]
    accepted_tos_version: Annotated[int | float | None, TERMS_VERSION] = None
    reminder_status: Annotated[ReminderStatus | None, REMINDERS_ON] = None
    push_notifications_content_type: Annotated[PushContent | None, PUSH_CONTENT] = None
    last_app_version: Annotated[str | None, APP_VERSION] = None
    quiet_hours: Annotated[QuietHours | None, QUIET_HOURS] = None
    max_daily_notifications: Annotated[DailyNotifications | None, DAILY_NOTIFICATIONS] = None
    has_profile: Annotated[
        bool,
        says(
            "Always true: IO's app reads it. A citizen who chose nothing yet has the "
            "settings of a new profile."
        ),
    ] = True
    name: Annotated[
        str,
        says(
            "The citizen's first name, from the token; the whole name of a party for whom you act."
        ),
    ]
    family_name: Annotated[
        str, says("The citizen's family name, from the token; empty for a party.")
    ]
    fiscal_code: Annotated[FiscalCodeField, says("The citizen's fiscal code, from the token.")]
    spid_email: Annotated[
        str | None,
        says("The e-mail address of the identity provider. Absent: the token has none."),
    ] = None
    date_of_birth: Annotated[
        str | None,
        says("The citizen's date of birth, as 1980-01-31. Absent: the token has none."),
    ] = None


def _shown(
    settings: ProfileSettings, access: Access, *, is_email_already_taken: bool = False
) -> InitializedProfile:
    blocked = None
    if settings.mode is Mode.LEGACY and settings.blocked is not None:
        blocked = {one: list(channels) for one, channels in settings.blocked.items()}
    languages, person, bounds = settings.preferred_languages, access.actor, access.bounds
    return InitializedProfile(
        version=settings.version,
        email=settings.email,
        is_email_validated=settings.is_email_validated,
        is_email_already_taken=is_email_already_taken or None,
        service_preferences_settings=PreferencesMode(mode=settings.mode),
        blocked_inbox_or_channels=blocked,
        preferred_languages=None if languages is None else list(languages),
        languages=None if settings.languages is None else list(settings.languages),
        is_inbox_enabled=settings.is_inbox_enabled,
        is_email_enabled=settings.is_email_enabled,
        is_webhook_enabled=settings.is_webhook_enabled,
        accepted_tos_version=settings.accepted_tos_version,
        reminder_status=settings.reminder_status,
        push_notifications_content_type=settings.push_notifications_content_type,
        last_app_version=settings.last_app_version,
        quiet_hours=settings.quiet_hours,
        max_daily_notifications=settings.max_daily_notifications,
        # the token of a representative has the names of the person who signed in
        name=person.name if bounds is None else bounds.owner_name,
        family_name=person.family_name if bounds is None else "",
        fiscal_code=access.subject,
        spid_email=(person.email or None) if bounds is None else None,
        date_of_birth=(person.birth_date or None) if bounds is None else None,
    )


async def _read(call: Call[Access, None, None]) -> Answer:
    settings, is_taken = await call.app.profiles.read(call.caller)
    return Answer(200, _shown(settings, call.caller, is_email_already_taken=is_taken))


async def _update(call: Call[Access, ProfileUpdate, None]) -> Answer:
    written = await call.app.profiles.update(call.caller, call.body)
    return Answer(200, _shown(written, call.caller))


read_profile = Endpoint(
    name="read_profile",
    method="GET",
    path=PATH,
    summary="Read the citizen's settings",
    description=(
        "A citizen who has chosen nothing gets the settings of a new profile: `version` 0, inbox "
        "and push off. The first update, with that version, creates the profile. "
        "`is_email_already_taken`: the address is not validated, and cannot be, since another "
        "citizen validated it."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    handler=_read,
    answers={200: InitializedProfile},
)

update_profile = Endpoint(
    name="update_profile",
    method="POST",
    path=PATH,
    summary="Change the citizen's settings",
    description=(
        "`version` is the version of the settings that the app read last, 0 for a new profile; "
        "another version is answered 409. A field that is left out keeps its value. The same "
        "update may be sent again when its answer was lost. A new `mode` voids the preferences of "
        "the services, and no mode leads back to LEGACY; services blocked in LEGACY stay blocked "
        "in AUTO. The first `accepted_tos_version` switches inbox and push on. A new `email` gets "
        "no e-mail until the citizen validates it: see email-validation-process; null removes the "
        "address. An address that another citizen validated is refused with 412, and the "
        "`type` `https://ioapp.it/problems/email-already-taken`. A validated address that is "
        "replaced or removed gets an e-mail that says so. "
        "`quiet_hours` are times of Europe/Rome, may span midnight, and end with null; no reminder "
        "is sent in them, nor from nine in the evening to eight. `max_daily_notifications` is the "
        "most notifications in a day of Italy, 10 by default and again with null; one digest at "
        "six in the evening counts the others. One service gets at most half of the number that "
        "the other services leave. Reminders on the day before a due date and on the day itself, "
        "and snoozed reminders, are always sent."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    body=Body(
        ProfileUpdate,
        name="Profile",
        example={"version": 1, "push_notifications_content_type": "ANONYMOUS"},
    ),
    handler=_update,
    logs=Logs(Action.PROFILE_CHANGED),
    answers={200: InitializedProfile},
    refusals=(SettingsConflictError, EmailAlreadyTakenError, LeavingError),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_profile, update_profile)
AT_OLDER_PATHS = at_older_paths(ENDPOINTS)
