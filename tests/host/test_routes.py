"""Routes of the local host: ASP.NET's templates and precedence."""

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
        ("/a/7", "a/{id:int}", {"id": "7"}),
        ("/a/x", "a/{name}", {"name": "x"}),
        ("/a/x%20y%2Fz", "a/{name}", {"name": "x y%2Fz"}),
        ("/a/7/c", "a/{name}/c", {"name": "7"}),
        ("/a", "{*rest}", {"rest": "a"}),
        ("/a/b/c/d", "{*rest}", {"rest": "a/b/c/d"}),
        ("/", "{*rest}", {}),
        ("/o", "o/{id?}", {}),
        ("/o/1", "o/{id?}", {"id": "1"}),
        ("/d", "d/{page=1}", {"page": "1"}),
        ("/f/a.b.json", "f/{name}.{kind}", {"name": "a", "kind": "b.json"}),
    ],
)
def test_the_most_literal_route_wins(path: str, template: str, values: dict[str, str]) -> None:
    """Literal, then constrained, then any parameter, then the catch-all."""
    routes = router(
        "{*rest}", "a/{name}", "a/{id:int}", "a/b", "a/{name}/c", "o/{id?}", "d/{page=1}",
        "f/{name}.{kind}",
    )  # fmt: skip
    match = routes.find("GET", path)
    assert match is not None
    assert (match.endpoint, match.values) == (template, values)


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        ("int", ["0", "-5", "2147483647"], ["x", "2147483648", "1.5", ""]),
        ("long", ["9223372036854775807"], ["9223372036854775808", "x"]),
        ("bool", ["true", "FALSE"], ["1"]),
        ("guid", ["2f9b1bc1-9a3f-4b5e-8d0f-0a9f00000000"], ["2f9b"]),
        ("alpha", ["abC"], ["a1"]),
        ("decimal", ["1.5", "-2"], ["x"]),
        ("datetime", ["2026-11-23", "2026-11-23T10:00:00Z"], ["soon"]),
        ("min(3)", ["3"], ["2", "x"]),
        ("max(3)", ["3"], ["4"]),
        ("range(2,3)", ["2", "3"], ["1", "4"]),
        ("minlength(2)", ["ab"], ["a"]),
        ("maxlength(2)", ["ab"], ["abc"]),
        ("length(2)", ["ab"], ["a", "abc"]),
        ("length(2,3)", ["ab", "abc"], ["a", "abcd"]),
        (r"regex(^\d{{2}}-(a|b)$)", ["12-a"], ["1-a", "12-c"]),
        ("int:min(1)", ["1"], ["0"]),
    ],
)
def test_constraints(constraint: str, good: list[str], bad: list[str]) -> None:
    """Each of Azure's constraints takes what it should and refuses the rest with a 404."""
    routes = router(f"x/{{v:{constraint}}}")
    assert all(routes.find("GET", f"/x/{value}") is not None for value in good)
    assert all(routes.find("GET", f"/x/{value}") is None for value in bad)


def test_methods_share_a_route() -> None:
    """Another method on the same path is another endpoint; one that nobody takes is a 404."""
    routes: Router[str] = Router()
    routes.add("a/{id}", ["get"], "read")
    routes.add("a/{id}", ["PUT"], "write")
    routes.add("b", None, "any")
    found = [routes.find(method, "/a/1") for method in ("GET", "PUT", "DELETE")]
    assert [match and match.endpoint for match in found] == ["read", "write", None]
    assert routes.find("TRACE", "/b") is not None


@pytest.mark.parametrize("template", ["{id:nope}", "a/{id", "{}", "{id:min(x)}"])
def test_wrong_templates_are_refused(template: str) -> None:
    """A template Azure would refuse stops the start."""
    with pytest.raises(ValueError, match=r"."):
        router(template)
