"""Descriptions of fields that several models share, for the OpenAPI document.

A field takes a description by `Annotated[type, NAME]`. Each description is a full sentence with
times, units, and the meaning of an absent field.
"""

from typing import Any, Final

from pydantic import Field


def says(text: str) -> Any:
    """Return the annotation that gives a field its description in the OpenAPI document."""
    return Field(description=text)


CREATED_AT: Final = says("When the message was accepted: date and time in UTC.")
SENDER_SERVICE: Final = says("The id of the service that sent the message.")
TIME_TO_LIVE: Final = says(
    "How many seconds after its acceptance the message may still be announced by a push "
    "notification: from an hour to seven days, an hour by default. The message stays in the "
    "inbox in any case."
)
FEATURE_LEVEL: Final = says(
    "ADVANCED lets a sender with the groups for it use attachments, and learn whether the message "
    "was read and paid. STANDARD, the default, does not."
)
DUE_AT: Final = says("The due date: date and time in UTC. Absent: there is none.")
IS_READ: Final = says("Whether the citizen opened the message or marked it as read.")
IS_ARCHIVED: Final = says("Whether the citizen moved the message to the archive.")
IS_STARRED: Final = says(
    "Whether the citizen marked the message with a star. Absent: as for an unmarked message, or "
    "it was not asked for."
)
BINNED_UNTIL: Final = says(
    "Until when the message is in the bin: date and time in UTC. After it the message is gone. "
    "Absent: it is not in the bin."
)
PAYMENT_STATUS: Final = says(
    "Whether the sum is paid. CANCELLED: its payee or sender withdrew it, so nothing is to be "
    "paid. Absent: no payment is asked for."
)
PAID_AT: Final = says("When the sum was paid: date and time in UTC. Absent: it is not paid.")
MESSAGE_STATUS: Final = says(
    "Where the message stands. ACCEPTED: stored, not yet processed. PROCESSED: in the inbox. "
    "REJECTED: not delivered, for a reason that is the citizen's own. FAILED: it could not be "
    "processed; an operator can process it again."
)
LISTED_STATUS: Final = says(
    "Where the message stands. SCHEDULED: it waits for its set time. ACCEPTED: stored, not yet "
    "processed. PROCESSED: in the inbox. REJECTED: not delivered. FAILED: it could not be "
    "processed; an operator can process it again."
)
MESSAGE_HISTORY: Final = says(
    "A status as in `status`, or WITHDRAWN: the sender withdrew the message. `status` itself then "
    "stays PROCESSED for a delivered message, and is REJECTED for a message before its delivery. "
    "SCHEDULED and HELD: the message waits for its set time, or for your decision; `status` itself "
    "is ACCEPTED."
)
NOTICE_STATUS: Final = says(
    "Where the message of the notice stands: ACCEPTED, PROCESSED, REJECTED or FAILED. "
    "INCOMPLETE: there is no message yet; send the same notice again to make it."
)
NOTICE_PAYMENT_STATUS: Final = says(
    "Whether the notice is paid: as a whole, or by the last instalment. PARTLY_PAID: some "
    "instalments are paid, and not all. CANCELLED: it was withdrawn, so nothing is to be paid."
)
NOTICE_VERSION: Final = says(
    "The version of the notice: 1 at first, one more with each amendment, cancellation or "
    "reopening. An amendment names the version that it changes."
)
NOTICE_MESSAGE: Final = says("The id of the message that was made of the notice.")
INVALID_AFTER_DUE_DATE: Final = says(
    "Whether the notice can no longer be paid after the due date. The default is false."
)
CHANGED: Final = says("The names of the fields that changed; `reopened` where it was reopened.")
AMOUNT_CENTS: Final = says("The sum to pay, in euro cents.")
REMINDER_WHY: Final = says(
    "Why the citizen is reminded. DUE_DATE: the due date comes near. UNREAD: the message was not "
    "read. SNOOZED: the citizen asked for it."
)
DAYS_BEFORE: Final = says(
    "The step of the reminder policy: how many days before the due date it plans the reminder, by "
    "the calendar of Italy; 0 is the day itself. The reminder may come some days earlier, on a "
    "working day: `at` says when. Absent: it is not one of the due date."
)
PROFILE_VERSION: Final = says(
    "The version of the settings; 0 before the first update. An update names the version that it "
    "changes, so that two apps do not overwrite each other."
)
PROFILE_EMAIL: Final = says(
    "The citizen's e-mail address. Nothing but a validation e-mail is sent to it until it is "
    "validated. Absent from the profile: there is none. Null in an update removes it. An "
    "update without it keeps it."
)
PREFERENCES_MODE: Final = says(
    "How services are treated for which the citizen made no choice. A new mode makes all "
    "choices for services void. An update without it keeps it."
)
BLOCKED_CHANNELS: Final = says(
    "The channels that are blocked, by the id of the service. It is set in the mode LEGACY "
    "alone, and stays in force in AUTO for services without a choice. Absent from the "
    "profile: none is blocked. An update without it keeps it."
)
PREFERRED_LANGUAGES: Final = says(
    "The languages in which the citizen wants to be written to, the preferred one first. "
    "Absent from the profile: Italian. An update without it keeps it."
)
LANGUAGES: Final = says(
    "As `preferred_languages`, with the languages that IO does not have: Slovene (sl_SI), Ladin "
    "(lld_IT) and Friulian (fur_IT). It goes before `preferred_languages`, which then has those of "
    "IO among them. Absent from the profile: there are no others."
)
SECOND_LANGUAGE: Final = says(
    "The language beside Italian in which offices of your territory write: e-mails about the "
    "message have both, and so do its papers for citizens who chose no other language. Absent: "
    "that of your service, if there is one."
)
INBOX_ON: Final = says(
    "Whether any message reaches the citizen's inbox. An update without it keeps it."
)
EMAIL_ON: Final = says(
    "Whether e-mails tell the citizen of messages. An update without it keeps it."
)
PUSH_ON: Final = says(
    "Whether push notifications tell the citizen of messages. The name `webhook` is IO's. An "
    "update without it keeps it."
)
TERMS_VERSION: Final = says(
    "The version of the terms of service that the citizen accepted. The first acceptance "
    "switches inbox and push on. Absent from the profile: none was accepted. An update "
    "without it keeps it."
)
REMINDERS_ON: Final = says(
    "Whether the citizen is reminded of due dates and of unread messages. Absent from the "
    "profile: no choice was made, and no reminder is sent. An update without it keeps it."
)
PUSH_CONTENT: Final = says(
    "FULL: pushes and e-mails may name the sender and the subject. ANONYMOUS: they do not. "
    "Absent from the profile: no choice was made, and they do not. An update without it keeps "
    "it."
)
APP_VERSION: Final = says(
    "The version of the app that the citizen used last. Absent from the profile: it is not "
    "known. Senders learn that a message was read only where the app's version can share it. "
    "An update without it keeps it."
)
QUIET_HOURS: Final = says(
    "The hours in which no notification is sent, in Europe/Rome. Absent from the profile: "
    "none. Null in an update removes them. An update without it keeps it."
)
DAILY_NOTIFICATIONS: Final = says(
    "How many notifications come in a day of Europe/Rome; further ones are told of together "
    "in the evening. Absent from the profile: 10. Null in an update returns to that. An "
    "update without it keeps it."
)
SERVICE_INBOX: Final = says("Whether messages of this service reach the inbox.")
SERVICE_EMAIL: Final = says("Whether e-mails tell of messages of this service.")
SERVICE_PUSH: Final = says(
    "Whether push notifications tell of messages of this service. The name `webhook` is IO's."
)
SERVICE_READ_STATUS: Final = says(
    "Whether this service may learn that its messages were read. Absent in an update: the choice "
    "stays as it was."
)
SERVICE_REMINDERS: Final = says(
    "Whether the citizen is reminded of messages of this service. Absent in an update: the choice "
    "stays as it was."
)
SETTINGS_VERSION: Final = says(
    "The version of the citizen's mode for which the choice was made. A new mode makes it void; "
    "an update with another version is answered 409."
)
EVENT_ID: Final = says(
    "The id of the event, given by the system that tells of it. Sent again, it is the same event "
    "and changes nothing."
)
OCCURRED_AT: Final = says(
    "When the event happened: date and time with its zone. The event with the latest time counts, "
    "in whatever order events arrive."
)
REFERENCE: Final = says(
    "Your own name for it, such as a protocol number: you can find it by this name. It need not "
    "be unique, and no citizen sees it. It must not contain personal data. Absent: it has none."
)
QUEUE: Final = says("The name of the queue.")
CURSOR: Final = says("Where the next page begins; pass it in the next call. Absent: no more.")
MESSAGE: Final = says("The id of the message. A later message has a greater id.")
