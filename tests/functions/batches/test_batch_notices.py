"""A row with instalments becomes a payment notice, as a single submission does."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.builders.altered import without_notice_fields
from tests.builders.payment_notices import inbox, read, send, tell
from tests.builders.profiles import with_new_profile
from tests.functions.batches.batch_calls import CONTENT, LETTER, TEXT, sent, table, with_citizens
from tests.functions.batches.notice_rows import (
    FIRST,
    HEADER,
    LIST,
    OF_FIRST_PART,
    OF_SECOND_PART,
    RPT_ID,
    in_parts,
    opened,
    results,
    single,
)
from tests.functions.payment_notices.in_parts import IN_MAY, until
from tests.functions.statistics.support import counted
from tests.stack import Stack
from tests.stored import (
    next_reminder,
    stored_instalment,
    stored_message,
    stored_notice,
    stored_payment,
)

MORNING: Final = IN_MAY + timedelta(hours=12)
"""After the night in which the second instalment is thirty days ahead."""


class Shown(NamedTuple):
    """What the sender, the citizen and the payments show of a notice, without ids and times."""

    view: dict[str, Any]
    item: dict[str, Any]
    content: dict[str, Any]
    payments: list[tuple[int | None, str | None, int]]
    reminder: str


async def shown(stack: Stack, rpt_id: str) -> Shown:
    """Read all that is shown of the only notice of the first citizen."""
    view = (await read(stack, rpt_id)).body
    (item,) = await inbox(stack, FIRST)
    assert item["id"] == view["message_id"]
    content = await opened(stack, item["id"])
    payments = [await stored_payment(stack, one) for one in (rpt_id, OF_SECOND_PART)]
    reminder = await next_reminder(stack, item["id"], FIRST)
    for volatile in ("message_id", "id", "created_at"):
        for one in (view, item, *view["instalments"]):
            one.pop(volatile, None)
    terms = [(one.amount, one.due_date, one.notice_version) for one in payments]
    return Shown(view, item, content, terms, reminder.due_at[:13])


@pytest.mark.parametrize("whole", [True, False])
async def test_a_row_is_shown_as_a_single_notice(
    stack: Stack, tmp_path: Path, *, whole: bool
) -> None:
    """All but the text is the same: sums, due dates, numbers, payments and plans."""
    await with_citizens(stack)
    rpt_id = RPT_ID if whole else OF_FIRST_PART
    id_ = await sent(stack, [in_parts(whole=whole)], header=HEADER)
    assert await results(stack, id_) == [("SENT", "")]
    (one,) = await table(stack, "read_batch_results_file", id_)
    assert one["message_id"] == (await stored_notice(stack, rpt_id)).message_id
    of_row = await shown(stack, rpt_id)

    alone = Stack(tmp_path / "alone")
    await alone.start()
    await with_citizens(alone)
    assert (await send(alone, single(whole=whole))).status == 201
    await alone.drain()
    expected = await shown(alone, rpt_id)
    await alone.app.close()
    text = of_row.content.pop("markdown")
    assert text == f"{TEXT}\n\n{expected.content.pop('markdown')}"
    assert LIST in text
    assert of_row == expected


async def test_an_instalment_is_paid_and_the_next_one_comes(stack: Stack) -> None:
    """The notice is PARTLY_PAID; the later instalment is a message with the text and reminders."""
    await with_citizens(stack)
    id_ = await sent(stack, [in_parts()], header=HEADER, content=LETTER | {"markdown": TEXT})
    (result,) = await table(stack, "read_batch_results_file", id_)
    await tell(stack, rpt_id=OF_FIRST_PART)
    await stack.drain()
    view = (await read(stack, RPT_ID)).body
    assert view["payment_status"] == "PARTLY_PAID"
    assert [one["payment_status"] for one in view["instalments"]] == ["PAID", "NOT_PAID"]
    assert await counted(stack) == {"REACHED": 1}

    await until(stack, MORNING)
    await stack.tick()
    second, first = await inbox(stack, FIRST)
    assert first["id"] == result["message_id"]
    assert second["category"] == {"tag": "PAYMENT", "rptId": OF_SECOND_PART}
    text = (await opened(stack, second["id"]))["markdown"]
    assert text.startswith(TEXT)
    assert "È la rata 2 di 2." in text
    assert (await next_reminder(stack, second["id"], FIRST)).message_id == second["id"]
    sent_messages = (await stack.call("list_sent_messages")).body["items"]
    assert {one["id"] for one in sent_messages} == {first["id"], second["id"]}


async def test_a_row_has_its_own_text_and_reference(stack: Stack) -> None:
    """Placeholders of instalments keep their values."""
    await with_citizens(stack)
    text = "Gentile {{ nome }}, paghi {{ importo_1 }} euro, e altre {{ instalments }} rate. "
    id_ = await sent(
        stack,
        [[*in_parts(), "Mario", "TARI-1"]],
        header=(*HEADER, "nome", "riferimento"),
        content={"subject": "Rate di {{ nome }}, 2027", "markdown": text + TEXT},
    )
    (one,) = await table(stack, "read_batch_results_file", id_)
    content = await opened(stack, one["message_id"])
    assert content["subject"] == "Rate di Mario, 2027"
    assert content["markdown"].startswith("Gentile Mario, paghi 42\\,25 euro, e altre 2 rate. ")
    view = (await read(stack, RPT_ID)).body
    assert (view["subject"], view["reference"]) == ("Rate di Mario, 2027", "TARI-1")


async def test_the_settings_of_a_batch_hold_for_each_instalment(stack: Stack) -> None:
    """Time to live, feature level, secure channels and reminders."""
    await with_citizens(stack)
    reminders = {"days": [20]}
    await sent(
        stack,
        [in_parts()],
        header=HEADER,
        time_to_live=7200,
        require_secure_channels=True,
        feature_level_type="ADVANCED",
        reminders=reminders,
    )
    await until(stack, MORNING)
    await stack.tick()
    found = [await stored_message(stack, one["id"], FIRST) for one in await inbox(stack, FIRST)]
    assert len(found) == 2
    assert {one.time_to_live for one in found} == {7200}
    assert {one.is_secure for one in found} == {True}
    assert {one.feature_level for one in found} == {"ADVANCED"}
    assert [one.reminders.policy_fields for one in found] == [reminders] * 2


@pytest.mark.parametrize(
    ("preferred", "letter", "phrase"),
    [("en_GB", "Dear citizen", "entro"), ("fr_FR", "È disponibile", "entro")],
)
async def test_a_notice_is_in_its_citizen_s_language(
    stack: Stack, preferred: str, letter: str, phrase: str
) -> None:
    """The text in a language of the template, and Recapito's words in the citizen's own."""
    await with_new_profile(stack, FIRST, preferred_languages=[preferred])
    english = {"subject": "Waste tax of 2027", "markdown": f"Dear citizen, {TEXT}"}
    content = {**CONTENT, "variants": {"en_GB": english}}
    await sent(stack, [in_parts()], header=HEADER, content=content)
    view = (await read(stack, RPT_ID)).body
    text = (await opened(stack, view["message_id"]))["markdown"]
    assert text.startswith(letter)
    assert phrase not in text.removeprefix(letter).replace(TEXT, "")
    message = await stored_message(stack, view["message_id"], FIRST)
    assert message.language == preferred


async def test_a_notice_that_an_earlier_version_stored(stack: Stack) -> None:
    """It has neither a text in Markdown nor settings."""
    await with_citizens(stack)
    await send(stack, single())
    await without_notice_fields(stack, RPT_ID, "markdown", "settings")
    notice = await stored_notice(stack, RPT_ID)
    assert (notice.markdown, notice.settings) == (None, {})
    assert (await stored_instalment(stack, OF_SECOND_PART)).of == RPT_ID
    await stack.drain()
    (item,) = await inbox(stack, FIRST)
    assert LIST in (await opened(stack, item["id"]))["markdown"]
