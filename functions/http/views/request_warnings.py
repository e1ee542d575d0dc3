"""What is odd in an accepted request, as its sender sees it."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel

from lib.domain.messages.warning import SubmissionWarning
from lib.domain.shared.described import says


class RequestWarning(BaseModel):
    """Something in an accepted request that its sender probably did not mean."""

    pointer: Annotated[
        str,
        says(
            "Where the odd value is: a JSON pointer into the body, or `#/query/name` "
            "for a query parameter."
        ),
    ]
    detail: Annotated[str, says("What is odd about the value, and what was probably meant.")]


def warnings_view(warnings: Iterable[SubmissionWarning]) -> list[RequestWarning]:
    """Return warnings as they are answered."""
    return [RequestWarning(pointer=one.pointer, detail=one.detail) for one in warnings]
