"""The citizen's own settings, in IO's shapes, with quiet hours and a daily number besides."""

from typing import Any

from pydantic import BaseModel

from functions.http.endpoint import Answer, Body, Call, Endpoint
from functions.http.policies import Citizens
from lib.domain import errors
from lib.domain.citizen import Citizen
from lib.domain.profile import (
    DailyNotifications,
    PreferencesMode,
    ProfileUpdate,
    PushContent,
    QuietHours,
    ReminderStatus,
)
from lib.domain.recipient import Channel, Language, Mode
from lib.domain.values import FiscalCodeField
from lib.ports.documents import Document

PATH = "/api/identity/v1/profile"


class InitializedProfile(BaseModel):
    """The settings, and who the token says the citizen is."""

    version: int
    email: str | None = None
    is_email_validated: bool | None = None
    service_preferences_settings: PreferencesMode
    blocked_inbox_or_channels: dict[str, list[Channel]] | None = None
    preferred_languages: list[Language] | None = None
    is_inbox_enabled: bool
    is_email_enabled: bool
    is_webhook_enabled: bool
    accepted_tos_version: int | float | None = None
    reminder_status: ReminderStatus | None = None
    push_notifications_content_type: PushContent | None = None
    last_app_version: str | None = None
    quiet_hours: QuietHours | None = None
    max_daily_notifications: DailyNotifications | None = None
    has_profile: bool = True
    name: str
    family_name: str
    fiscal_code: FiscalCodeField


_UNCHOSEN = frozenset({"UNSET", "UNKNOWN"})
"""What is stored, by whoever imports profiles, for a choice not made."""


def _shown(profile: Document, citizen: Citizen) -> InitializedProfile:
    members: dict[str, Any] = {
        name: value
        for name, value in profile.items()
        if name in InitializedProfile.model_fields
        and not (isinstance(value, str) and value in _UNCHOSEN)
    }
    if profile["service_preferences_settings"]["mode"] != Mode.LEGACY:
        members.pop("blocked_inbox_or_channels", None)
    members |= {
        "fiscal_code": citizen.fiscal_code,
        "name": citizen.name,
        "family_name": citizen.family_name,
    }
    return InitializedProfile(**members)


async def _read(call: Call[Citizen, None, None]) -> Answer:
    citizen = call.caller
    return Answer(200, _shown(await call.app.read_profile(citizen.fiscal_code), citizen))


async def _update(call: Call[Citizen, ProfileUpdate, None]) -> Answer:
    citizen = call.caller
    return Answer(
        200, _shown(await call.app.update_profile(citizen.fiscal_code, call.body), citizen)
    )


read_profile = Endpoint(
    name="read_profile",
    method="GET",
    path=PATH,
    summary="Read the citizen's settings",
    description=(
        "A citizen who never chose anything gets the settings of a new profile: `version` 0, inbox "
        "and push off. The first update, with that version, makes the profile."
    ),
    tag="citizen",
    policy=Citizens(),
    handler=_read,
    answers={200: InitializedProfile},
)

update_profile = Endpoint(
    name="update_profile",
    method="POST",
    path=PATH,
    summary="Change the citizen's settings",
    description=(
        "`version` is that of the settings as last read, 0 to make a profile; with another the "
        "answer is 409. What is left out keeps its value. The "
        "same update may be sent again when its answer was lost. A new `mode` voids the choices "
        "per service, and none leads back to LEGACY; what was blocked in LEGACY stays blocked in "
        "AUTO. The first `accepted_tos_version` switches inbox and push on. Another `email` is "
        "not validated, and gets nothing until it is: see email-validation-process; null takes the "
        "address away. A validated address that is replaced or taken away is told so by e-mail. "
        "`quiet_hours` are times of Europe/Rome, may span midnight, and end with null; nobody is "
        "reminded in them, nor from nine in the evening to eight. `max_daily_notifications`, 10 "
        "until it is set and again with null, is how many notifications come in a day of Italy; "
        "what is beyond is told of together at six in the evening. One service has at most half of "
        "what the others leave of that number. Reminders on the day before a "
        "due date and on the day itself, and those that were snoozed, come in any case."
    ),
    tag="citizen",
    policy=Citizens(),
    body=Body(ProfileUpdate, name="Profile"),
    handler=_update,
    answers={200: InitializedProfile},
    refusals=(errors.SettingsConflictError,),
)
