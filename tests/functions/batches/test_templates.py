"""A service keeps templates, with all of their versions."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from lib.domain.batches.templates.template import MAX_TEMPLATES, MAX_VERSIONS
from tests.functions.batches.template_calls import (
    TEXT,
    a_body,
    delete,
    in_german,
    listed,
    preview,
    read,
    save,
)
from tests.stack import Stack, refusal


async def test_a_template_is_created_and_read(stack: Stack) -> None:
    """The answer has all names in it, and tells which of them each row needs."""
    reply = await save(stack, variants=in_german())

    assert (reply.status, reply.headers["ETag"]) == (201, '"1"')
    assert reply.headers["Location"] == "/api/v1/templates/tari"
    assert reply.body == {
        **a_body(variants=in_german()),
        "name": "tari",
        "version": 1,
        "created_at": "2026-11-23T09:00:00.000Z",
        "changed_at": "2026-11-23T09:00:00.000Z",
        "placeholders": [
            {"name": "anno", "is_needed": True},
            {"name": "indirizzo", "is_needed": True},
            {"name": "nome", "is_needed": True},
        ],
        "warnings": [],
    }
    again = await read(stack)
    assert (again.status, again.body, again.headers["ETag"]) == (200, reply.body, '"1"')


async def test_each_change_is_a_version(stack: Stack) -> None:
    """Every version can be read; the latest one is the template."""
    await save(stack)
    stack.clock.advance(timedelta(hours=1))
    changed = await save(stack, subject="Tassa sui rifiuti, anno {{ anno }}")

    times = (changed.body["created_at"], changed.body["changed_at"])
    assert times == ("2026-11-23T09:00:00.000Z", "2026-11-23T10:00:00.000Z")
    assert (changed.status, changed.body["version"], changed.headers["ETag"]) == (200, 2, '"2"')
    assert (await read(stack)).body == changed.body
    assert (await read(stack, version=2)).body == changed.body
    first = (await read(stack, version=1)).body
    assert (first["version"], first["subject"]) == (1, "Tassa sui rifiuti {{ anno }}")
    assert (await read(stack, version=3)).status == 404


async def test_the_same_text_is_no_version(stack: Stack) -> None:
    """A request whose answer was lost can be repeated, also with the tag of the version before."""
    await save(stack)
    changed = await save(stack, markdown=f"{TEXT}Grazie.", tag='"1"')
    again = await save(stack, markdown=f"{TEXT}Grazie.", tag='"1"')

    assert (again.status, again.body) == (200, changed.body)
    assert again.body["version"] == 2


async def test_a_change_of_a_changed_template_is_refused(stack: Stack) -> None:
    """If-Match names the version that was read; without it, or with *, the last change counts."""
    await save(stack)
    await save(stack, subject="Tassa sui rifiuti del {{ anno }}")

    for tag in ('"1"', '"x"'):
        refused = await save(stack, subject="Un terzo oggetto", tag=tag)
        assert refusal(refused)[:2] == (412, "Precondition failed")
    assert (await save(stack, "altro", tag='"1"')).status == 412
    assert (await save(stack, subject="Un terzo oggetto", tag="*")).body["version"] == 3
    assert (await save(stack, subject="Un quarto oggetto", tag='"3"')).body["version"] == 4
    assert (await save(stack, tag="3")).status == 400


async def test_changes_at_the_same_time_are_all_kept(stack: Stack) -> None:
    """Each of them is a version of its own."""
    subjects = [f"Tassa sui rifiuti {one}" for one in range(6)]

    replies = await asyncio.gather(*(save(stack, subject=subject) for subject in subjects))

    assert sorted(one.status for one in replies) == [200] * 5 + [201]
    assert sorted(one.body["version"] for one in replies) == [1, 2, 3, 4, 5, 6]
    versions = [(await read(stack, version=number)).body for number in range(1, 7)]
    assert sorted(one["subject"] for one in versions) == subjects


async def test_of_two_changes_of_one_version_one_is_refused(stack: Stack) -> None:
    """No change is lost without a word."""
    await save(stack)

    replies = await asyncio.gather(
        *(save(stack, subject=f"Tassa sui rifiuti {one}", tag='"1"') for one in range(4))
    )

    assert sorted(one.status for one in replies) == [200, 412, 412, 412]


async def test_a_deleted_template_is_gone(stack: Stack) -> None:
    """Its versions can be read by their numbers, and no number is used twice."""
    await save(stack)
    await save(stack, "altro")

    assert [await delete(stack), await delete(stack)] == [204, 204]

    assert await listed(stack) == ["altro"]
    assert (await read(stack)).status == (await preview(stack)).status == 404
    assert (await read(stack, version=1)).status == 200
    assert (await save(stack, tag='"1"')).status == 412
    again = await save(stack)
    assert (again.status, again.body["version"]) == (201, 2)
    assert await listed(stack) == ["altro", "tari"]
    assert await delete(stack, "ignoto") == 404


async def test_the_list_has_each_template_once(stack: Stack) -> None:
    """By name, with the latest version."""
    await save(stack, "tari")
    await save(stack, "mensa", variants=in_german())
    await save(stack, "mensa", subject="Mensa scolastica {{ anno }}")

    body = (await stack.call("list_templates")).body

    assert body["items"] == [
        {
            "name": "mensa",
            "version": 2,
            "subject": "Mensa scolastica {{ anno }}",
            "languages": ["it_IT"],
            "changed_at": "2026-11-23T09:00:00.000Z",
        },
        {
            "name": "tari",
            "version": 1,
            "subject": "Tassa sui rifiuti {{ anno }}",
            "languages": ["it_IT"],
            "changed_at": "2026-11-23T09:00:00.000Z",
        },
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"subject": ""}, "/subject", "must be 1 to 500"),
        ({"subject": "uno\ndue"}, "/subject", "must be one line"),
        ({"subject": "{{ nome"}, "/subject", "line 1, column 1: {{ nome: must end in }}"),
        ({"markdown": "a\n {{ a b }}"}, "/markdown", "line 2, column 2: {{ a b }}: a name has no"),
        ({"markdown": "x" * 15_001}, "/markdown", "must be 1 to 15000"),
        ({"markdown": "troppo breve"}, "/markdown", "must be 80 to 10000"),
        ({"variants": {"de_CH": {}}}, "/variants/de_CH", "unknown field: did you mean de_DE?"),
        ({"variants": {"de_DE": {}}}, "/variants/de_DE/subject", "is required"),
        ({"variants": None}, "/variants", "must be an object"),
        ({"markdwn": "x"}, "/markdwn", "unknown field"),
    ],
)
async def test_a_wrong_template_is_refused(
    stack: Stack, changes: dict[str, Any], pointer: str, detail: str
) -> None:
    """The refusal names the field, and the line and the column in its text."""
    reply = await save(stack, **changes)

    assert reply.status == 400
    errors = {one["pointer"]: one["detail"] for one in reply.body["errors"]}
    assert errors[pointer].startswith(detail), errors
    assert await listed(stack) == []


@pytest.mark.parametrize("name", ["", "TARI", "-a", "a-", "a b", "x" * 65, "a~1", "è", "a.b"])
async def test_a_wrong_name_is_refused(stack: Stack, name: str) -> None:
    """A name is a part of the path."""
    assert (await save(stack, name)).status == 400


async def test_a_probable_mistake_is_told(stack: Stack) -> None:
    """The template is saved all the same."""
    reply = await save(stack, markdown=f"{TEXT}{{anno}}")

    assert reply.status == 201
    (warning,) = reply.body["warnings"]
    assert warning["pointer"] == "/markdown"
    assert warning["detail"].startswith("{anno} is plain text")


async def test_a_service_has_a_limited_number_of_templates(stack: Stack) -> None:
    """A deleted one makes room; versions have a limit as well."""
    for number in range(MAX_TEMPLATES):
        assert (await save(stack, f"t{number}")).status == 201
    refused = await save(stack)
    assert refusal(refused)[:2] == (400, "Too many templates")
    assert (await save(stack, "t0", subject="Un altro oggetto")).status == 200
    await delete(stack, "t1")
    assert (await save(stack)).status == 201


async def test_a_template_has_a_limited_number_of_versions(stack: Stack) -> None:
    """Its name is used up then."""
    for number in range(MAX_VERSIONS):
        reply = await save(stack, subject=f"Oggetto del messaggio {number}")
    assert reply.body["version"] == MAX_VERSIONS

    refused = await save(stack)

    assert refusal(refused)[:2] == (400, "Too many templates")
    assert "use a new name" in refused.body["detail"]
