"""The identifiers of messages, services, payments and persons, each with its own type.

The type checker refuses one identifier where another is meant. An identifier whose name ends in
`Field` is the same type for a field of a pydantic model or for a parameter of an endpoint: it has
the rule of the value and the text for the OpenAPI document.
Cost: a type made by NewType is a plain `str` at run time.
"""

import re
from typing import Annotated, Final, NewType

from pydantic import AfterValidator, StringConstraints

from lib.domain.shared.check_characters import has_right_check_digit
from lib.domain.shared.described import MESSAGE, says
from lib.domain.shared.values import IOType, Masked

FISCAL_CODE_PATTERN: Final = (
    "^[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]$"
)
ULID_PATTERN: Final = "^[0-9a-hjkmnp-tv-zA-HJKMNP-TV-Z]{26}$"
NOTICE_NUMBER_PATTERN: Final = "^[0123][0-9]{17}$"
ORGANIZATION_FISCAL_CODE_PATTERN: Final = "^[0-9]{11}$"
OWNER_PATTERN: Final = f"{FISCAL_CODE_PATTERN}|{ORGANIZATION_FISCAL_CODE_PATTERN}"
"""The owner of an inbox: a person, or a company by its code of 11 digits."""
REFERENCE_PATTERN: Final = "^[!-~](?:[ -~]{0,98}[!-~])?$"
RPT_ID_PATTERN: Final = "^[0-9]{11}[0123][0-9]{17}$"
SERVICE_ID_PATTERN: Final = "^[0-9A-Za-z_-]{1,255}$"
UUID_PATTERN: Final = "^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$"

MessageId = NewType("MessageId", str)
"""The id of a message: a ULID, which also gives the time when the message was accepted."""
ServiceId = NewType("ServiceId", str)
"""The id of a service of a public administration."""
NoticeNumber = NewType("NoticeNumber", str)
"""The number of a payment at its payee: 18 digits."""
OrganizationFiscalCode = NewType("OrganizationFiscalCode", str)
"""The fiscal code of an organisation, such as the payee of a payment: 11 digits."""
RptId = NewType("RptId", str)
"""The name of a payment at pagoPA: the payee's fiscal code, 11 digits, and the notice number."""

VoucherClientId = NewType("VoucherClientId", str)
"""The id of a client of PDND, which asks for vouchers: a UUID."""
PurposeId = NewType("PurposeId", str)
"""The id of a purpose of PDND, for which a client asks for vouchers: a UUID."""
EvidenceId = NewType("EvidenceId", str)
"""The id of kept evidence about a call: a ULID."""

SessionId = NewType("SessionId", str)
"""The id of one login of a citizen: a ULID."""

AttachmentId = NewType("AttachmentId", str)
"""The id of a file that a sender uploads: a ULID."""
BatchId = NewType("BatchId", str)
"""The id of a batch of messages: a ULID."""
ContentId = NewType("ContentId", str)
"""The id of a content that many messages share."""

Reference = NewType("Reference", str)
"""A sender's own name for a message or a payment notice, such as its protocol number."""

_PERSON: Final = re.compile(FISCAL_CODE_PATTERN[1:-1])
_COMPANY: Final = re.compile(ORGANIZATION_FISCAL_CODE_PATTERN[1:-1], re.ASCII)

NO_MESSAGE_ID: Final = MessageId("")
"""The value of a missing message id, which is "" in stored data."""
NO_SERVICE_ID: Final = ServiceId("")
"""The value of a service id that an earlier version of the app did not store."""


class FiscalCode(Masked):
    """The fiscal code of the owner of an inbox, or of a person who acts.

    A person's has 16 characters, upper case; as in IO, its checksum is not checked. A company's has
    11 digits, of which the last is the check digit.
    """

    __slots__ = ()


def _matches(pattern: str, rule: str, code: str = "INVALID") -> IOType:
    return IOType((f'string that matches the pattern "{pattern}"',), rule, code)


def _owner(code: str) -> FiscalCode:
    owner = FiscalCode(code)
    if is_company(owner) and not has_right_check_digit(owner):
        raise ValueError("must be a fiscal code of a company: its last digit is wrong")
    return owner


def is_company(fiscal_code: str) -> bool:
    """Tell whether the owner of an inbox is a company, which has no residence and no login."""
    return fiscal_code.isdecimal()


def is_owner(text: str) -> bool:
    """Tell whether the text is the code of a person or of a company; see FiscalCodeField."""
    if _PERSON.fullmatch(text):
        return True
    return _COMPANY.fullmatch(text) is not None and has_right_check_digit(text)


def _with_check_digit(code: OrganizationFiscalCode) -> OrganizationFiscalCode:
    if not has_right_check_digit(code):
        raise ValueError("must be a fiscal code of an organisation: its last digit is wrong")
    return code


_ULID_FORM: Final = StringConstraints(pattern=ULID_PATTERN)
_ULID_RULE: Final = IOType(
    ("Ulid",), "must be a ULID: 26 letters and digits, without I, L, O and U"
)

FiscalCodeField = Annotated[
    str,
    says("The citizen's fiscal code; of a company, its 11 digits."),
    StringConstraints(pattern=OWNER_PATTERN),
    AfterValidator(_owner),
    # a wrong code is refused in IO's words, which know persons alone
    _matches(
        FISCAL_CODE_PATTERN,
        "must be a citizen's fiscal code: 16 characters, capital letters and digits, such as "
        "RSSMRA80A01H501U; or the 11 digits of a company, of which the last is the check digit",
        "FISCAL_CODE",
    ),
]
UlidField = Annotated[str, _ULID_FORM, _ULID_RULE]
"""A ULID that is not the id of a message."""
MessageIdField = Annotated[MessageId, MESSAGE, _ULID_FORM, _ULID_RULE]
AnyMessageIdField = Annotated[MessageId, MESSAGE]
"""A message id in a path. A text of another form names no message, so the answer is 404."""
ServiceIdField = Annotated[
    ServiceId,
    says("The id of the service."),
    StringConstraints(pattern=SERVICE_ID_PATTERN),
    _matches(
        SERVICE_ID_PATTERN,
        "must be the id of a service: 1 to 255 letters, digits, hyphens and underscores",
        "SERVICE",
    ),
]
NoticeNumberField = Annotated[
    NoticeNumber,
    says("The notice number of a payment."),
    StringConstraints(pattern=NOTICE_NUMBER_PATTERN),
    _matches(
        NOTICE_NUMBER_PATTERN,
        "must be a notice number: 18 digits, the first of them 0 to 3",
        "NOTICE_NUMBER",
    ),
]
OrganizationFiscalCodeField = Annotated[
    OrganizationFiscalCode,
    says("The fiscal code of an organisation."),
    StringConstraints(pattern=ORGANIZATION_FISCAL_CODE_PATTERN),
    _matches(
        ORGANIZATION_FISCAL_CODE_PATTERN,
        "must be the fiscal code of an organisation: 11 digits",
        "ORGANIZATION",
    ),
]
VoucherClientIdField = Annotated[
    VoucherClientId,
    says("The id of a client of PDND."),
    StringConstraints(pattern=UUID_PATTERN),
    _matches(UUID_PATTERN, "must be a UUID in small letters", "UUID"),
]
PurposeIdField = Annotated[
    PurposeId,
    says("The id of the purpose for which the client gets vouchers from PDND."),
    StringConstraints(pattern=UUID_PATTERN),
    _matches(UUID_PATTERN, "must be a UUID in small letters", "UUID"),
]
ReferenceField = Annotated[
    Reference,
    StringConstraints(pattern=REFERENCE_PATTERN),
    IOType(
        ("reference of 1 to 100 visible ASCII characters",),
        "must be 1 to 100 visible ASCII characters; spaces may stand between them",
        "REFERENCE",
    ),
]
CheckedOrganizationFiscalCode = Annotated[
    OrganizationFiscalCodeField, AfterValidator(_with_check_digit)
]
"""The fiscal code of an organisation that joins: a mistyped digit is found by the check digit."""
RptIdField = Annotated[
    RptId,
    says("The payment: its payee and its notice number, in one."),
    StringConstraints(pattern=RPT_ID_PATTERN),
    _matches(
        RPT_ID_PATTERN,
        "must be the fiscal code of the payee, 11 digits, and the notice number, 18, in one",
    ),
]

_ULID: Final = re.compile(ULID_PATTERN[1:-1])


def is_ulid(text: str) -> bool:
    """Tell whether the text has the form of a message id."""
    return _ULID.fullmatch(text) is not None


def rpt_id_of(payee: OrganizationFiscalCode, notice_number: NoticeNumber) -> RptId:
    """Return the name at pagoPA of the payment that the payee asks for by this number."""
    return RptId(f"{payee}{notice_number}")


def payee_of(rpt_id: RptId) -> OrganizationFiscalCode:
    """Return the fiscal code of the payment's payee."""
    return OrganizationFiscalCode(rpt_id[:11])
