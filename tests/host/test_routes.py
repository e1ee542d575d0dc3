"""Routes of the local host: the segments that it supports, their precedence, and refusals."""

import pytest

from infra.local.http.routes import Router


def router(*templates: str) -> Router[str]:
    """Build a router whose endpoints are the templates themselves."""
    built: Router[str] = Router()
    for template in templates:
        built.add(template, ["GET"], template)
    return built


@pytest.mark.parametrize(
    ("path", "template", "values"),
    [
        ("/a/b", "a/b", {}),
        ("/A/B/", "a/b", {}),
        ("/a/x", "a/{name}", {"name": "x"}),
        ("/a/x%20y%2Fz", "a/{name}", {"name": "x y%2Fz"}),
        ("/a/7/c", "a/{other}/c", {"other": "7"}),
        ("/a/b/c", "a/{other}/c", {"other": "b"}),
        ("/a", "{*rest}", {"rest": "a"}),
        ("/a/b/c/d", "{*rest}", {"rest": "a/b/c/d"}),
        ("/a//c", "{*rest}", {"rest": "a//c"}),
        ("/", "{*rest}", {}),
        ("/o", "o/{*rest}", {}),
        ("/o/1/2", "o/{*rest}", {"rest": "1/2"}),
    ],
)
def test_the_most_literal_route_wins(path: str, template: str, values: dict[str, str]) -> None:
    """A literal segment wins over a parameter, and a parameter over the rest of the path."""
    routes = router("{*rest}", "a/{name}", "a/b", "a/{other}/c", "o/{*rest}")
    match = routes.find("GET", path)
    assert match is not None
    assert (match.endpoint, match.values) == (template, values)
    assert routes.find("GET", path) == match


def test_methods_share_a_route() -> None:
    """Each method of a path has its own endpoint; a method without one finds none."""
    routes: Router[str] = Router()
    routes.add("a/{id}", ["get"], "read")
    routes.add("a/{id}", ["PUT"], "write")
    routes.add("b", None, "any")
    found = [routes.find(method, "/a/1") for method in ("GET", "PUT", "DELETE")]
    assert [match and match.endpoint for match in found] == ["read", "write", None]
    assert routes.methods("/a/1") == {"GET", "PUT"}
    assert routes.find("TRACE", "/b") is not None


@pytest.mark.parametrize(
    "segment",
    ["{id:int}", "{id?}", "{id=1}", "{name}.{kind}", "v{version}", "{*rest}/more", "{id", "{}"],
)
def test_a_segment_that_the_app_does_not_use_is_refused(segment: str) -> None:
    """The message names the segment, and what may stand in its place."""
    with pytest.raises(ValueError, match=r"does not support the segment .* it supports"):
        router(f"a/{segment}")
