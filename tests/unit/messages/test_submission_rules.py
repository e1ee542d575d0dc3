"""The rules of a submission, where HTTP's own checks come before the rule."""

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.messages.new_message import NewMessage
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Group, Sender, Service, check_submission
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from tests.builders.messages import a_message

SERVICE = Service(
    ServiceId("service"),
    "Tassa sui rifiuti",
    "Tributi",
    "Comune di Esempio",
    OrganizationFiscalCode("01234567890"),
)
MESSAGE = NewMessage.model_validate(a_message())


def test_row_14_a_sender_without_the_writing_group_may_not_produce() -> None:
    """Over HTTP the policy refuses it earlier; the rule stands for every other way in."""
    sender = Sender("user", frozenset((Group.MESSAGE_READ,)), SERVICE)

    with pytest.raises(ProductionForbiddenError):
        check_submission(sender, CITIZEN, MESSAGE)


def test_row_13_comes_before_row_14() -> None:
    """A limited sender is told of the recipient, whatever other groups it lacks."""
    sender = Sender("user", frozenset((Group.LIMITED_MESSAGE_WRITE,)), SERVICE)

    with pytest.raises(RecipientForbiddenError):
        check_submission(sender, CITIZEN, MESSAGE)
