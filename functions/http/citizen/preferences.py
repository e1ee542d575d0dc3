"""Endpoints of the citizen's preferences for one service, in IO's shapes."""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from functions.http.callers.access_log import Logs
from functions.http.citizen.older_paths import at_older_paths
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.access_log.access_entry import Action
from lib.domain.identity.access import Access
from lib.domain.parties.admission import MANAGES
from lib.domain.profiles.choices import ServicePreference
from lib.domain.profiles.errors import ProfileNotFoundError, SettingsConflictError
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.shared.described import (
    SERVICE_EMAIL,
    SERVICE_INBOX,
    SERVICE_PUSH,
    SERVICE_READ_STATUS,
    SERVICE_REMINDERS,
    SETTINGS_VERSION,
)
from lib.domain.shared.identifiers import ServiceId, ServiceIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, NOT_NULL, Flag, IOType

PATH = "/api/identity/v1/services/{service_id}/preferences"


class PreferenceUpdate(Model):
    """IO's ServicePreference and `is_reminder_enabled`; absent optional fields do not change."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    is_inbox_enabled: Annotated[Flag, SERVICE_INBOX]
    is_email_enabled: Annotated[Flag, SERVICE_EMAIL]
    is_webhook_enabled: Annotated[Flag, SERVICE_PUSH]
    can_access_message_read_status: Annotated[Flag | None, NOT_NULL, SERVICE_READ_STATUS] = None
    is_reminder_enabled: Annotated[Flag | None, NOT_NULL, SERVICE_REMINDERS] = None
    settings_version: Annotated[
        int, Field(strict=True, ge=0), INTEGRAL, IOType(("integer >= 0",)), SETTINGS_VERSION
    ]


class PreferenceAnswer(Model):
    """The citizen's choice, or the default where there is none, with the settings version."""

    is_inbox_enabled: Annotated[bool, SERVICE_INBOX]
    is_email_enabled: Annotated[bool, SERVICE_EMAIL]
    is_webhook_enabled: Annotated[bool, SERVICE_PUSH]
    can_access_message_read_status: Annotated[bool, SERVICE_READ_STATUS]
    is_reminder_enabled: Annotated[bool, SERVICE_REMINDERS]
    settings_version: Annotated[int, SETTINGS_VERSION]


_ACCESS: Final[dict[bool | None, Literal["ALLOW", "DENY", "UNKNOWN"]]] = {
    None: "UNKNOWN",
    True: "ALLOW",
    False: "DENY",
}


def _shown(preference: ServicePreference) -> PreferenceAnswer:
    return PreferenceAnswer(
        is_inbox_enabled=preference.is_inbox_enabled,
        is_email_enabled=preference.is_email_enabled,
        is_webhook_enabled=preference.is_webhook_enabled,
        can_access_message_read_status=preference.access_read_message_status != "DENY",
        is_reminder_enabled=preference.is_reminder_enabled is not False,
        settings_version=preference.settings_version,
    )


async def _read(call: Call[Access, None, None]) -> Answer:
    preference = await call.app.profiles.read_service_preference(
        call.caller, ServiceId(call.path["service_id"])
    )
    return Answer(200, _shown(preference))


async def _change(call: Call[Access, PreferenceUpdate, None]) -> Answer:
    wanted = call.body
    preference = await call.app.profiles.change_service_preference(
        call.caller,
        ServiceId(call.path["service_id"]),
        ServicePreference(
            wanted.settings_version,
            is_inbox_enabled=wanted.is_inbox_enabled,
            is_email_enabled=wanted.is_email_enabled,
            is_webhook_enabled=wanted.is_webhook_enabled,
            is_reminder_enabled=wanted.is_reminder_enabled,
            access_read_message_status=_ACCESS[wanted.can_access_message_read_status],
        ),
    )
    return Answer(200, _shown(preference))


_REFUSALS = (
    ProfileNotFoundError,
    ServiceNotFoundError,
    SettingsConflictError,
)

read_service_preference = Endpoint(
    name="read_service_preference",
    method="GET",
    path=PATH,
    summary="Read the citizen's preferences for a service",
    description=(
        "If the citizen made no choice for the service, the mode decides: in AUTO every channel is "
        "on, except channels that were blocked in LEGACY; in MANUAL every channel is off; in "
        "LEGACY the answer is 409. The inbox of a SPECIAL service is on while the service is "
        "activated."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    parameters={"service_id": ServiceIdField},
    handler=_read,
    answers={200: PreferenceAnswer},
    refusals=_REFUSALS,
)

change_service_preference = Endpoint(
    name="change_service_preference",
    method="POST",
    path=PATH,
    summary="Change the citizen's preferences for a service",
    description=(
        "`settings_version` is the version of the choice that the app read last; a new mode "
        "changes it. Another version is answered 409, and so is an `is_inbox_enabled` that differs "
        "from the activation of a SPECIAL service."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    parameters={"service_id": ServiceIdField},
    body=Body(
        PreferenceUpdate,
        name="ServicePreference",
        example={
            "is_inbox_enabled": True,
            "is_email_enabled": False,
            "is_webhook_enabled": True,
            "settings_version": 0,
        },
    ),
    handler=_change,
    logs=Logs(Action.PREFERENCE_CHANGED),
    answers={200: PreferenceAnswer},
    refusals=_REFUSALS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (read_service_preference, change_service_preference)
AT_OLDER_PATHS = at_older_paths(ENDPOINTS)
