"""Calls about templates."""

from typing import Any, Final

from infra.local.sandbox.seed import SENDER_KEY
from tests.stack import Reply, Stack

TEXT: Final = (
    "Gentile {{ nome | default('cittadino') }},\n\n"
    "ecco l'avviso della tassa sui rifiuti per l'immobile di {{ indirizzo }}.\n"
)
GERMAN: Final = (
    "Guten Tag {{ nome }},\n\ndie Rechnung für {{ indirizzo }} liegt bereit, zahlbar bis "
    "Monatsende.\n"
)
VALUES: Final = {"nome": "Anna", "indirizzo": "Via Roma 12", "anno": 2027}


def a_body(**changes: Any) -> dict[str, Any]:
    """Return the body of a template."""
    return {"subject": "Tassa sui rifiuti {{ anno }}", "markdown": TEXT, **changes}


def in_german() -> dict[str, Any]:
    """Return the German text of a template."""
    return {"de_DE": {"subject": "Abfallgebühr {{ anno }}", "markdown": GERMAN}}


async def save(
    stack: Stack, name: str = "tari", *, key: str = SENDER_KEY, tag: str | None = None, **body: Any
) -> Reply:
    """Save a template."""
    headers = {} if tag is None else {"if-match": tag}
    path = {"name": name}
    return await stack.call("save_template", a_body(**body), path=path, key=key, headers=headers)


async def read(
    stack: Stack, name: str = "tari", *, key: str = SENDER_KEY, version: int | None = None
) -> Reply:
    """Read a template."""
    query = {} if version is None else {"version": str(version)}
    return await stack.call("read_template", path={"name": name}, key=key, query=query)


async def listed(stack: Stack, key: str = SENDER_KEY) -> list[str]:
    """Return the names of the templates in the list."""
    reply = await stack.call("list_templates", key=key)
    assert reply.status == 200
    return [one["name"] for one in reply.body["items"]]


async def delete(stack: Stack, name: str = "tari", key: str = SENDER_KEY) -> int:
    """Delete a template, and return the status."""
    return (await stack.call("delete_template", path={"name": name}, key=key)).status


async def preview(stack: Stack, name: str = "tari", *, key: str = SENDER_KEY, **body: Any) -> Reply:
    """Preview a template."""
    return await stack.call(
        "preview_template", {"values": VALUES, **body}, path={"name": name}, key=key
    )


async def preview_text(stack: Stack, **body: Any) -> Reply:
    """Preview a text that is in the request."""
    return await stack.call("preview_text", {"content": a_body(), "values": VALUES, **body})
