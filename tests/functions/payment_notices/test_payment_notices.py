"""Payment notices: sent, once; amended, in place; cancelled; read back."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, PAYMENTS_KEY, SERVICE_ID
from lib.domain.messages.message import Message
from lib.domain.messages.message_parts import PaymentRequest
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import submitted
from tests.builders.payment_notices import (
    NUMBER,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    cancel,
    inbox,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE, a_payment
from tests.builders.profiles import OTHER_CITIZEN, with_new_profile, with_profile
from tests.doubles.clock import START
from tests.stack import Reply, Stack, refusal, take
from tests.stored import (
    is_number_taken,
    is_payment_known,
    stored_markdown,
    stored_message,
    stored_payment,
)

CLOSED = "Payment notice closed"
DUPLICATE = "Duplicate payment notice"


async def test_a_notice_becomes_a_message(stack: Stack) -> None:
    """With payment data and due date, rendered; its payment names it; one push tells of it."""
    reply = await send(stack)
    await stack.drain()

    assert reply.status == 201
    assert reply.headers["Location"] == f"/api/v1/payment-notices/{RPT_ID}"
    id_ = reply.body["message_id"]
    assert reply.body == {
        "rpt_id": RPT_ID,
        "message_id": id_,
        "version": 1,
        "status": "ACCEPTED",
        "payment_status": "NOT_PAID",
    }
    (listed,) = await inbox(stack)
    assert listed["message_title"] == "Tassa sui rifiuti 2027"
    assert (listed["amount"], listed["due_date"]) == (8450, "2027-06-30T21:59:59.000Z")
    assert listed["category"] == {"tag": "PAYMENT", "rptId": RPT_ID}
    assert "amended_at" not in listed
    assert (await stored_message(stack, id_)).payment == PaymentRequest(8450, NUMBER, PAYEE, False)
    markdown = await stored_markdown(stack, id_)
    assert "**84,50 €**" in markdown
    assert "**30 giugno 2027**" in markdown
    assert [one.message_id for one in (await stored_payment(stack, RPT_ID)).carriers] == [id_]
    assert [one.message_id for one in stack.push.sent] == [id_]


async def test_a_notice_is_read_back(stack: Stack) -> None:
    """As it is, with where message and payment stand."""
    id_ = (await send(stack)).body["message_id"]
    await stack.drain()

    reply = await read(stack)

    assert (reply.status, reply.body) == (
        200,
        {
            "rpt_id": RPT_ID,
            "fiscal_code": CITIZEN,
            "payee": PAYEE,
            "notice_number": NUMBER,
            "amount_cents": 8450,
            "due_date": "2027-06-30T21:59:59.000Z",
            "subject": "Tassa sui rifiuti 2027",
            "description": "Prima rata, via Roma 1.",
            "invalid_after_due_date": False,
            "language": "it_IT",
            "created_at": timestamp(START),
            "version": 1,
            "amendments": [],
            "message_id": id_,
            "status": "PROCESSED",
            "payment_status": "NOT_PAID",
        },
    )


@pytest.mark.parametrize(
    ("citizen", "language", "says"),
    [
        ("RSSMRA80A01H501U", ["de_DE", "it_IT"], "**84,50 €**.\n"),
        ("RSSMRA80A01H501U", ["en_GB"], "**€84.50**.\n"),
        ("RSSMRA80A01H501U", [], "ti chiede"),
    ],
)
async def test_a_notice_is_in_the_citizen_s_language(
    stack: Stack, citizen: str, language: list[str], says: str
) -> None:
    """The first of their own; Italian where there is none."""
    await with_new_profile(stack, citizen, preferred_languages=language)

    id_ = (await send(stack, a_notice(fiscal_code=citizen))).body["message_id"]
    await stack.drain()

    assert says in await stored_markdown(stack, id_, citizen)
    assert (await read(stack)).body["language"] == (language or ["it_IT"])[0]


@pytest.mark.parametrize("citizen", ["BLOCKD00A00A000A", "INBOFF00A00A000A", OTHER_CITIZEN])
async def test_a_sender_learns_no_language_before_the_message_is_in_the_inbox(
    stack: Stack, citizen: str
) -> None:
    """Neither of a citizen who blocked it nor of one whose message is on its way."""
    shown = []
    for language in ("de_DE", "it_IT"):
        await with_profile(stack, citizen, preferred_languages=[language])
        of = 1 if language == "de_DE" else 2
        notice = a_notice(fiscal_code=citizen, notice_number=number(of))
        id_ = (await send(stack, notice)).body["message_id"]
        if citizen != OTHER_CITIZEN:
            await stack.drain()
        view = (await read(stack, PAYEE + number(of))).body
        path = {"fiscal_code": citizen, "id": id_}
        sent = (await stack.call("read_sent_message", path=path)).body
        text = sent["message"].get("content", {}).get("markdown", "")
        shown.append("".join(one for one in text if not one.isdigit()))
        assert "language" not in view
        assert sent["status"] == ("ACCEPTED" if citizen == OTHER_CITIZEN else "REJECTED")

    assert shown[0] == shown[1]


async def test_an_amendment_keeps_the_citizen_s_language(stack: Stack) -> None:
    """Also one that came before the message was delivered."""
    await with_new_profile(stack, preferred_languages=["de_DE"])
    id_ = (await send(stack)).body["message_id"]
    await amend(stack, an_amendment(amount_cents=100))
    await stack.drain()
    first = await stored_markdown(stack, id_)
    await amend(stack, an_amendment(2, amount_cents=200))
    second = await stored_markdown(stack, id_)

    assert "1,00 €" in first
    assert "2,00 €" in second
    assert "bittet" in first
    assert "bittet" in second


async def test_a_citizen_without_a_profile_gets_a_rejection(stack: Stack) -> None:
    """As with any message; the notice says so."""
    await send(stack, a_notice(fiscal_code="NOPROF00A00A000A"))
    await stack.drain()

    assert (await read(stack)).body["status"] == "REJECTED"


WRONG = number(1)[:16] + "00"


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"notice_number": WRONG}, "/notice_number", f"digits {NUMBER[16:]}, not 00"),
        ({"notice_number": "4" * 18}, "/notice_number", "18 digits, the first of them 0 to 3"),
        ({"notice_number": "3" * 17}, "/notice_number", "18 digits, the first of them 0 to 3"),
        ({"notice_number": None}, "/notice_number", "is needed beside"),
        ({"amount_cents": None}, "/amount_cents", "is needed beside"),
        ({"due_date": None}, "/due_date", "is needed beside"),
        (
            {"notice_number": None, "amount_cents": None, "due_date": None},
            "/notice_number",
            "is needed, or instalments",
        ),
        ({"amount_cents": 0}, "/amount_cents", "whole number from 1 to"),
        ({"amount_cents": 1.5}, "/amount_cents", "whole number from 1 to"),
        ({"amount_cents": 1_000_001}, "/amount_cents", "at most 1000000"),
        ({"due_date": "2026-11-22"}, "/due_date", "is past"),
        ({"due_date": timestamp(START)}, "/due_date", "is past"),
        ({"due_date": "2099-12-31"}, "/due_date", "2099-12-31"),
        ({"due_date": "9999-12-31T23:59:59Z"}, "/due_date", "more than five years"),
        ({"due_date": "2027-02-30"}, "/due_date", "must be a day such as"),
        ({"due_date": "30/06/2027"}, "/due_date", "must be a day such as"),
        ({"due_date": "2027-06-30T10:00"}, "/due_date", "date and time"),
        ({"subject": "too short"}, "/subject", "10 to 120"),
        ({"description": ""}, "/description", "1 to 2000"),
        ({"description": "x" * 2001}, "/description", "1 to 2000"),
        ({"fiscal_code": "x"}, "/fiscal_code", "16 characters"),
        ({"payee": "1"}, "/payee", "11 digits"),
    ],
)
async def test_what_is_wrong_is_named(
    stack: Stack, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    """Field and rule; nothing is stored."""
    reply = await send(stack, a_notice(**changes))

    assert reply.status == 400
    (error,) = reply.body["errors"]
    assert error["pointer"] == pointer
    assert rule in error["detail"]
    assert not await is_number_taken(stack)
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0


async def test_today_is_not_past(stack: Stack) -> None:
    """A day ends at its midnight in Italy."""
    reply = await send(stack, a_notice(due_date="2026-11-23"))

    assert reply.status == 201
    assert (await read(stack)).body["due_date"] == "2026-11-23T22:59:59.000Z"


async def test_the_day_that_was_written_is_kept_and_amended(stack: Stack) -> None:
    """The same moment in another spelling may be another day, in text and plan as well."""
    id_ = (await send(stack, a_notice(due_date="2028-12-09T22:00:00Z"))).body["message_id"]
    await stack.drain()
    assert "9 dicembre 2028, ore 23:00" in await stored_markdown(stack, id_)

    for version, (due, day, said) in enumerate(
        [
            ("2028-12-10T00:00:00+02:00", "2028-12-10", "10 dicembre 2028**"),
            ("2028-12-09T22:00:00Z", None, "9 dicembre 2028, ore 23:00"),
        ],
        start=1,
    ):
        reply = await amend(stack, an_amendment(version, due_date=due))
        assert reply.body["changed"] == ["due_date"]
        changed = await stored_message(stack, id_)
        assert changed.due_day == day
        assert changed.due_date == "2028-12-09T22:00:00.000Z"
        assert said in await stored_markdown(stack, id_)
        assert changed.reminders.next is not None
        assert changed.reminders.next.name.startswith("20281210" if day else "20281209")


async def test_who_may_send(stack: Stack) -> None:
    """A limited key writes to its recipients alone; others write to anybody, or not at all."""
    other = await send(stack, a_notice(fiscal_code=OTHER_CITIZEN), key=LIMITED_KEY)
    own = await send(stack, key=LIMITED_KEY)
    payments = await send(stack, key=PAYMENTS_KEY)

    assert refusal(other)[:2] == (403, "Recipient forbidden")
    assert own.status == 201
    assert refusal(payments)[:2] == (403, "You are not allowed here")


async def test_whose_notice_it_may_be(stack: Stack) -> None:
    """The sender's own organisation's; another's only in the group for that."""
    foreign = await send(stack, a_notice(payee="09876543210"), key=LIMITED_KEY)
    own = await send(stack, a_notice(payee=PAYEE), key=LIMITED_KEY)
    allowed = await send(stack, a_notice(payee="09876543210"))

    assert refusal(foreign) == (
        403,
        "You are not allowed here",
        "You do not have enough permissions to send a payment message with payee",
    )
    assert own.status == 201
    assert (allowed.status, allowed.body["rpt_id"]) == (201, f"09876543210{NUMBER}")


async def test_the_same_notice_again_sends_nothing(stack: Stack) -> None:
    """200, the same message; also after it is due, or paid."""
    first = await send(stack)
    await stack.drain()
    again = await send(stack)
    await tell(stack)
    await stack.drain()
    stack.clock.advance(timedelta(days=300))
    late = await send(stack)
    await stack.drain()

    assert (first.status, again.status, late.status) == (201, 200, 200)
    assert first.body["message_id"] == again.body["message_id"] == late.body["message_id"]
    assert (again.body["status"], again.body["payment_status"]) == ("PROCESSED", "NOT_PAID")
    assert late.body["payment_status"] == "PAID"
    assert "changed" not in again.body
    assert len(await inbox(stack)) == len(stack.push.sent) == 1


async def test_fifty_at_once_make_one_message(stack: Stack) -> None:
    """One is answered 201, all others 200, with one id; the citizen sees one."""
    replies = await asyncio.gather(*(send(stack) for _ in range(50)))
    await stack.drain()

    assert sorted(reply.status for reply in replies) == [200] * 49 + [201]
    assert len({reply.body["message_id"] for reply in replies}) == 1
    assert len(await inbox(stack)) == len(stack.push.sent) == 1


async def test_a_number_has_one_debtor_and_one_service(stack: Stack) -> None:
    """409 that names the rule; nobody else is told whose it is; nothing is sent."""
    await send(stack)

    other_debtor = await send(stack, a_notice(fiscal_code=OTHER_CITIZEN))
    other_service = await send(stack, key=LIMITED_KEY)
    await stack.drain()

    assert refusal(other_debtor)[:2] == refusal(other_service)[:2] == (409, DUPLICATE)
    assert "another debtor" in other_debtor.body["detail"]
    assert "Another service" in other_service.body["detail"]
    assert not await inbox(stack, OTHER_CITIZEN)
    assert len(await inbox(stack)) == 1


async def test_a_notice_that_a_message_asks_for_already_is_held(stack: Stack) -> None:
    """It would be the second to tell of one payment."""
    await stack.deliver(content={"payment_data": a_payment(notice_number=NUMBER)})

    reply = await send(stack)
    await stack.drain()

    assert refusal(reply)[:2] == (409, DUPLICATE)
    assert not await is_number_taken(stack)
    assert len(await inbox(stack)) == 1


@pytest.mark.parametrize("outcome", ["PAID", "CANCELLED"])
async def test_what_is_closed_is_not_sent(stack: Stack, outcome: str) -> None:
    """PagoPA told first: no message at all."""
    await tell(stack, outcome)

    reply = await send(stack)
    await stack.drain()

    assert refusal(reply)[:2] == (409, CLOSED)
    assert reply.body["payment_status"] == outcome
    assert not await inbox(stack)


async def test_what_was_taken_back_is_sent(stack: Stack) -> None:
    """A payment that was reversed is to be paid."""
    await tell(stack, "REVERSED")

    assert (await send(stack)).status == 201


CHANGES: dict[str, Any] = {
    "amount_cents": 9000,
    "due_date": "2027-07-01",
    "subject": "Tassa sui rifiuti, nuova",
    "description": "Importo corretto.",
    "invalid_after_due_date": True,
}


async def by_put(stack: Stack) -> Reply:
    """Amend as the endpoint for it does."""
    return await amend(stack, an_amendment(**CHANGES))


async def by_post(stack: Stack) -> Reply:
    """Send another notice of the number."""
    return await send(stack, a_notice(**CHANGES))


@pytest.mark.parametrize("way", [by_put, by_post])
@pytest.mark.parametrize("fanned_out", [False, True])
async def test_an_amendment_changes_the_message(stack: Stack, way: Any, fanned_out: bool) -> None:
    """In place, before its fan-out or after it; the payment asks for the same, nobody is nagged."""
    id_ = (await send(stack)).body["message_id"]
    if fanned_out:
        await stack.drain()
    stack.clock.advance(timedelta(minutes=1))

    reply = await way(stack)
    await stack.drain()

    assert reply.status == 200
    assert (reply.body["message_id"], reply.body["version"]) == (id_, 2)
    assert set(reply.body["changed"]) == CHANGES.keys()
    (listed,) = await inbox(stack)
    due, at = "2027-07-01T21:59:59.000Z", timestamp(START + timedelta(minutes=1))
    assert (listed["amount"], listed["due_date"]) == (9000, due)
    assert (listed["message_title"], listed["amended_at"]) == (CHANGES["subject"], [at])
    stored = await stored_message(stack, id_)
    assert stored.status == "PROCESSED"
    assert stored.content is not None
    assert stored.content.fields["due_date"] == due
    assert stored.content.fields["payment_data"]["amount"] == 9000
    markdown = await stored_markdown(stack, id_)
    assert "Importo corretto" in markdown
    assert "ha aggiornato questo avviso: 23 novembre 2026" in markdown
    payment = await stored_payment(stack, RPT_ID)
    assert (payment.amount, payment.due_date) == (9000, due)
    view = (await read(stack)).body
    assert view["amendments"] == [{"version": 2, "at": at, "changed": reply.body["changed"]}]
    assert len(stack.push.sent) == 1


async def test_an_amendment_and_the_fan_out_at_once(stack: Stack) -> None:
    """Whoever is first: message and payment say what was amended."""
    for one in range(20):
        notice = a_notice(notice_number=number(100 + one))
        id_ = (await send(stack, notice)).body["message_id"]
        (item,) = await take(stack.queue, MESSAGE_SUBMITTED)

        replies = await asyncio.gather(
            fan_out_message.consume(stack.app, item.text, last=False),
            send(stack, {**notice, "amount_cents": 9000}),
            fan_out_message.consume(stack.app, item.text, last=False),
        )
        await stack.queue.delete(MESSAGE_SUBMITTED, item)
        await stack.drain()

        assert replies[1].status == 200
        stored = await stored_message(stack, id_)
        assert (stored.status, stored.amount) == ("PROCESSED", 9000)
        assert (await stored_payment(stack, replies[1].body["rpt_id"])).amount == 9000


async def test_a_fan_out_that_read_before_the_amendment_does_not_undo_it(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It joins the payment with the amount it read: the newer version's stays."""
    id_ = (await send(stack)).body["message_id"]
    messages = stack.app.repositories.messages
    get, stale = messages.get, [await messages.get(CITIZEN, id_)]
    await amend(stack, an_amendment(amount_cents=9000))

    async def late(fiscal_code: str, id_: str) -> Message:
        return stale.pop() if stale else await get(fiscal_code, id_)

    monkeypatch.setattr(messages, "get", late)
    with pytest.raises(UnavailableError):
        await stack.app.messages.fan_out(submitted(id_))

    payment = await stored_payment(stack, RPT_ID)
    assert (payment.amount, payment.notice_version) == (9000, 2)
    assert [one.message_id for one in payment.carriers] == [id_]


async def test_amendments_have_an_order(stack: Stack) -> None:
    """One of an old version is refused, unless it is what the notice says already."""
    await send(stack)
    first = await amend(stack, an_amendment(1, amount_cents=9000))
    lost = await amend(stack, an_amendment(1, amount_cents=9000))
    stale = await amend(stack, an_amendment(1, amount_cents=9500))
    ahead = await amend(stack, an_amendment(7, amount_cents=9500))

    assert (first.status, first.body["version"]) == (200, 2)
    assert (lost.status, lost.body["version"]) == (200, 2)
    assert "changed" not in lost.body
    assert refusal(stale) == (409, "Conflict", "Version 1 is not the latest, which is 2.")
    assert refusal(ahead)[:2] == (409, "Conflict")
    assert (await read(stack)).body["amount_cents"] == 9000


async def test_amendments_at_once_are_one_after_the_other(stack: Stack) -> None:
    """Of those of one version one wins; the message says what the notice says."""
    id_ = (await send(stack)).body["message_id"]
    await stack.drain()

    amounts = [9000 + one for one in range(8)]
    replies = await asyncio.gather(
        *(amend(stack, an_amendment(amount_cents=amount)) for amount in amounts)
    )

    assert sorted(reply.status for reply in replies) == [200] + [409] * 7
    amount = (await read(stack)).body["amount_cents"]
    assert amount in amounts
    assert (await stored_message(stack, id_)).amount == amount
    assert (await stored_payment(stack, RPT_ID)).amount == amount


async def test_the_list_of_amendments_is_bounded(stack: Stack) -> None:
    """The last ten, and the version counts on."""
    await send(stack)
    for version in range(1, 13):
        await amend(stack, an_amendment(version, amount_cents=9000 + version))
    await stack.drain()

    view = (await read(stack)).body
    assert [one["version"] for one in view["amendments"]] == list(range(4, 14))
    (listed,) = await inbox(stack)
    assert len(listed["amended_at"]) == 10


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"due_date": "2026-11-22"}, "/due_date"),
        ({"due_date": "2099-12-31"}, "/due_date"),
        ({"due_date": None}, "/due_date"),
        ({"amount_cents": 1_000_001}, "/amount_cents"),
        ({"subject": "short"}, "/subject"),
    ],
)
async def test_an_amendment_keeps_the_rules(
    stack: Stack, changes: dict[str, Any], pointer: str
) -> None:
    """As a new notice does; nothing changes."""
    await send(stack)

    reply = await amend(stack, an_amendment(**changes))

    assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, pointer)
    assert (await read(stack)).body["version"] == 1


async def test_words_change_after_the_due_date(stack: Stack) -> None:
    """A due date that stays may be past."""
    await send(stack)
    stack.clock.advance(timedelta(days=300))

    reply = await amend(stack, an_amendment(description="Ora scaduta."))

    assert (reply.status, reply.body["changed"]) == (200, ["description"])


async def test_an_amendment_is_told_to_the_planner(stack: Stack) -> None:
    """By citizen and message, after all is written; the same again tells it again."""
    told: list[tuple[str, str, int | None]] = []

    async def replan(fiscal_code: str, message_id: str) -> None:
        amount = (await stored_message(stack, message_id)).amount
        told.append((fiscal_code, message_id, amount))

    id_ = (await send(stack)).body["message_id"]
    stack.app.payment_notices.apply.replan = replan
    await amend(stack, an_amendment(amount_cents=9000))
    await amend(stack, an_amendment(amount_cents=9000))

    assert told == [(CITIZEN, id_, 9000)] * 2


async def test_a_rejected_message_is_not_amended(stack: Stack) -> None:
    """It stays as it was rejected, for its sender alone."""
    id_ = (await send(stack, a_notice(fiscal_code="INBOFF00A00A000A"))).body["message_id"]
    await stack.drain()

    reply = await amend(stack, an_amendment(amount_cents=9000))

    assert (reply.status, reply.body["status"]) == (200, "REJECTED")
    stored = await stored_message(stack, id_, "INBOFF00A00A000A")
    assert stored.payment is not None
    assert stored.payment.amount == 8450
    assert stored.amount is None


@pytest.mark.parametrize("fanned_out", [False, True])
async def test_a_cancelled_notice(stack: Stack, fanned_out: bool) -> None:
    """Its message says so; again it stays so; nothing is sent or changed after."""
    id_ = (await send(stack)).body["message_id"]
    if fanned_out:
        await stack.drain()

    first = await cancel(stack)
    await stack.drain()
    stack.clock.advance(timedelta(minutes=5))
    again = await cancel(stack)
    await stack.drain()

    assert (first.status, again.status) == (200, 200)
    assert first.body["payment_status"] == again.body["payment_status"] == "CANCELLED"
    assert first.body["cancelled_at"] == again.body["cancelled_at"] == timestamp(START)
    assert (await stored_message(stack, id_)).payment_status == "CANCELLED"
    event = (await stored_payment(stack, RPT_ID)).event
    assert event is not None
    assert (event.outcome, event.source) == ("CANCELLED", SERVICE_ID)
    for reply in (await send(stack), await amend(stack, an_amendment(amount_cents=1))):
        assert refusal(reply)[:2] == (409, CLOSED)
        assert reply.body["payment_status"] == "CANCELLED"


async def test_what_is_paid_is_not_changed_or_cancelled(stack: Stack) -> None:
    """409 that says so."""
    await send(stack)
    await stack.drain()
    await tell(stack)

    replies = [
        await amend(stack, an_amendment(amount_cents=9000)),
        await send(stack, a_notice(amount_cents=9000)),
        await cancel(stack),
    ]

    assert {refusal(reply)[:2] for reply in replies} == {(409, CLOSED)}
    assert {reply.body["payment_status"] for reply in replies} == {"PAID"}
    assert (await read(stack)).body["amount_cents"] == 8450


async def test_a_cancelled_notice_stays_cancelled_when_its_payment_is_forgotten(
    stack: Stack,
) -> None:
    """No message carried it: the payment goes after 90 days, the notice does not."""
    await send(stack, a_notice(fiscal_code="INBOFF00A00A000A"))
    await stack.drain()
    await cancel(stack)
    stack.clock.advance(timedelta(days=91))

    assert not await is_payment_known(stack, RPT_ID)
    assert (await read(stack)).body["payment_status"] == "CANCELLED"


async def test_notices_are_their_service_s(stack: Stack) -> None:
    """To another service, and under no number, there is none."""
    await send(stack)

    replies = [
        await read(stack, key=LIMITED_KEY),
        await amend(stack, an_amendment(), key=LIMITED_KEY),
        await cancel(stack, key=LIMITED_KEY),
        await read(stack, PAYEE + number(2)),
    ]

    assert {refusal(reply)[:2] for reply in replies} == {(404, "Payment notice not found")}


@pytest.mark.parametrize(
    ("sent", "pointer", "detail"),
    [
        ({"instalment": []}, "/instalment", "unknown field: did you mean instalments?"),
        ({"fiscalcode": "x"}, "/fiscalcode", "unknown field"),
        ({"xyz": 1}, "/xyz", "unknown field"),
    ],
)
async def test_unknown_fields_are_refused(
    stack: Stack, sent: dict[str, Any], pointer: str, detail: str
) -> None:
    """A misspelt name would send a notice without what it was to have: nothing is sent."""
    reply = await send(stack, a_notice(**sent))

    assert refusal(reply)[:2] == (400, "Invalid PaymentNotice")
    assert reply.body["errors"] == [{"pointer": pointer, "detail": detail}]


async def test_the_payment_may_be_made_at_once(stack: Stack) -> None:
    """Paid between acceptance and fan-out: the message says so as it comes."""
    id_ = (await send(stack)).body["message_id"]
    await tell(stack)
    await stack.drain()

    stored = await stored_message(stack, id_)
    assert (stored.status, stored.payment_status) == ("PROCESSED", "PAID")
