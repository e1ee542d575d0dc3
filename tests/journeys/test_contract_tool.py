"""`make contract` holds the host against documents that are not its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.builders.remote_content import UNKNOWN_ID
from tests.conformance import __main__ as command
from tests.journeys.sdk.client import COMMONS, SDK, needs_node
from tests.journeys.support import Journeys

PROBLEM = {"description": "refused", "content": {"application/problem+json": {}}}
FLAGS = {"is_read": {"type": "boolean"}, "is_archived": {"type": "boolean"}}
DEFINITIONS: dict[str, Any] = {
    "Id": {"type": "string", "pattern": "^[0-9A-Z]{26}$"},
    "Flags": {"type": "object", "properties": FLAGS, "required": [*FLAGS]},
    "Reading": {
        "type": "object",
        "properties": {"change_type": {"enum": ["reading"]}, "is_read": {"enum": [True]}},
        "required": ["change_type", "is_read"],
    },
    "Archiving": {
        "type": "object",
        "properties": {"change_type": {"enum": ["archiving"]}, "is_archived": {"type": "boolean"}},
        "required": ["change_type", "is_archived"],
    },
    "Change": {
        "x-one-of": True,
        "allOf": [{"$ref": f"#/{name}"} for name in ("Reading", "Archiving")],
    },
    "Message": {
        "allOf": [
            {"$ref": "#/Flags"},
            {
                "type": "object",
                "properties": {"id": {"$ref": "#/Id"}, "message_title": {"type": "string"}},
                "required": ["id", "message_title"],
            },
        ]
    },
    "Page": {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"$ref": "#/Message"}}},
        "required": ["items"],
    },
}
pytestmark = pytest.mark.parametrize("journeys", ["embedded"], indirect=True)


def an_operation(schema: str, file: str = "definitions.yaml", **more: Any) -> dict[str, Any]:
    """Return an operation that answers with a definition of the file."""
    answer = {"description": "ok", "content": {"application/json": {"schema": _of(schema, file)}}}
    return {"responses": {"200": answer, "404": PROBLEM}, **more}


def _of(schema: str, file: str) -> dict[str, str]:
    return {"$ref": f"{file}#/{schema}"}


def a_document(folder: Path, **changed: Any) -> str:
    """Write a document of three of IO's paths, and its definitions, with changed definitions."""
    enriched = {"name": "enrich_result_data", "in": "query", "required": True}
    body = {"content": {"application/json": {"schema": _of("Change", "definitions.yaml")}}}
    id_ = {"name": "id", "in": "path", "required": True, "schema": _of("Id", "definitions.yaml")}
    paths = {
        "/messages": {
            "get": an_operation("Page", parameters=[{**enriched, "schema": {"enum": [True]}}])
        },
        "/messages/{id}": {
            "parameters": [id_],
            "get": an_operation(
                "Message",
                parameters=[
                    {
                        "name": "public_message",
                        "in": "query",
                        "required": True,
                        "schema": {"enum": [True]},
                    }
                ],
            ),
        },
        "/messages/{id}/status": {
            "parameters": [id_],
            "put": an_operation("Flags", requestBody=body),
        },
    }
    definitions = {**DEFINITIONS, **changed}
    (folder / "definitions.yaml").write_text(yaml.safe_dump(definitions))
    return written(folder, paths)


def written(folder: Path, paths: dict[str, Any]) -> str:
    """Write a document; return its path."""
    bearer = {"type": "apiKey", "in": "header", "name": "Authorization"}
    document = {
        "openapi": "3.0.2",
        "info": {"title": "An app's messages", "version": "1"},
        "servers": [{"url": "https://app.example.org/api/communication/v1"}],
        "security": [{"Bearer": []}],
        "components": {"securitySchemes": {"Bearer": bearer}},
        "paths": paths,
    }
    path = folder / "api.yaml"
    path.write_text(yaml.safe_dump(document))
    return str(path)


def judged(
    journeys: Journeys, capsys: pytest.CaptureFixture[str], spec: str, *more: str, base: str = ""
) -> tuple[int, list[str]]:
    """Run the tool on the document; return its exit status, and the lines that it prints."""
    base = f"{journeys.base}{base or '/api/communication/v1'}"
    status = command.main([spec, "--base", base, "--number", "2", *more])
    return status, capsys.readouterr().out.splitlines()


def test_a_right_document_passes(
    journeys: Journeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each operation has a success: the sandbox gives the token and the message's id."""
    status, lines = judged(journeys, capsys, a_document(tmp_path), "--complete")

    assert status == 0, lines
    assert lines[-1] == (
        "3 operations: 3 answered as the document says, 0 differ, 0 could not be called; "
        "3 got a success"
    )


def test_a_difference_is_found(
    journeys: Journeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The member and the rule are named, and the request; the exit status is 1."""
    flags = {**DEFINITIONS["Flags"], "required": [*FLAGS, "is_pinned"]}
    id_ = {"type": "string", "pattern": "^[0-9]+$", "example": "01"}

    status, lines = judged(journeys, capsys, a_document(tmp_path, Flags=flags, Id=id_))

    text = "\n".join(lines)
    assert status == 1
    assert "200: items[0].id: pattern: " in text
    assert '200: the body: required: "is_pinned" is a required property' in text
    assert "sent: PUT /api/communication/v1/messages/" in text
    assert lines[-1].startswith("3 operations: 0 answered as the document says, 3 differ, 0 could")


def test_what_cannot_be_called_is_told(
    journeys: Journeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither an unknown path nor a refused credential is a difference, nor a proof."""
    spec = written(tmp_path, {"/wonders": {"get": an_operation("Page", parameters=[])}})
    (tmp_path / "definitions.yaml").write_text(yaml.safe_dump(DEFINITIONS))

    status, lines = judged(journeys, capsys, spec)
    assert status == 2
    assert "the path is not served" in "\n".join(lines)

    status, lines = judged(
        journeys, capsys, a_document(tmp_path), "--headers", "Authorization: Bearer wrong"
    )
    assert status == 2
    assert "each credential is refused" in "\n".join(lines)
    assert lines[-1].endswith("3 could not be called; 0 got a success")


def test_given_values_come_first(
    journeys: Journeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An id that does not exist, for one part of the paths, in place of the sandbox's."""
    values = tmp_path / "values.yaml"
    values.write_text(f"messages/id: {UNKNOWN_ID}\n")

    status, lines = judged(journeys, capsys, a_document(tmp_path), "--values", str(values))

    assert status == 0
    assert lines[-1].endswith("2 could not be called; 1 got a success")


def test_without_a_base_a_host_is_started(
    journeys: Journeys,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It gets the path of the document's own server, and ends with the run."""
    ended = []

    @contextmanager
    def running(folder: Path, *, workers: int) -> Iterator[SimpleNamespace]:
        assert (folder.name, workers) == ("host", 1)
        yield SimpleNamespace(url=journeys.base)
        ended.append(folder)

    monkeypatch.setattr(command, "Server", running)

    assert command.main([a_document(tmp_path), "--number", "1", "--complete"]) == 0
    assert ended
    assert capsys.readouterr().out.endswith("3 got a success\n")


@needs_node
def test_io_s_types_of_the_app_pass(
    journeys: Journeys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document whose bodies are IO's own definitions, where they lie."""
    file = str(COMMONS / "openapi/definitions_v3.yaml")
    id_ = {"name": "id", "in": "path", "required": True, "schema": _of("Ulid", file)}
    change = {"content": {"application/json": {"schema": _of("MessageStatusChange", file)}}}
    paths = {
        "/communication/v1/messages": {
            "get": an_operation("PaginatedPublicMessagesCollection", file)
        },
        "/communication/v1/messages/{id}": {
            "parameters": [id_],
            "get": an_operation("CreatedMessageWithContentResponse", file),
        },
        "/communication/v1/messages/{id}/status": {
            "parameters": [id_],
            "put": an_operation("MessageStatusAttributes", file, requestBody=change),
        },
        "/v1/third-party-messages/{id}": {
            "parameters": [id_],
            "get": an_operation("ThirdPartyMessageWithContent", file),
        },
        "/v1/third-party-messages/{id}/precondition": {
            "parameters": [id_],
            "get": an_operation("ThirdPartyMessagePrecondition", file),
        },
        "/identity/v1/profile": {"get": an_operation("Profile", file)},
    }

    status, lines = judged(journeys, capsys, written(tmp_path, paths), "--complete", base="/api")

    assert status == 0, lines


@needs_node
def test_io_s_document_of_senders(journeys: Journeys, capsys: pytest.CaptureFixture[str]) -> None:
    """IO's client carries it (2.0): its operations answer as it says, but for one status.

    It declares no 400 for an activation, whose status it lets be any text.
    """
    status, lines = judged(journeys, capsys, str(SDK / "openapi.yaml"), base="/api/v1")

    assert [line.split()[1:] for line in lines if "not declared" in line or "differs" in line] == [
        ["PUT", "/activations/", "2", "x", "400"],
        ["not", "declared,", "only", "200,", "401,", "403,", "404,", "429,", "500"],
    ]
    assert status == 1
    assert lines[-1].startswith("27 operations: ")
    assert int(lines[-1].split()[-4]) >= 18, lines
