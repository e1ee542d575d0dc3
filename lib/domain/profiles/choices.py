"""A citizen's choices, and their effect on a message that arrives (IO's decision rules)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, TypeIs, get_args

from pydantic import AfterValidator

from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import Masked

IOLanguage = Literal["it_IT", "en_GB", "es_ES", "de_DE", "fr_FR"]
"""The languages of IO's contract."""
Language = Literal[IOLanguage, "sl_SI", "lld_IT", "fur_IT"]
"""With those of the law on minorities: Slovene, Ladin and Friulian."""

DEFAULT_LANGUAGE: Final[Language] = "it_IT"
DEFAULT_DAILY_NOTIFICATIONS: Final = 10
"""The daily number of notifications that are not urgent, by default.

Most citizens get fewer notifications from all their services in a week, so only a flood is held
back. And the number is low enough that no citizen has to switch notifications off.
"""
PENDING_ACTIVATION_GRACE: Final = timedelta(days=1)


class Mode(StrEnum):
    """The treatment of services without an explicit choice."""

    LEGACY = "LEGACY"
    AUTO = "AUTO"
    MANUAL = "MANUAL"


class Channel(StrEnum):
    """A place where a message can show, by IO's names; WEBHOOK is the push notification."""

    INBOX = "INBOX"
    EMAIL = "EMAIL"
    WEBHOOK = "WEBHOOK"


class Rejection(StrEnum):
    """The reason why a message does not reach the inbox."""

    USER_NOT_FOUND = "USER_NOT_FOUND"
    SERVICE_NOT_ALLOWED = "SERVICE_NOT_ALLOWED"
    TOO_MANY_FOR_PAYMENT = "TOO_MANY_FOR_PAYMENT"
    ALREADY_PAID = "ALREADY_PAID"
    ALREADY_SENT = "ALREADY_SENT"
    DROPPED = "DROPPED"
    CANCELLED = "CANCELLED"
    SENDER_NOT_ALLOWED = "SENDER_NOT_ALLOWED"
    RECIPIENT_NOT_ALLOWED = "RECIPIENT_NOT_ALLOWED"
    AMOUNT_TOO_HIGH = "AMOUNT_TOO_HIGH"
    DECEASED = "DECEASED"


BRAKED: Final = frozenset({Rejection.ALREADY_PAID, Rejection.ALREADY_SENT, Rejection.DROPPED})
"""The reasons for which a service itself stops its second message for a payment."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The settings of a citizen that decide about messages.

    `blocked`: blocked channels by service id, from LEGACY mode; in AUTO mode they hold for a
    service without a choice. `quiet_hours`: start and end by Italy's clock; may span midnight.
    `tells_delegates`: whether delegates may have to be told of messages; their delegations decide.
    """

    is_inbox_enabled: bool = False
    is_webhook_enabled: bool = False
    mode: Mode = Mode.LEGACY
    settings_version: int = -1
    blocked: dict[ServiceId, frozenset[Channel]] = field(default_factory=dict)
    push_notifications_content_type: Literal["FULL", "ANONYMOUS", "UNSET"] = "UNSET"
    last_app_version: str = "UNKNOWN"
    reminder_status: Literal["ENABLED", "DISABLED", "UNSET"] = "UNSET"
    quiet_hours: tuple[time, time] | None = None
    max_daily_notifications: int | None = None
    preferred_languages: tuple[Language, ...] = ()
    is_email_enabled: bool = False
    is_email_validated: bool = False
    email: Annotated[str, AfterValidator(Masked)] = ""
    tells_delegates: bool = False

    @property
    def takes_email(self) -> bool:
        """Whether the citizen takes e-mail at all; the choices for single services come after."""
        return self.is_email_enabled and self.is_email_validated and bool(self.email)

    @property
    def at_most(self) -> int:
        """The number of notifications in a day that the citizen accepts, without urgent ones."""
        chosen = self.max_daily_notifications
        return DEFAULT_DAILY_NOTIFICATIONS if chosen is None else chosen

    @property
    def language(self) -> Language:
        """The language of texts for the citizen: the first preferred language, else Italian."""
        return self.preferred_languages[0] if self.preferred_languages else DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class ServicePreference:
    """A citizen's choice for one service; void unless made under the profile's current version.

    Reminders are on where the citizen has made no choice about them (None).
    """

    settings_version: int
    is_inbox_enabled: bool
    is_email_enabled: bool
    is_webhook_enabled: bool
    is_reminder_enabled: bool | None = None
    access_read_message_status: Literal["ALLOW", "DENY", "UNKNOWN"] = "UNKNOWN"


ActivationStatus = Literal["ACTIVE", "INACTIVE", "PENDING"]


@dataclass(frozen=True, slots=True)
class Activation:
    """A citizen's activation of a SPECIAL service, which decides in place of the preference.

    `updated_at`: the time of the last write. `version`: the number of writes after the first.
    """

    status: ActivationStatus
    updated_at: datetime
    version: int = 0

    def allows(self, now: datetime) -> bool:
        """Tell whether the service may write: it is ACTIVE, or PENDING for less than a day."""
        return self.status == "ACTIVE" or (
            self.status == "PENDING" and now - self.updated_at < PENDING_ACTIVATION_GRACE
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the message reaches the inbox, and whether a push or an e-mail announces it.

    `has_inbox`: the citizen has a profile with the inbox on, whatever the choice for this service.
    """

    rejection: Rejection | None
    push: bool = False
    email: bool = False
    has_inbox: bool = True


def io_languages(languages: Iterable[Language]) -> tuple[IOLanguage, ...]:
    """Return those of the languages that IO's clients know."""
    return tuple(one for one in languages if _is_of_io(one))


def _is_of_io(language: Language) -> TypeIs[IOLanguage]:
    return language in get_args(IOLanguage)


def heeds_choice(profile: Profile | None) -> bool:
    """Tell whether a choice for one service can decide about its messages."""
    return profile is not None and profile.is_inbox_enabled and profile.mode is not Mode.LEGACY


def blocked_channels(
    profile: Profile, preference: ServicePreference | None, service_id: ServiceId
) -> frozenset[Channel]:
    """Return the channels that the service may not use, by mode and preference."""
    chosen = preference is not None and preference.settings_version == profile.settings_version
    if profile.mode is Mode.MANUAL and not chosen:
        return frozenset((Channel.INBOX,))
    if profile.mode is Mode.LEGACY or preference is None or not chosen:
        return profile.blocked.get(service_id, frozenset())
    choices = (
        (Channel.INBOX, preference.is_inbox_enabled),
        (Channel.EMAIL, preference.is_email_enabled),
        (Channel.WEBHOOK, preference.is_webhook_enabled),
    )
    return frozenset(channel for channel, enabled in choices if not enabled)


def decide(
    profile: Profile | None,
    preference: ServicePreference | None,
    service_id: ServiceId,
    *,
    special: bool,
    activation: Activation | None,
    now: datetime,
) -> Decision:
    """Return the decision about a message, as IO's ProcessMessage and CreateNotification make it.

    For a SPECIAL service only the activation decides on the inbox. Unlike in IO, a citizen can
    block the e-mail of a service in each mode.
    """
    if profile is None:
        return Decision(Rejection.USER_NOT_FOUND, has_inbox=False)
    if not profile.is_inbox_enabled:
        return Decision(Rejection.SERVICE_NOT_ALLOWED, has_inbox=False)
    blocked = blocked_channels(profile, preference, service_id)
    if special:
        allowed = activation is not None and activation.allows(now)
        blocked = blocked - {Channel.INBOX} if allowed else blocked | {Channel.INBOX}
    if Channel.INBOX in blocked:
        return Decision(Rejection.SERVICE_NOT_ALLOWED)
    return Decision(
        None,
        push=profile.is_webhook_enabled and Channel.WEBHOOK not in blocked,
        email=profile.takes_email and Channel.EMAIL not in blocked,
    )
