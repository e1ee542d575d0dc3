"""Calls about templates."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from recapito.decoding import decode, encode
from recapito.models.batches import Text
from recapito.models.templates import ListedTemplate, Preview, Template
from recapito.transport import Transport

_PATH = "/api/v1/templates"


class Templates:
    """Save, read, delete and preview templates of messages."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> tuple[ListedTemplate, ...]:
        """Read the list of templates, by their names."""
        found = self._transport.call("GET", _PATH)
        return tuple(decode(ListedTemplate, one) for one in found["items"])

    def save(
        self,
        name: str,
        text: Text,
        *,
        variants: Mapping[str, Text] | None = None,
        if_match: str | None = None,
    ) -> Template:
        """Create a template, or a new version of it.

        `if_match`: the `tag` of the template that you read; Conflict if it has changed since.
        """
        headers = {"If-Match": if_match} if if_match else {}
        body = encode({**encode(text), "variants": variants})
        return decode(Template, self._transport.call("PUT", _of(name), body, headers=headers))

    def read(self, name: str, version: int | None = None) -> Template:
        """Read a template, or an earlier version of it."""
        return decode(
            Template, self._transport.call("GET", _of(name), query=encode({"version": version}))
        )

    def delete(self, name: str) -> None:
        """Delete a template; its versions can still be read."""
        self._transport.call("DELETE", _of(name))

    def preview(self, name: str, values: Mapping[str, Any], language: str = "it_IT") -> Preview:
        """Show the message that a row of values gives."""
        body = {"values": dict(values), "language": language}
        path = f"{_of(name)}/preview"
        return decode(Preview, self._transport.call("POST", path, body, repeats=True))


def _of(name: str) -> str:
    return f"{_PATH}/{quote(name, safe='')}"
