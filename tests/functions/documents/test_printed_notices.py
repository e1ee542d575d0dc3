"""The printed notice has the payee's logo, and a section for each sum that the message lists."""

import base64
from pathlib import Path
from typing import Never

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY, ORGANIZATION
from lib.domain.shared.identifiers import RptId
from lib.ports.errors import NotFoundError, UnavailableError
from tests.builders.documents import a_logo, page
from tests.builders.papers import structure
from tests.builders.payment_notices import INSTALMENTS, RPT_ID, number
from tests.builders.payments import PAYEE, a_payment, tell
from tests.functions.documents.document_calls import RECEIPT, payable, take
from tests.functions.payment_notices.in_parts import IN_MAY, until
from tests.functions.payment_notices.shown import printed, sent
from tests.functions.payment_notices.shown import take as take_of_notice
from tests.stack import Stack

NUMBERS = [str(one["notice_number"]) for one in INSTALMENTS]
WHOLE = RPT_ID.removeprefix(PAYEE)


class AwayBlobs:
    """A blob store that does not answer."""

    async def get(self, container: str, name: str) -> Never:
        """Raise UnavailableError."""
        raise UnavailableError(f"{container} is away")

    async def close(self) -> None:
        """Hold nothing."""


class EmptyBlobs:
    """A blob store without blobs, which counts what it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def get(self, container: str, name: str) -> Never:
        """Raise NotFoundError."""
        self.asked += 1
        raise NotFoundError(f"{container} is empty")

    async def close(self) -> None:
        """Hold nothing."""


async def with_logo(stack: Stack, organization: str = ORGANIZATION) -> None:
    """Set the logo of the organisation."""
    path = {"organization_fiscal_code": organization}
    body = {"logo": base64.b64encode(a_logo()).decode()}
    reply = await stack.call("set_organization_logo", body, path=path, key=MANAGE_KEY)
    assert reply.status == 202


def alternatives(pdf: bytes) -> list[str]:
    """Return what a screen reader says for each picture."""
    return [one.alternative for one in structure(pdf).named("Figure")]


async def test_notice_and_receipt_have_the_payee_s_logo(stack: Stack) -> None:
    """It is the logo that the organisation uploaded, with its name for screen readers."""
    await with_logo(stack)
    id_ = await payable(stack)
    notice = await take(stack, "read_payment_notice", id_)
    await tell(stack, "PAID")
    receipt = await take(stack, RECEIPT, id_)

    logo = "Logo di Comune di Esempio"
    assert alternatives(notice.body) == [logo, "Codice QR per pagare 84,50\xa0€"]
    assert alternatives(receipt.body) == [logo]
    assert structure(receipt.body).named("H1")[0].said == "Conferma di pagamento pagoPA"


async def test_another_payee_s_notice_has_not_the_sender_s_logo(stack: Stack) -> None:
    """The logo tells who gets the money; the sender is named as the sender."""
    await with_logo(stack)
    id_ = await payable(stack, payment_data=a_payment(payee={"fiscal_code": "98765432109"}))

    notice = await take(stack, "read_payment_notice", id_)

    assert alternatives(notice.body) == ["Codice QR per pagare 84,50\xa0€"]
    assert "Ente mittente" in page(notice.body)[0]


async def test_a_notice_is_drawn_without_its_logo_while_blobs_are_away(tmp_path: Path) -> None:
    """A logo is decoration, which no paper waits for."""
    stack = await Stack(tmp_path, blobs=AwayBlobs()).start()
    try:
        notice = await take(stack, "read_payment_notice", await payable(stack))
    finally:
        await stack.app.close()

    assert alternatives(notice.body) == ["Codice QR per pagare 84,50\xa0€"]


async def test_a_logo_is_asked_for_once(tmp_path: Path) -> None:
    """A process keeps it for an hour, and its absence too."""
    blobs = EmptyBlobs()
    stack = await Stack(tmp_path, blobs=blobs).start()
    try:
        id_ = await payable(stack)
        for _ in range(2):
            assert (await take(stack, "read_payment_notice", id_)).status == 200
    finally:
        await stack.app.close()

    assert blobs.asked == 1


async def test_the_citizen_is_named_on_request(stack: Stack) -> None:
    """The recipient's fiscal code stands on the notice where the citizen asks for it."""
    id_ = await payable(stack)

    asked = await stack.call(
        "read_payment_notice", path={"id": id_}, query={"with_payer": "true"}, citizen=CITIZEN
    )
    plain = await take(stack, "read_payment_notice", id_)

    assert CITIZEN in page(asked.body)[0]
    assert CITIZEN not in page(plain.body)[0]


@pytest.mark.parametrize("whole", [True, False])
async def test_each_listed_sum_has_its_code(stack: Stack, whole: bool) -> None:
    """One file has them all; a number in the call asks for one of them alone."""
    alone = {} if whole else dict.fromkeys(("notice_number", "amount_cents", "due_date"))
    id_ = await sent(stack, **alone)

    text, codes = await printed(stack, id_)

    assert codes == [*([WHOLE] if whole else []), *NUMBERS]
    assert [f"Rata {index} di 3" in text for index in (1, 2, 3)] == [True] * 3
    assert ("Rata unica" in text) == whole
    second, only = await printed(stack, id_, notice_number=NUMBERS[1])
    assert only == NUMBERS[1:2]
    assert "Rata 2 di 3" in second
    assert "Rata 1" not in second


async def test_a_paid_instalment_has_no_code_among_the_others(stack: Stack) -> None:
    """After it the whole sum has none either, and the box asks for no sum."""
    id_ = await sent(stack)
    await tell(stack, rpt_id=PAYEE + NUMBERS[0])

    text, codes = await printed(stack, id_)

    assert codes == NUMBERS[1:]
    assert "già pagato" in text
    assert "Il pagamento è in 3 rate" in text
    assert "oppure in 3 rate" not in text


async def test_an_instalment_s_own_message_has_its_section_alone(stack: Stack) -> None:
    """The notice of a later message says which instalment it is."""
    id_ = await sent(stack)
    await until(stack, IN_MAY)
    await stack.app.payment_notices.submit_instalment(RptId(PAYEE + NUMBERS[1]))
    await stack.drain()
    view = await take_of_notice(stack, "read_message", id_)
    assert view.status == 200
    listed = await stack.call("list_inbox", citizen=CITIZEN)
    (later,) = (one["id"] for one in listed.body["items"] if one["id"] != id_)

    text, codes = await printed(stack, later)

    assert codes == [number(12)]
    assert "Rata 2 di 3" in text
