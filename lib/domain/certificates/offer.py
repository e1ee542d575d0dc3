"""A certificate that citizens may ask a service for, with the fields of its short form."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from lib.domain.certificates.errors import WrongValueError
from lib.domain.messages.words.text_rules import one_line
from lib.domain.shared.described import says
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, Flag, IOType

MOST_OFFERS: Final = 100
MOST_FIELDS: Final = 20
MOST_LENGTH: Final = 500
NAME_PATTERN: Final = "^[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?$"

_NAME_RULE: Final = "must be 1 to 50 small letters, digits and hyphens"
CertificateName = Annotated[
    str,
    StringConstraints(pattern=NAME_PATTERN),
    IOType(("name of a certificate",), _NAME_RULE),
    says("The name of the certificate at its service, such as `residenza`."),
]
_Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(one_line),
    IOType(("one line of 1 to 120 characters",), "must be one line of 1 to 120 characters"),
]


class FormField(Model):
    """A field of the form that a citizen fills in."""

    name: Annotated[
        str,
        StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$"),
        IOType(("name of a field",), "must be 1 to 40 small letters, digits and underscores"),
        says("The name of the field in the values of a request."),
    ]
    label: Annotated[_Title, says("The question, as the citizen reads it.")]
    is_required: Annotated[Flag, says("Whether the citizen must answer. The default is true.")] = (
        True
    )
    max_length: Annotated[
        int,
        Field(strict=True, ge=1, le=MOST_LENGTH),
        INTEGRAL,
        says("How many characters the answer may have at most. The default is 100."),
    ] = 100


def _each_once(fields: tuple[FormField, ...]) -> tuple[FormField, ...]:
    if len({one.name for one in fields}) != len(fields):
        raise ValueError("must name each field once")
    return fields


class NewOffer(Model):
    """A certificate that is offered."""

    title: Annotated[_Title, says("What the citizen asks for, such as Certificato di residenza.")]
    description: Annotated[
        str,
        StringConstraints(min_length=1, max_length=2000),
        IOType(("text of 1 to 2000 characters",), "must have 1 to 2000 characters"),
        says("What the certificate is for, and what it costs, in plain text."),
    ]
    fields: Annotated[
        tuple[FormField, ...],
        Field(max_length=MOST_FIELDS),
        AfterValidator(_each_once),
        says("The fields of the form, at most 20. Absent: there is nothing to fill in."),
    ] = ()
    days: Annotated[
        int,
        Field(strict=True, ge=1, le=90),
        INTEGRAL,
        says("The days in which you answer a request; after them the request expires."),
    ]


class Offer(NewOffer):
    """A certificate that is offered, with its name."""

    name: CertificateName

    def checked(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values of a form without empty ones; raise WrongValueError."""
        given = {name: value.strip() for name, value in values.items()}
        given = {name: value for name, value in given.items() if value}
        known = {field.name: field for field in self.fields}
        for name in given.keys() - known.keys():
            raise WrongValueError(_shown(name), "is no field of the form")
        for name, field in known.items():
            value = given.get(name, "")
            if not value and field.is_required:
                raise WrongValueError(name, "is required")
            if len(value) > field.max_length:
                raise WrongValueError(name, f"may have at most {field.max_length} characters")
        return given


def _shown(name: str) -> str:
    """Return a name that a caller made up, fit for a pointer."""
    return re.sub("[^A-Za-z0-9_]", "_", name)[:40]
