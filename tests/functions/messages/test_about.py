"""A message may say whom or what it is about, beside its recipient."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders import payment_notices
from tests.builders.messages import WITH_WARNINGS, a_message
from tests.builders.profiles import OTHER_CITIZEN, with_profile
from tests.functions.batches.batch_calls import CONTENT, sent
from tests.functions.messages.inbox_calls import page
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack

CHILD = {"kind": "PERSON", "label": "Luca, scuola Pascoli", "identifier": "BNCLCU15C41H501K"}
KEPT = CHILD | {"identifier": "BNCLCU**********"}
CAR = {"kind": "VEHICLE", "label": "Panda", "identifier": "AB123CD"}


async def test_the_citizen_reads_whom_it_is_about_and_the_code_is_forgotten(
    stack: Stack, tmp_path: Path
) -> None:
    """List and message say it, and no table or file has the child's fiscal code."""
    id_ = await stack.deliver(about=CHILD)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]
    assert item["about"] == KEPT
    assert "about" not in (await page(stack))["items"][0]
    read = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )
    assert read.body["about"] == KEPT
    assert "about" not in read.body["content"]
    assert not places_of(tmp_path, CHILD["identifier"])


async def test_its_sender_reads_it_on_request(stack: Stack) -> None:
    """Without the header the answer has IO's members alone."""
    path = {"fiscal_code": CITIZEN, "id": await stack.deliver(about=CAR)}

    plain = await stack.call("read_sent_message", path=path)
    asked = await stack.call("read_sent_message", path=path, headers={"Prefer": "include=about"})

    assert "about" not in plain.body
    assert asked.body["about"] == CAR


async def test_the_inbox_is_narrowed_by_kind_and_searched_by_words(stack: Stack) -> None:
    """The filter finds a kind; the words of a search find label and identifier."""
    car, child = await stack.deliver(about=CAR), await stack.deliver(about=CHILD)
    await stack.deliver()

    found = await page(stack, about="VEHICLE")
    assert [one["id"] for one in found["items"]] == [car]
    for words, ids in (("panda", [car]), ("ab123", [car]), ("pascoli", [child]), ("15c41", [])):
        reply = await stack.call("search_inbox", {"filter": {"q": words}}, citizen=CITIZEN)
        assert [one["id"] for one in reply.body["items"]] == ids, words


@pytest.mark.parametrize(
    ("about", "pointer"),
    [
        (CHILD | {"identifier": "01234567890"}, "/about/identifier"),
        (CAR | {"identifier": "ab 123"}, "/about/identifier"),
        ({"kind": "COMPANY", "label": "Bianchi", "identifier": "123"}, "/about/identifier"),
        ({"kind": "PROPERTY", "label": "Casa", "identifier": "H501"}, "/about/identifier"),
        (CAR | {"kind": "BOAT"}, "/about/kind"),
        (CAR | {"label": "due\nrighe"}, "/about/label"),
        ({"kind": "VEHICLE"}, "/about/label"),
    ],
)
async def test_an_identifier_has_the_form_of_its_kind(
    stack: Stack, about: dict[str, Any], pointer: str
) -> None:
    """A refusal names the place, for a message and for a payment notice."""
    notice = payment_notices.a_notice(about=about)
    for reply in (
        await stack.call("submit_message", a_message(about=about)),
        await stack.call("submit_payment_notice", notice),
    ):
        assert reply.status == 400
        assert [one["pointer"] for one in reply.body["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (CHILD | {"identifier": CITIZEN}, "is the recipient"),
        (CHILD | {"identifier": "BNCLCU15C41H501A"}, "check character"),
        ({"kind": "COMPANY", "label": "Bianchi", "identifier": "00488410011"}, "check digit"),
        (KEPT, None),
        ({"kind": "PROPERTY", "label": "Casa", "identifier": "H501/12/345/6"}, None),
    ],
)
async def test_a_probable_mistake_gives_a_warning(
    stack: Stack, about: dict[str, str], words: str | None
) -> None:
    """A mistyped code, and a message about its recipient."""
    reply = await stack.call("submit_message", a_message(about=about), headers=WITH_WARNINGS)

    assert reply.status == 201
    told = [one["detail"] for one in reply.body.get("warnings", ())]
    assert len(told) == (words is not None)
    assert words is None or words in told[0]


async def test_a_row_of_a_batch_and_a_payment_notice_say_it_too(stack: Stack) -> None:
    """Three columns say it for each row."""
    header = ("cf", "about_kind", "about_label", "about_identifier")
    await with_profile(stack, OTHER_CITIZEN)
    await sent(
        stack,
        [(CITIZEN, *CHILD.values()), (OTHER_CITIZEN, "", "", "")],
        header=header,
        content=CONTENT,
    )
    (item,) = (await page(stack, enrich_result_data="true"))["items"]
    assert item["about"] == KEPT
    other = await stack.call(
        "list_inbox", query={"enrich_result_data": "true"}, citizen=OTHER_CITIZEN
    )
    assert "about" not in other.body["items"][0]

    assert (await payment_notices.send(stack, payment_notices.a_notice(about=CAR))).status == 201
    await stack.drain()
    newest = (await page(stack, enrich_result_data="true"))["items"][0]
    assert newest["about"] == CAR
