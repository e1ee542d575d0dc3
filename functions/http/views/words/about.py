"""The person or thing that a message is about, in answers."""

from typing import Annotated

from pydantic import ConfigDict

from lib.domain.messages.words.about import AboutKind
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class AboutView(Model):
    """The person or thing that a message is about, beside its recipient."""

    model_config = ConfigDict(frozen=True)

    kind: Annotated[
        AboutKind,
        says("PERSON: a child or another person. COMPANY, VEHICLE, PROPERTY: as they say."),
    ]
    label: Annotated[str, says("The sender's words for it, in one line of plain text.")]
    identifier: Annotated[
        str | None,
        says(
            "PERSON: the first six letters of the fiscal code, and ten stars. COMPANY: the tax "
            "code. VEHICLE: the plate. PROPERTY: the cadastral reference. Absent: the sender gave "
            "none."
        ),
    ] = None
