"""The identifiers of payments, and the fields that have an identifier."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lib.domain.shared.identifiers import (
    AnyMessageIdField,
    MessageIdField,
    NoticeNumber,
    OrganizationFiscalCode,
    RptIdField,
    ServiceIdField,
    payee_of,
    rpt_id_of,
)

PAYEE = OrganizationFiscalCode("01234567890")


def test_an_rpt_id_begins_with_its_payee() -> None:
    """The payee and the notice number make the RptId, and the payee is read from it."""
    rpt_id = rpt_id_of(PAYEE, NoticeNumber("301000000000000017"))

    assert TypeAdapter(RptIdField).validate_python(rpt_id) == "01234567890301000000000000017"
    assert payee_of(rpt_id) == PAYEE


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (MessageIdField, "01ARZ3NDEKTSV4RRFFQ69G5FA"),
        (ServiceIdField, "a service"),
        (RptIdField, "0123456789030100000000000001"),
    ],
)
def test_a_field_refuses_a_text_of_another_form(field: Any, text: str) -> None:
    """A field has the rule of its identifier."""
    with pytest.raises(ValidationError):
        TypeAdapter(field).validate_python(text)


def test_a_path_takes_each_text_as_a_message_id() -> None:
    """The answer to a text of another form is 404, as for a message that does not exist."""
    assert TypeAdapter(AnyMessageIdField).validate_python("a/b?c#d") == "a/b?c#d"
