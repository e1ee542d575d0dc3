"""A preview shows the message of a row, and all that is wrong with it."""

from typing import Any

import pytest

from tests.functions.batches.template_calls import (
    TEXT,
    VALUES,
    a_body,
    in_german,
    listed,
    preview,
    preview_text,
    save,
)
from tests.stack import Stack


async def test_a_preview_is_the_message_of_the_row(stack: Stack) -> None:
    """With the values of the row as they will show."""
    await save(stack)

    reply = await preview(stack, values={**VALUES, "nome": "D'Angelo *", "Anno": 2028})

    assert reply.status == 200
    assert reply.body == {
        "version": 1,
        "language": "it_IT",
        "subject": "Tassa sui rifiuti 2028",
        "markdown": "Gentile D\\'Angelo \\*,\n\necco l'avviso della tassa sui rifiuti per "
        "l'immobile di Via Roma 12.\n",
        "warnings": [],
    }


async def test_a_preview_is_in_the_language_of_the_citizen(stack: Stack) -> None:
    """In Italian, where the template does not have it."""
    await save(stack, variants=in_german())

    german = (await preview(stack, language="de_DE")).body
    french = (await preview(stack, language="fr_FR")).body

    assert (german["language"], german["subject"]) == ("de_DE", "Abfallgebühr 2027")
    assert (french["language"], french["subject"]) == ("it_IT", "Tassa sui rifiuti 2027")


async def test_values_of_the_row_have_their_names(stack: Stack) -> None:
    """As in a list of recipients, in Italian or in English."""
    await save(stack, markdown=f"{TEXT}{{{{ importo | euro }}}}, {{{{ due_date_2 | date }}}}")

    values = {**VALUES, "amount": 8450, "Scadenza 2": "30/06/2027", "reference": "2027/1"}
    body = (await preview(stack, values=values)).body

    assert body["markdown"].endswith("\n84\\,50\xa0€, 30 giugno 2027")
    assert body["warnings"] == []


async def test_faults_of_the_row_are_warnings(stack: Stack) -> None:
    """Each names the value as it was sent, or the text."""
    text = "{{ nome }} {{ importo | euro }} {{ cognome }}"
    await save(stack, subject="{{ nome }}", markdown=text)

    body = (await preview(stack, values={"Importo": "1.234", "a/b": 1})).body
    short = (await preview(stack, values={"nome": "a", "cognome": "b", "importo": 1})).body

    told = {one["pointer"]: one["detail"] for one in body["warnings"]}
    assert told == {
        "/values/nome": "is missing or empty, and the template needs it",
        "/values/cognome": "is missing or empty, and the template needs it",
        "/values/Importo": "may be thousands or decimals: write 1234,00 or 1,23",
        "/values/a~1b": "is not in the template",
    }
    assert body["subject"] == "{{ nome }}"
    assert [one["code"] for one in body["warnings"]] == [
        "VALUE_MISSING",
        "NOT_AN_AMOUNT",
        "VALUE_MISSING",
        "NOT_IN_TEMPLATE",
    ]
    assert {one["code"] for one in short["warnings"]} == {"WRONG_LENGTH"}
    assert [one["detail"] for one in short["warnings"]] == [
        "the subject of the message must be 10 to 120 UTF-16 code units long, is 1",
        "the markdown of the message must be 80 to 10000 UTF-16 code units long, is 11",
    ]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"values": {"nome": True}}, "/values/nome"),
        ({"values": {"nome": None}}, "/values/nome"),
        ({"values": {"nome": ["a"]}}, "/values/nome"),
        ({"values": ["a"]}, "/values"),
        ({"values": {str(one): one for one in range(101)}}, "/values"),
        ({"values": {"x" * 101: "a"}}, "/values"),
        ({"language": "de_CH"}, "/language"),
        ({"values": {}, "other": {}}, "/other"),
    ],
)
async def test_a_wrong_preview_is_refused(stack: Stack, body: dict[str, Any], pointer: str) -> None:
    """The refusal names the field."""
    await save(stack)

    reply = await preview(stack, **body)

    assert reply.status == 400
    assert any(one["pointer"].startswith(pointer) for one in reply.body["errors"]), reply.body


async def test_a_preview_of_an_unknown_template_is_404(stack: Stack) -> None:
    """The body of a template is no help."""
    assert a_body()
    assert (await preview(stack, "ignoto")).status == 404


async def test_a_text_has_the_preview_of_its_template(stack: Stack) -> None:
    """The same but for the version; and nothing is stored."""
    shown = await preview_text(stack, values={**VALUES, "altro": "x"}, language="de_DE")

    assert await listed(stack) == []
    await save(stack)
    stored = (await preview(stack, values={**VALUES, "altro": "x"}, language="de_DE")).body
    assert (shown.status, {"version": 1, **shown.body}) == (200, stored)


async def test_a_broken_text_has_no_preview(stack: Stack) -> None:
    """As it can be no template; its refusal names the place."""
    reply = await preview_text(stack, content=a_body(subject="{% if nome %}"))

    assert (reply.status, reply.body["title"]) == (400, "Invalid template")
    assert [one["pointer"] for one in reply.body["errors"]] == ["/subject"]
