"""The person or thing that a message is about: a child, a company, a vehicle, a house."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, ConfigDict, ValidationInfo

from lib.domain.messages.words.text_rules import one_line
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import FISCAL_CODE_PATTERN, ORGANIZATION_FISCAL_CODE_PATTERN
from lib.domain.shared.model import Model
from lib.domain.shared.values import NOT_NULL, IOType, TextOf

AboutKind = Literal["PERSON", "COMPANY", "VEHICLE", "PROPERTY"]
ABOUT: Final = "about"
_SHOWN: Final = 6
"""The letters of a person's fiscal code that are kept: they come from the name."""
_HIDDEN: Final = "*" * 10
_FORMS: Final[Mapping[AboutKind, tuple[re.Pattern[str], str]]] = {
    "PERSON": (
        re.compile(rf"{FISCAL_CODE_PATTERN[1:-1]}|[A-Z]{{{_SHOWN}}}\*{{10}}"),
        "must be a person's fiscal code, such as BNCLCU15C41H501K",
    ),
    "COMPANY": (
        re.compile(ORGANIZATION_FISCAL_CODE_PATTERN[1:-1]),
        "must be the tax code of a company: 11 digits",
    ),
    "VEHICLE": (
        re.compile("[A-Z0-9]{4,10}"),
        "must be the plate of a vehicle: capital letters and digits, such as AB123CD",
    ),
    "PROPERTY": (
        re.compile(r"[A-Z][0-9]{3}(?:/[A-Z0-9.]{1,8}){2,5}"),
        "must be a cadastral reference: municipality, sheet, parcel, unit, such as H501/123/456/7",
    ),
}
_OF_A_ROW: Final = {"kind": "about_kind", "label": "about_label", "identifier": "about_identifier"}
ABOUT_RULES: Final = {
    "kind": f"must be one of {', '.join(_FORMS)}",
    "label": "must be one line of 1 to 80 UTF-16 code units",
    "identifier": "must be a fiscal code for a PERSON, 11 digits for a COMPANY, a plate for a "
    "VEHICLE, a cadastral reference such as H501/123/456/7 for a PROPERTY",
}
"""The rules of the members of a NewAbout in words, for the cells of a list."""


class About(NamedTuple):
    """The person or thing that a message is about, as its citizen reads it.

    `identifier`: of a person the first letters of the fiscal code alone. The repr leaves out all
    but the kind, since the rest is personal data of a third person.
    """

    kind: AboutKind
    label: str
    identifier: str | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.kind})"

    @property
    def fields(self) -> dict[str, str]:
        """The members that there are, as they are stored and shown."""
        return {name: value for name, value in self._asdict().items() if value is not None}


def _of_its_kind(identifier: str, info: ValidationInfo) -> str:
    """Return the identifier, a person's without what nobody needs. Raise ValueError."""
    kind: AboutKind | None = info.data.get("kind")
    if kind is None:
        # the kind is refused itself
        return identifier
    form, rule = _FORMS[kind]
    if not form.fullmatch(identifier):
        raise ValueError(rule)
    return identifier[:_SHOWN] + _HIDDEN if kind == "PERSON" else identifier


class NewAbout(Model):
    """The person or thing that a message is about, as its sender writes it.

    The full fiscal code of a person is forgotten when the request has been read. So nothing that
    is stored about one citizen has to be searched when another one leaves.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: Annotated[
        AboutKind,
        IOType(("MessageAboutKind",)),
        says("PERSON: a child or another person. COMPANY, VEHICLE, PROPERTY: as they say."),
    ]
    label: Annotated[
        str,
        TextOf(1, 80),
        AfterValidator(one_line),
        says("What the citizen reads, in one line: a first name, the model of a car, an address."),
    ]
    identifier: Annotated[
        Annotated[str, AfterValidator(_of_its_kind)] | None,
        NOT_NULL,
        IOType(("string",)),
        says(
            "PERSON: the fiscal code, of which the first six letters alone are kept, or these and "
            "ten stars. COMPANY: the tax code, 11 digits. VEHICLE: the plate, capital letters and "
            "digits. PROPERTY: the cadastral reference, the code of the municipality, sheet, "
            "parcel and unit with slashes, such as H501/123/456/7. Absent: it is not told."
        ),
    ] = None

    @property
    def value(self) -> About:
        """The stored form."""
        return About(self.kind, self.label, self.identifier)


def about_of_row(values: Mapping[str, str]) -> NewAbout | None:
    """Read the person or thing that a row of a batch is about; None where it has no kind.

    Raise ValidationError, at a member of a NewAbout.
    """
    kind = values.get(_OF_A_ROW["kind"], "").strip().upper()
    if not kind:
        return None
    cells = {name: values.get(column, "").strip() for name, column in _OF_A_ROW.items()}
    members = {name: cell for name, cell in cells.items() if cell or name == "label"}
    return NewAbout.model_validate(members | {"kind": kind})


def column_of(member: str) -> str:
    """Return the column of a list that has a member of a NewAbout."""
    return _OF_A_ROW[member]
