"""Requests that no endpoint answers, and requests from web pages."""

import json
import re
from collections.abc import Mapping

import azure.functions as func
import pytest

from functions.declared import ELSEWHERE, ENDPOINTS
from functions.http.contract.endpoint import AnyEndpoint
from infra.local.sandbox.seed import CITIZEN
from tests.builders.messages import a_message
from tests.stack import Stack

FROM_A_PAGE = {"origin": "https://ente.example"}
PREFLIGHT = {
    **FROM_A_PAGE,
    "access-control-request-method": "GET",
    "access-control-request-headers": "authorization,ocp-apim-subscription-key",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE")


def ask(method: str, path: str, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
    """Call the function that answers where no endpoint does."""
    url = f"http://127.0.0.1:7071{path}"
    return ELSEWHERE.answer(func.HttpRequest(method, url, headers=headers or {}, body=b""))


def filled(endpoint: AnyEndpoint) -> str:
    """Return a path of the endpoint, with its parameters filled in."""
    path = endpoint.path
    for name in endpoint.parameters:
        path = path.replace(f"{{{name}}}", "A-1.b")
    return path


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1", "/api/v1/messages/a/b/c/d", "/API"])
@pytest.mark.parametrize("method", [*METHODS, "OPTIONS"])
def test_an_unknown_path_gets_404_in_both_forms(method: str, path: str) -> None:
    """An unknown path gets the gateway's 404 and a problem in one body."""
    answer = ask(method, path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.get_body()) == {
        "statusCode": 404,
        "message": "Resource not found",
        "title": "Not found",
        "status": 404,
        "detail": "Resource not found",
        "errors": [
            {
                "pointer": "#/path",
                "code": "INVALID",
                "detail": "is not a path of this API; see /openapi.json",
            }
        ],
    }


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_a_wrong_method_gets_405_with_the_right_ones(endpoint: AnyEndpoint) -> None:
    """Each path gets 405 for each method that it does not have."""
    path = filled(endpoint)
    right = {
        method.value
        for one in ENDPOINTS
        if re.sub(r"{\w+}", "{}", one.path) == re.sub(r"{\w+}", "{}", endpoint.path)
        for method in one.methods
    }
    for method in METHODS:
        if method in right:
            continue
        answer = ask(method, f"{path}?q=1")
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == right | {"OPTIONS"}
        problem = json.loads(answer.get_body())
        assert problem["status"] == problem["statusCode"] == 405
        assert problem["detail"] == problem["message"]
        assert method in problem["detail"]
        assert endpoint.method in problem["detail"]


def test_paths_are_known_in_either_case_and_with_a_slash_at_the_end() -> None:
    """Paths are read as the platform's router reads them."""
    for path in ("/api/v1/messages/", "/API/v1/Messages"):
        assert ask("DELETE", path).status_code == 405


def test_a_long_method_is_not_repeated_whole() -> None:
    """A method that the caller made up is cut in the answer."""
    assert len(json.loads(ask("X" * 5000, "/api/v1/messages").get_body())["detail"]) < 200


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: one.name)
def test_options_is_answered_and_admits_pages_where_io_does(endpoint: AnyEndpoint) -> None:
    """The APIs of senders and citizens admit web pages without credentials; others admit none."""
    plain, preflight = ask("OPTIONS", filled(endpoint)), ask("OPTIONS", filled(endpoint), PREFLIGHT)

    for answer in (plain, preflight):
        assert (answer.status_code, answer.get_body()) == (204, b"")
        assert endpoint.method in answer.headers["allow"]
        assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in plain.headers
    if endpoint.tag not in {"sender", "citizen"}:
        assert "access-control-allow-origin" not in preflight.headers
        return
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert endpoint.method in preflight.headers["access-control-allow-methods"]
    named = preflight.headers["access-control-allow-headers"].lower().split(", ")
    assert {"*", "authorization", "ocp-apim-subscription-key", *endpoint.headers} <= set(named)


async def test_pages_may_read_answers_and_refusals(stack: Stack) -> None:
    """Every answer of the APIs of senders and citizens may be read by a web page."""
    for reply in (
        await stack.call("submit_message", a_message(), headers=FROM_A_PAGE),
        await stack.call("submit_message", {}, headers=FROM_A_PAGE),
        await stack.call("submit_message", a_message(), key="nobody's", headers=FROM_A_PAGE),
        await stack.call("list_inbox", citizen=CITIZEN, headers=FROM_A_PAGE),
    ):
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
        assert reply.headers["Access-Control-Expose-Headers"] == "*"
        assert "Access-Control-Allow-Credentials" not in reply.headers
    assert ask("PATCH", "/api/v1/messages", FROM_A_PAGE).headers["access-control-allow-origin"]


async def test_pages_read_nothing_else(stack: Stack) -> None:
    """No answer to pagoPA's side or to operators may be read by a web page."""
    for reply in (
        await stack.call("submit_message", a_message()),
        await stack.call("read_openapi", headers=FROM_A_PAGE),
        await stack.call("update_payments", {}, headers=FROM_A_PAGE),
        await stack.call("show_unsubscribe", path={"token": "x"}, headers=FROM_A_PAGE),
    ):
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, identity"])
async def test_a_compressed_body_is_refused(stack: Stack, encoding: str) -> None:
    """A compressed body gets 415, and is not unpacked."""
    reply = await stack.call("submit_message", a_message(), headers={"content-encoding": encoding})

    assert (reply.status, reply.body["title"]) == (415, "Unsupported media type")
    assert "Content-Encoding" in reply.body["detail"]
    assert reply.headers["Accept-Encoding"] == "identity"


async def test_a_body_that_is_called_unchanged_is_read(stack: Stack) -> None:
    """A body with the encoding `identity` is accepted."""
    reply = await stack.call(
        "submit_message", a_message(), headers={"content-encoding": "Identity"}
    )

    assert reply.status == 201
