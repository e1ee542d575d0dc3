"""The answer of a service to a request for a certificate."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from lib.domain.attachments.attached_file import MOST_OF_A_MESSAGE
from lib.domain.certificates.certificate_request import Outcome
from lib.domain.messages.words.text_rules import MARKDOWN_LENGTH, SUBJECT_LENGTH, one_line
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import AttachmentId, UlidField
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, IOType


class RequestAnswer(Model):
    """The outcome of a request, and the message that tells the citizen of it."""

    outcome: Annotated[Outcome, says("FULFILLED: with the files. REFUSED: with a reason.")]
    subject: Annotated[
        str,
        SUBJECT_LENGTH,
        AfterValidator(one_line),
        says("The subject of the message to the citizen."),
    ]
    markdown: Annotated[str, MARKDOWN_LENGTH, says("The text of the message, in Markdown.")]
    attachments: Annotated[
        tuple[Annotated[AttachmentId, *UlidField.__metadata__], ...],
        Field(max_length=MOST_OF_A_MESSAGE),
        says(
            "The ids of the files that you uploaded for it, at least one for FULFILLED and none "
            "for REFUSED. Absent: none."
        ),
    ] = ()
    reason: Annotated[
        str | None,
        StringConstraints(min_length=1, max_length=500),
        NOT_NULL,
        IOType(("text of 1 to 500 characters",), "must have 1 to 500 characters"),
        says("Why it is refused, as the citizen's list of requests shows it. Absent: not told."),
    ] = None
