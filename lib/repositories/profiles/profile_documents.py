"""Map a citizen's settings to the profile document."""

from dataclasses import asdict
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from lib.domain.profiles.choices import Channel, Mode, Profile
from lib.domain.profiles.profile import QuietHours
from lib.domain.profiles.settings import EmailValidation, FormerAddress, ProfileSettings
from lib.domain.profiles.switches import Switch
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import Document

VALIDATION: Final = "email_validation"
FORMER_ADDRESSES: Final = "email_changes"
SWITCHES: Final = "subscription_switches"
EMAIL_CLAIM: Final = "email_claim"
TELLS_DELEGATES: Final = "tells_delegates"
_MODE: Final = "service_preferences_settings"
_BLOCKED: Final = "blocked_inbox_or_channels"
_QUIET_HOURS: Final = "quiet_hours"
_IO_LANGUAGES: Final = "preferred_languages"
_LANGUAGES: Final = "languages"
_SWITCHES: Final = ("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled")
_CHOICES: Final = (
    "email",
    "is_email_validated",
    "accepted_tos_version",
    "reminder_status",
    "push_notifications_content_type",
    "last_app_version",
    "max_daily_notifications",
    "last_update",
    "leaving",
    TELLS_DELEGATES,
    EMAIL_CLAIM,
)
"""The fields that are stored unchanged; a field without a choice is left out."""
_NOT_CHOSEN: Final = frozenset({"UNSET", "UNKNOWN"})
"""The values that an import of profiles stores for a missing choice."""
_KNOWN: Final = frozenset(
    (
        "id",
        "fiscal_code",
        "version",
        *_SWITCHES,
        *_CHOICES,
        _MODE,
        _BLOCKED,
        _QUIET_HOURS,
        _IO_LANGUAGES,
        _LANGUAGES,
        VALIDATION,
        FORMER_ADDRESSES,
        SWITCHES,
    )
)


def profile_of(document: Document) -> Profile:
    """Return the settings that decide about messages.

    The result is that of `settings_of(document).profile`, in a third of the time. Each fan-out
    needs it.
    """
    mode, quiet = document[_MODE], document.get(_QUIET_HOURS)
    return _profiles().validate_python(
        {
            **document,
            _IO_LANGUAGES: document.get(_LANGUAGES) or document.get(_IO_LANGUAGES) or (),
            "mode": mode["mode"],
            "settings_version": mode["version"],
            "blocked": document.get(_BLOCKED) or {},
            "quiet_hours": quiet and (quiet["from"], quiet["to"]),
        }
    )


def settings_of(document: Document) -> ProfileSettings:
    """Return the settings in a profile document."""
    mode, blocked = document[_MODE], document.get(_BLOCKED)
    quiet = document.get(_QUIET_HOURS)
    of_io, languages = document.get(_IO_LANGUAGES), document.get(_LANGUAGES)
    choices: dict[str, Any] = {
        name: None if (value := document.get(name)) in _NOT_CHOSEN else value for name in _CHOICES
    }
    return ProfileSettings(
        version=document["version"],
        mode=Mode(mode["mode"]),
        settings_version=mode["version"],
        # a document of an import may lack a channel, which is then off
        is_inbox_enabled=document.get("is_inbox_enabled", False),
        is_email_enabled=document.get("is_email_enabled", False),
        is_webhook_enabled=document.get("is_webhook_enabled", False),
        blocked=blocked
        and {service_id: tuple(map(Channel, blocked[service_id])) for service_id in blocked},
        preferred_languages=None if of_io is None else tuple(of_io),
        languages=languages and tuple(languages),
        quiet_hours=quiet and QuietHours.model_validate(quiet),
        validation=_validation(document.get(VALIDATION)),
        former_addresses=tuple(
            FormerAddress(former["id"], former["address"])
            for former in document.get(FORMER_ADDRESSES) or ()
        ),
        switches=switches_of(document),
        others={name: document[name] for name in document.keys() - _KNOWN},
        **choices,
    )


def document_of(fiscal_code: str, id_: str, settings: ProfileSettings) -> Document:
    """Return the document of the settings."""
    quiet, blocked, validation = settings.quiet_hours, settings.blocked, settings.validation
    of_io, languages = settings.preferred_languages, settings.languages
    members: Document = {
        _BLOCKED: blocked
        and {
            service_id: [str(channel) for channel in blocked[service_id]] for service_id in blocked
        },
        _IO_LANGUAGES: None if of_io is None else list(of_io),
        _LANGUAGES: languages and list(languages),
        _QUIET_HOURS: quiet and quiet.model_dump(by_alias=True),
        VALIDATION: validation and stored_validation(validation),
        FORMER_ADDRESSES: [
            {"id": former.change_id, "address": former.address}
            for former in settings.former_addresses
        ]
        or None,
        SWITCHES: stored_switches(settings.switches) or None,
        **{name: getattr(settings, name) for name in _CHOICES},
    }
    return {
        **settings.others,
        **{name: value for name, value in members.items() if value is not None},
        **{name: getattr(settings, name) for name in _SWITCHES},
        "id": id_,
        "fiscal_code": fiscal_code,
        "version": settings.version,
        _MODE: {"mode": str(settings.mode), "version": settings.settings_version},
    }


def stored_validation(validation: EmailValidation) -> Document:
    """Return the last validation in its stored form."""
    return {
        "id": validation.id,
        "at": timestamp(validation.at),
        "address": validation.address,
        "sent": list(validation.sent),
    }


def switches_of(document: Document) -> tuple[Switch, ...]:
    """Return the switches that a profile or a choice keeps; version 2026.11.0 kept none."""
    return tuple(_switches().validate_python(one) for one in document.get(SWITCHES) or ())


def stored_switches(switches: tuple[Switch, ...]) -> list[Document]:
    """Return switches in their stored form, without what is absent."""
    return [
        {name: value for name, value in asdict(one).items() if value not in (None, {})}
        for one in switches
    ]


def _validation(stored: Document | None) -> EmailValidation | None:
    if not stored:
        return None
    at, sent = parse_timestamp(stored["at"]), tuple(stored.get("sent", ()))
    return EmailValidation(stored["id"], at, stored["address"], sent)


@cache
def _profiles() -> TypeAdapter[Profile]:
    return TypeAdapter(Profile)


@cache
def _switches() -> TypeAdapter[Switch]:
    return TypeAdapter(Switch)
