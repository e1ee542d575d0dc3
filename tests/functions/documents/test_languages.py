"""Papers are in Italian and in the language of their citizen."""

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.documents import page
from tests.builders.profiles import with_profile
from tests.functions.documents.document_calls import payable
from tests.stack import Stack


@pytest.mark.parametrize(
    ("chosen", "asked", "said"),
    [
        (["it_IT"], None, None),
        (["de_DE", "it_IT"], None, "Wo bezahlen?"),
        (["lld_IT"], None, None),
        (["de_DE"], "sl_SI", "Kje plačati?"),
        (["de_DE"], "it_IT", None),
    ],
)
async def test_a_notice_is_in_two_languages(
    stack: Stack, chosen: list[str], asked: str | None, said: str | None
) -> None:
    """The citizen's first language stands beside Italian; the call may name another."""
    await with_profile(stack, languages=chosen)
    id_ = await payable(stack)
    query = {} if asked is None else {"language": asked}

    reply = await stack.call("read_payment_notice", path={"id": id_}, query=query, citizen=CITIZEN)

    text, _ = page(reply.body)
    assert "Dove pagare" in text
    assert (said in text) if said else (" / " not in text)


async def test_a_calendar_entry_is_in_the_citizen_s_language(stack: Stack) -> None:
    """A language that does not exist is refused."""
    await with_profile(stack, languages=["sl_SI"])
    id_ = await payable(stack)

    entry = await stack.call("read_calendar_entry", path={"id": id_}, citizen=CITIZEN)
    wrong = await stack.call(
        "read_calendar_entry", path={"id": id_}, query={"language": "sl"}, citizen=CITIZEN
    )

    assert b"SUMMARY:Rok: Tassa sui rifiuti" in entry.body
    assert wrong.status == 400
