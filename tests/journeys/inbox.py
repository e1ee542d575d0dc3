"""The inbox as the citizen's app reads it, for the journeys."""

from typing import Any

from tests.journeys.support import Journeys


def listed(journeys: Journeys, token: str, **query: object) -> dict[str, Any]:
    """Return a page of the inbox."""
    answer = journeys.as_citizen("GET", token=token, params={k: str(v) for k, v in query.items()})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def ids(page: dict[str, Any]) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in page["items"]]
