"""The text of a payment notice is in the citizen's language, which its sender may not learn."""

import pytest

from tests.builders.payment_notices import (
    a_notice,
    amend,
    an_amendment,
    number,
    read,
    send,
)
from tests.builders.payments import PAYEE
from tests.builders.profiles import OTHER_CITIZEN, with_new_profile, with_profile
from tests.stack import Stack
from tests.stored import (
    stored_markdown,
)


@pytest.mark.parametrize(
    ("citizen", "language", "says"),
    [
        ("RSSMRA80A01H501U", ["de_DE", "it_IT"], "**84,50\xa0€**.\n"),
        ("RSSMRA80A01H501U", ["en_GB"], "**€84.50**.\n"),
        ("RSSMRA80A01H501U", [], "ti chiede"),
    ],
)
async def test_a_notice_is_in_the_citizen_s_language(
    stack: Stack, citizen: str, language: list[str], says: str
) -> None:
    """The text is in the first language that the citizen chose, else in Italian."""
    await with_new_profile(stack, citizen, preferred_languages=language)

    id_ = (await send(stack, a_notice(fiscal_code=citizen))).body["message_id"]
    await stack.drain()

    assert says in await stored_markdown(stack, id_, citizen)
    assert (await read(stack)).body["language"] == (language or ["it_IT"])[0]


@pytest.mark.parametrize("citizen", ["BLOCKD00A00A000A", "INBOFF00A00A000A", OTHER_CITIZEN])
async def test_a_sender_learns_no_language_before_the_message_is_in_the_inbox(
    stack: Stack, citizen: str
) -> None:
    """A sender sees no language while the message is on its way or was rejected."""
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
    """An amended text has the citizen's language, also where it was amended before the delivery."""
    await with_new_profile(stack, preferred_languages=["de_DE"])
    id_ = (await send(stack)).body["message_id"]
    await amend(stack, an_amendment(amount_cents=100))
    await stack.drain()
    first = await stored_markdown(stack, id_)
    await amend(stack, an_amendment(2, amount_cents=200))
    second = await stored_markdown(stack, id_)

    assert "1,00\xa0€" in first
    assert "2,00\xa0€" in second
    assert "bittet" in first
    assert "bittet" in second
