"""Answers requests that no endpoint takes: web pages, OPTIONS, wrong methods, unknown paths.

Azure's host would answer them with an empty 404. It tries the routes in the order of the functions'
names (Azure/azure-functions-host#9876), so the name of this function must come after all others.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

import azure.functions as func

from functions.http.contract import cross_origin, problems
from functions.http.contract.endpoint import UNREAD_BODY_LIMIT, AnyEndpoint, refusal_response
from functions.http.pages.web_files import WebFiles
from lib.composition.app import App

_PARAMETER: Final = re.compile(r"{\w+}")
_SEGMENT: Final = "[^/]+"
_PATH: Final = "/{*path}"


@dataclass(frozen=True)
class Elsewhere:
    """The function for requests that no endpoint takes.

    `endpoints`: all endpoints of the app. `files`: the web pages, which are no endpoints, so that
    neither documents nor clients of the API know of them.
    """

    endpoints: tuple[AnyEndpoint, ...]
    name: str = "zz_elsewhere"
    files: WebFiles = field(default_factory=WebFiles)

    @cached_property
    def _paths(self) -> Mapping[re.Pattern[str], tuple[AnyEndpoint, ...]]:
        found: dict[re.Pattern[str], tuple[AnyEndpoint, ...]] = {}
        for endpoint in self.endpoints:
            pattern = _pattern(endpoint)
            found[pattern] = (*found.get(pattern, ()), endpoint)
        return found

    @property
    def entry(self) -> dict[str, Any]:
        """The entry of the function in functions/index.json: every path and every method."""
        return {
            "name": self.name,
            "route": _PATH.removeprefix("/"),
            "body_limit": UNREAD_BODY_LIMIT,
        }

    async def respond(self, request: func.HttpRequest, app: App) -> func.HttpResponse:
        """Answer one request."""
        with app.telemetry.request(self.name, request.method, _PATH, request.headers) as run:
            answer = self.answer(request, is_sandbox=app.settings.sandbox)
            run.answered(answer.status_code)
            return answer

    def answer(self, request: func.HttpRequest, *, is_sandbox: bool = False) -> func.HttpResponse:
        """Return the answer to a request: a web page, 204, 404 or 405."""
        whole, headers = urlsplit(request.url).path, request.headers
        path = whole.rstrip("/")
        matches = [pattern for pattern in self._paths if pattern.fullmatch(path)]
        # the path with the fewest parameters, as the platform chooses
        closest = min(matches, key=lambda one: one.pattern.count(_SEGMENT), default=None)
        endpoints = self._paths[closest] if closest else ()
        if not endpoints:
            page = None
            if request.method in {"GET", "HEAD"}:
                page = self.files.answer(whole, headers, is_sandbox=is_sandbox)
            return page or refusal_response(problems.no_endpoint(), {})
        allowed = _methods(endpoints)
        tags = {endpoint.tag for endpoint in endpoints}
        if request.method == "OPTIONS":
            return func.HttpResponse(
                status_code=204,
                headers={
                    "Allow": ", ".join(allowed),
                    **cross_origin.for_preflight(tags, headers, allowed),
                },
            )
        of_all: dict[str, str] = {}
        for tag in tags:
            of_all.update(cross_origin.for_answer(tag, headers))
        return refusal_response(problems.wrong_method(request.method, allowed), of_all)


def _pattern(endpoint: AnyEndpoint) -> re.Pattern[str]:
    """Return a pattern that matches a path as the platform does.

    The case of letters does not matter, and a parameter is one segment, or the rest of the path.
    """
    path = endpoint.path.replace(".", r"\.")
    if endpoint.takes_rest:
        path = f"{path.rpartition('{')[0]}.+"
    return re.compile(_PARAMETER.sub(_SEGMENT, path), re.IGNORECASE)


def _methods(endpoints: Iterable[AnyEndpoint]) -> tuple[str, ...]:
    methods = (method.value for endpoint in endpoints for method in endpoint.methods)
    return (*dict.fromkeys(methods), "OPTIONS")
