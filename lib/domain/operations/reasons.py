"""The reason of what an operator does, which the operators' records keep."""

from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from lib.domain.operations.redaction import names_a_person
from lib.domain.shared.described import says
from lib.domain.shared.values import IOType

_RULE: Final = "must have 3 to 500 characters, without a fiscal code or an e-mail address"


def _without_persons(text: str) -> str:
    if names_a_person(text):
        raise ValueError(_RULE)
    return text


Reason = Annotated[
    str,
    says("Why, for the records of operators; it must not name a citizen."),
    StringConstraints(min_length=3, max_length=500, strip_whitespace=True),
    AfterValidator(_without_persons),
    IOType(("reason",), _RULE, "REASON"),
]
