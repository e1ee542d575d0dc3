"""Answers requests that no endpoint takes: OPTIONS, wrong methods, unknown paths.

Azure's host would answer with an empty 404. Its routes are tried in the order of the functions'
names (Azure/azure-functions-host#9876), so the name of this one must come after all others.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import urlsplit

import azure.functions as func

from functions.http.contract import cross_origin, problems
from functions.http.contract.endpoint import AnyEndpoint, refused
from lib.composition.app import App

_PARAMETER: Final = re.compile(r"{\w+}")
_PATH: Final = "/{*path}"


@dataclass(frozen=True)
class Elsewhere:
    """The last function of the app; `endpoints` are all others that answer HTTP."""

    endpoints: tuple[AnyEndpoint, ...]
    name: str = "zz_elsewhere"

    @cached_property
    def _paths(self) -> Mapping[re.Pattern[str], tuple[AnyEndpoint, ...]]:
        found: dict[str, tuple[AnyEndpoint, ...]] = {}
        for endpoint in self.endpoints:
            found[endpoint.path] = (*found.get(endpoint.path, ()), endpoint)
        return {_pattern(path): endpoints for path, endpoints in found.items()}

    def register(self, functions: func.FunctionApp, app: App) -> None:
        """Add the HTTP trigger to the Functions app: every path, every method."""

        async def handle(req: func.HttpRequest) -> func.HttpResponse:
            with app.telemetry.request(self.name, req.method, _PATH, req.headers) as run:
                answer = self.respond(req)
                run.answered(answer.status_code)
                return answer

        handle.__name__ = self.name
        functions.function_name(self.name)(
            functions.route(route=_PATH.removeprefix("/"), auth_level=func.AuthLevel.ANONYMOUS)(
                handle
            )
        )

    def respond(self, request: func.HttpRequest) -> func.HttpResponse:
        """Answer one request: 204, 404 or 405."""
        path, headers = urlsplit(request.url).path.rstrip("/"), request.headers
        there = next((found for known, found in self._paths.items() if known.fullmatch(path)), ())
        if not there:
            return refused(problems.no_endpoint())
        allowed = _methods(there)
        tags = {endpoint.tag for endpoint in there}
        if request.method == "OPTIONS":
            return func.HttpResponse(
                status_code=204,
                headers={
                    "Allow": ", ".join(allowed),
                    **cross_origin.for_preflight(tags, headers, allowed),
                },
            )
        answer = refused(problems.wrong_method(request.method, allowed))
        for tag in tags:
            answer.headers.update(cross_origin.for_answer(tag, headers))
        return answer


def _pattern(path: str) -> re.Pattern[str]:
    """Match a path as the platform does: letters of either case, a parameter within a segment."""
    return re.compile(_PARAMETER.sub("[^/]+", path.replace(".", r"\.")), re.IGNORECASE)


def _methods(endpoints: Iterable[AnyEndpoint]) -> tuple[str, ...]:
    return (*(method.value for endpoint in endpoints for method in endpoint.methods), "OPTIONS")
