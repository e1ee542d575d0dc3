"""Columns that look like those of a payment, and that neither a payment nor the text uses."""

from typing import Final

import pytest

from tests.functions.batches.batch_calls import (
    CITIZENS,
    CONTENT,
    ask,
    checked,
    make,
    state,
    upload,
    with_citizens,
)
from tests.stack import Stack

DOUBT: Final = "UNUSED_PAYMENT_COLUMNS"


@pytest.mark.parametrize(
    "heading",
    [
        *("Numero dell'avviso", "Totale importo", "Data scadenza", "Rata", "Rata unica", "IUV"),
        *("Prima rata", "Notice no.", "Total amount", "Due", "due by 1", "rata3", "Instalments"),
    ],
)
async def test_the_check_asks_and_sending_waits_for_the_answer(stack: Stack, heading: str) -> None:
    """No letter goes out without its payment before its sender says so."""
    await with_citizens(stack)
    id_ = await checked(stack, [[CITIZENS[0], "84,50"]], header=("cf", heading))
    check = (await state(stack, id_))["check"]
    assert check["doubts"] == [DOUBT]
    assert check["source"]["unused_payment_columns"] == [heading]
    refused = await ask(stack, "send_batch", id_)
    assert refused.status == 409
    assert DOUBT in refused.body["detail"]
    assert (await ask(stack, "send_batch", id_, {"accept_doubts": True})).status == 202


@pytest.mark.parametrize(
    "heading", ["Indirizzo due", "Operatore", "Cortesia", "Cameratata", "Residue", "Ratafià", ""]
)
async def test_another_column_is_no_doubt(stack: Stack, heading: str) -> None:
    """A list may have columns that the text does not use."""
    await with_citizens(stack)
    id_ = await checked(stack, [[CITIZENS[0], "x"]], header=("cf", heading))
    check = (await state(stack, id_))["check"]
    assert check["doubts"] == []
    assert check["source"]["unused_payment_columns"] == []


async def test_a_column_of_the_text_is_no_doubt(stack: Stack) -> None:
    """The text may speak of a sum that is no payment."""
    await with_citizens(stack)
    text = {**CONTENT, "markdown": f"{{{{ totale_importo }}}} {CONTENT['markdown']}"}
    id_ = await checked(
        stack, [[CITIZENS[0], "84,50"]], header=("cf", "Totale importo"), content=text
    )
    assert (await state(stack, id_))["check"]["doubts"] == []


async def test_a_member_of_json_counts_as_a_column(stack: Stack) -> None:
    """The forms of a list have the same rules."""
    await with_citizens(stack)
    id_ = await make(stack)
    row = f'{{"fiscal_code": "{CITIZENS[0]}", "totale_importo": "84,50"}}\n'
    assert (await upload(stack, id_, row.encode(), "application/x-ndjson")).status == 202
    await stack.drain()
    assert (await state(stack, id_))["check"]["doubts"] == [DOUBT]
