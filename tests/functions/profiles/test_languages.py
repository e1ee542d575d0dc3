"""A citizen chooses languages that IO does not have, and IO's clients read and write theirs."""

import pytest

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from tests.functions.profiles.profile_calls import read, update, updated
from tests.stack import Stack
from tests.stored import stored_profile

CHOSEN = ["sl_SI", "it_IT", "lld_IT"]


async def test_io_s_client_reads_the_languages_that_it_knows(stack: Stack) -> None:
    """`preferred_languages` has IO's languages alone, since IO's decoder refuses others."""
    shown = await updated(stack, languages=CHOSEN)

    assert (shown["preferred_languages"], shown["languages"]) == (["it_IT"], CHOSEN)
    assert (await stored_profile(stack, CITIZEN)).profile.language == "sl_SI"


async def test_io_s_client_writes_back_what_it_read(stack: Stack) -> None:
    """An update with the same `preferred_languages` keeps the others; another one removes them."""
    shown = await updated(stack, languages=CHOSEN)

    kept = await updated(
        stack,
        version=shown["version"],
        preferred_languages=shown["preferred_languages"],
        reminder_status="ENABLED",
    )
    dropped = await updated(stack, version=kept["version"], preferred_languages=["de_DE"])

    assert kept["languages"] == CHOSEN
    assert dropped["preferred_languages"] == ["de_DE"]
    assert "languages" not in dropped


@pytest.mark.parametrize("languages", [["sl_SI"], ["de_DE", "de_DE", "it_IT"], []])
async def test_the_languages_are_read_as_they_were_written(
    stack: Stack, languages: list[str]
) -> None:
    """`languages` is shown where it says more than `preferred_languages`."""
    await updated(stack, languages=languages)
    shown = await read(stack)

    distinct = list(dict.fromkeys(languages))
    assert (shown.get("languages") or shown["preferred_languages"]) == distinct
    assert shown["preferred_languages"] == [one for one in distinct if one != "sl_SI"]


async def test_io_s_own_field_takes_io_s_languages_alone(stack: Stack) -> None:
    """`preferred_languages` is IO's field."""
    reply = await update(stack, preferred_languages=["sl_SI"])

    assert reply.status == 400


async def test_a_sender_reads_all_languages_where_it_asks_for_them(stack: Stack) -> None:
    """IO's answer has IO's languages; the answers of Recapito have all."""
    await updated(stack, languages=CHOSEN)
    asked = {"fiscal_code": CITIZEN}

    plain = await stack.call("find_recipient", asked, key=SENDER_KEY)
    headers = {"prefer": "include=languages"}
    full = await stack.call("find_recipient", asked, key=SENDER_KEY, headers=headers)
    many = await stack.call("find_recipients", {"fiscal_codes": [CITIZEN]}, key=SENDER_KEY)

    assert plain.body == {"sender_allowed": True, "preferred_languages": ["it_IT"]}
    assert full.body == plain.body | {"languages": CHOSEN}
    assert many.body["recipients"][0]["preferred_languages"] == CHOSEN
