"""Translations by machine in answers."""

from typing import Annotated

from pydantic import Field

from lib.domain.messages.words.translation import Translation, TranslationStatus
from lib.domain.profiles.choices import Language
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class TranslationView(Model):
    """A translation by machine, and how far it has come."""

    language: Annotated[Language, says("The language of the translation.")]
    status: Annotated[
        TranslationStatus,
        says(
            "PENDING: it is being made. DONE: read the message with `language`. FAILED: the "
            "service gave none; ask again."
        ),
    ]
    engine: Annotated[str, says("The service that translates.")]
    asked_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When it was asked for: date and time in UTC."),
    ]
    translated_at: Annotated[
        str | None,
        Field(json_schema_extra={"format": "date-time"}),
        says("When it was done: date and time in UTC. Absent: it is not."),
    ] = None
    is_by_machine: Annotated[
        bool, says("Always true: nobody has read it, and the sender's text counts.")
    ] = True


def translation_view(translation: Translation) -> TranslationView:
    """Return the view of a translation."""
    return TranslationView(
        language=translation.language,
        status=translation.status,
        engine=translation.engine,
        asked_at=translation.asked_at,
        translated_at=translation.done_at,
    )
