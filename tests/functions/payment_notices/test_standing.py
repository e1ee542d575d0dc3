"""Documents, calendar, reminders, payment info and notice show the same status of a sum."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import RptId
from tests.builders.documents import page, scanned_png, scanned_svg
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    cancel,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.payment_notices.shown import IN_MAY, entry, info, notice_text, plan, sent, take
from tests.stack import Stack
from tests.stored import stored_payment

CODES = ("read_payment_qr_svg", "read_payment_qr_png")


async def test_an_amended_entry_is_a_newer_version(stack: Stack) -> None:
    """An amended calendar entry has the same UID and a higher SEQUENCE."""
    id_ = await sent(stack, instalments=None)
    before = await entry(stack, id_)
    stack.clock.advance(timedelta(minutes=3))
    await amend(stack, an_amendment(due_date="2027-07-31"))
    after = await entry(stack, id_)

    assert (before["SEQUENCE"], before["DTSTAMP"]) == ("0", "20261123T090000Z")
    assert before["UID"] == after["UID"] == id_
    assert after["SEQUENCE"] == "1"
    assert after["DTSTAMP"] == after["LAST-MODIFIED"] == "20261123T090300Z"
    assert after["DTSTART;VALUE=DATE"] == "20270731"
    text, _ = await notice_text(stack, id_)
    assert "aggiornato questo avviso il 23 novembre 2026" in text


async def test_amendments_are_counted_beyond_those_that_are_kept(stack: Stack) -> None:
    """The SEQUENCE counts all amendments, though the notice keeps ten."""
    id_ = await sent(stack, instalments=None)
    for version in range(1, 14):
        await amend(stack, an_amendment(version, amount_cents=5000 + version))

    assert (await entry(stack, id_))["SEQUENCE"] == "13"


@pytest.mark.parametrize("how", ["PAID", "CANCELLED"])
async def test_a_settled_entry_rings_no_more_and_comes_back(stack: Stack, how: str) -> None:
    """A paid or cancelled entry has no alarm; a reversal restores it under a higher SEQUENCE."""
    id_ = await sent(stack, instalments=None)
    stack.clock.advance(timedelta(minutes=2))
    before = await entry(stack, id_)
    if how == "PAID":
        await tell(stack)
    else:
        await cancel(stack)
    settled = await entry(stack, id_)
    stack.clock.advance(timedelta(minutes=2))
    await tell(stack, "REVERSED")
    back = await entry(stack, id_)

    assert ("VALARM" in before, before["STATUS"]) == (True, "CONFIRMED")
    assert ("VALARM" in settled, settled["STATUS"]) == (False, "CANCELLED")
    assert ("VALARM" in back, back["STATUS"]) == (True, "CONFIRMED")
    assert [int(one["SEQUENCE"]) for one in (before, settled, back)] == [0, 1, 2]
    stamps = [one["DTSTAMP"] for one in (before, settled, back)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("how", ["PAID", "CANCELLED"])
async def test_a_settled_notice_has_no_code(stack: Stack, how: str) -> None:
    """The code gets 409 with the status, until a reversal restores it."""
    id_ = await sent(stack, instalments=None)
    if how == "PAID":
        await tell(stack)
    else:
        await cancel(stack)
    for paper in CODES:
        reply = await take(stack, paper, id_)
        assert (reply.status, reply.body["payment_status"]) == (409, how)
    assert not (await notice_text(stack, id_))[1]

    stack.clock.advance(timedelta(minutes=2))
    await tell(stack, "REVERSED")
    assert [(await take(stack, paper, id_)).status for paper in CODES] == [200, 200]
    assert (await notice_text(stack, id_))[1]


@pytest.mark.parametrize("whole", [True, False])
async def test_instalments_that_a_message_lists_are_known(stack: Stack, whole: bool) -> None:
    """Payment info, codes and printed notice know listed instalments, for their citizen alone."""
    alone = {} if whole else dict.fromkeys(("notice_number", "amount_cents", "due_date"))
    id_ = await sent(stack, **alone)

    for of in (11, 12, 13):
        svg, png = [await take(stack, paper, id_, notice_number=number(of)) for paper in CODES]
        assert scanned_svg(svg.body) == scanned_png(png.body)
        assert scanned_png(png.body) == f"PAGOPA|002|{number(of)}|{PAYEE}|4225"
        assert (await info(stack, PAYEE + number(of))).status == 200
        assert (await info(stack, PAYEE + number(of), OTHER_CITIZEN)).status == 404
        text, has_code = await notice_text(stack, id_, notice_number=number(of))
        assert "42,25" in text
        assert has_code


async def test_numbers_that_a_message_does_not_list_are_not_found(stack: Stack) -> None:
    """A number that the message does not list gets 404, and a malformed one 400."""
    id_ = await sent(stack)
    await send(stack, a_notice(notice_number=number(5)))

    for paper in (*CODES, "read_payment_notice", "read_payment_receipt"):
        assert (await take(stack, paper, id_, notice_number=number(5))).status == 404
        assert (await take(stack, paper, id_, notice_number="5")).status == 400


async def test_a_rejected_notice_makes_nothing_known(stack: Stack) -> None:
    """Payment info does not know the numbers of a rejected notice."""
    await sent(stack, fiscal_code="BLOCKD00A00A000A")

    assert (await info(stack, PAYEE + number(12), "BLOCKD00A00A000A")).status == 404


async def test_after_an_instalment_the_whole_is_not_asked_for(stack: Stack) -> None:
    """A paid instalment ends the request for the whole sum everywhere, until its reversal."""
    id_ = await sent(stack)
    assert await plan(stack, id_) == (None, 4)
    before = await entry(stack, id_)
    await tell(stack, rpt_id=PAYEE + number(11))

    assert await plan(stack, id_) == ("PAID_OTHERWISE", 0)
    text, has_code = await notice_text(stack, id_)
    assert "una rata risulta pagata, non pagare l'intero" in text
    assert not has_code
    assert {(await take(stack, paper, id_)).status for paper in CODES} == {409}
    refused = await info(stack, RPT_ID)
    assert refused.body["faultCodeCategory"] == "PAYMENT_DUPLICATED"
    settled = await entry(stack, id_)
    assert ("VALARM" in settled, settled["STATUS"]) == (False, "CANCELLED")
    assert int(settled["SEQUENCE"]) > int(before["SEQUENCE"])
    receipt = await take(stack, "read_payment_receipt", id_, notice_number=number(11))
    assert number(11)[:4] in page(receipt.body)[0]
    other = await take(stack, "read_payment_qr_png", id_, notice_number=number(12))
    assert other.status == 200

    stack.clock.advance(timedelta(minutes=2))
    await tell(stack, "REVERSED", rpt_id=PAYEE + number(11))
    assert await plan(stack, id_) == (None, 4)
    assert (await notice_text(stack, id_))[1]
    assert "VALARM" in await entry(stack, id_)


async def test_after_the_whole_no_instalment_is_asked_for(stack: Stack) -> None:
    """The paid whole sum ends the request for instalments, listed or sent."""
    id_ = await sent(stack)
    stack.clock.advance(IN_MAY - stack.clock.now())
    await stack.app.payment_notices.submit_instalment(RptId(PAYEE + number(12)))
    await stack.drain()
    second = (await read(stack)).body["instalments"][1]["message_id"]
    await tell(stack)

    assert await plan(stack, second) == ("PAID_OTHERWISE", 0)
    assert (await entry(stack, second))["STATUS"] == "CANCELLED"
    for message_id, of in ((second, 12), (id_, 13)):
        text, has_code = await notice_text(stack, message_id, notice_number=number(of))
        assert "non pagare questa rata" in text
        assert not has_code
        assert (await info(stack, PAYEE + number(of))).status == 409


async def test_a_notice_shows_the_status_of_each_instalment(stack: Stack) -> None:
    """A notice is PARTLY_PAID until its last instalment is paid."""
    await sent(stack)
    seen = []
    for of in (11, 12, 13):
        stack.clock.advance(timedelta(minutes=1))
        await tell(stack, rpt_id=PAYEE + number(of))
        view = (await read(stack)).body
        seen.append((view["payment_status"], [o["payment_status"] for o in view["instalments"]]))
        again = await send(stack, a_notice(instalments=list(INSTALMENTS)))
        assert again.body["payment_status"] == view["payment_status"]
    last = view["instalments"][2]

    assert seen == [
        ("PARTLY_PAID", ["PAID", "NOT_PAID", "NOT_PAID"]),
        ("PARTLY_PAID", ["PAID", "PAID", "NOT_PAID"]),
        ("PAID", ["PAID"] * 3),
    ]
    event = (await stored_payment(stack, PAYEE + number(13))).event
    assert event is not None
    assert last["paid_at"] == event.paid_at
    assert "paid_at" not in view


async def test_a_whole_sum_paid_at_once_is_paid(stack: Stack) -> None:
    """A notice is PAID with its time when the whole sum is paid, and its instalments are not."""
    await sent(stack)
    await tell(stack)
    view = (await read(stack)).body

    assert view["payment_status"] == "PAID"
    assert view["paid_at"]
    assert {one["payment_status"] for one in view["instalments"]} == {"NOT_PAID"}


async def test_no_plan_is_shown_that_would_not_be_sent(stack: Stack) -> None:
    """An archived message shows no coming reminders, and has them again afterwards."""
    id_ = await sent(stack, instalments=None)
    for archived, expected in ((True, ("ARCHIVED", 0)), (False, (None, 4))):
        change = {"change_type": "archiving", "is_archived": archived}
        await stack.call("change_message_status", change, path={"id": id_}, citizen=CITIZEN)
        assert await plan(stack, id_) == expected
