"""The pages come from the origin of the API, with rules that the browser enforces."""

import pytest

from tests.host.host_process import HostProcess
from tests.web.browser import ON_A_PHONE, Watched

PAGES = ("/", "/inbox/", "/console/", "/docs/")


@ON_A_PHONE
@pytest.mark.parametrize("path", PAGES)
def test_each_app_shows_a_page(window: Watched, path: str) -> None:
    """It has one heading, no accessibility fault, and the reader's language; docs are English."""
    window.page.goto(path)
    window.page.get_by_role("heading", level=1).wait_for()

    language = window.page.locator("html").get_attribute("lang")
    assert language == ("en" if path == "/docs/" else "it")
    choices = window.page.get_by_label("Lingua").or_(window.page.get_by_label("Language"))
    assert choices.count() == (0 if path == "/docs/" else 1)
    window.check()


@pytest.mark.parametrize("path", [*PAGES, "/inbox/messages/unknown"])
def test_a_page_may_use_its_own_origin_alone(host: HostProcess, path: str) -> None:
    """No inline script or style runs, no other site frames it, and its address is asked again."""
    headers = dict(host.call("GET", path).headers)
    policy = headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/inbox/../../host.json",
        "/assets/%2e%2e/%2e%2e/host.json",
        "/assets/..%2f..%2fhost.json",
        "/assets/missing.js",
        "/inbox/missing.js",
        "/.built",
        "/inbox/index.html/x.js",
        "/assets/",
    ],
)
def test_nothing_outside_the_built_files_is_answered(host: HostProcess, path: str) -> None:
    """Neither is a page in place of a file that is missing."""
    assert host.call("GET", path).status == 404


def test_a_browser_keeps_what_has_not_changed(host: HostProcess) -> None:
    """A page is asked again with its tag; a compressed copy goes to who takes it."""
    plain = host.call("GET", "/inbox/")
    small = host.call("GET", "/inbox/", accept_encoding="gzip, br")
    tag = dict(plain.headers)["ETag"]

    assert host.call("GET", "/inbox/", if_none_match=tag).status == 304
    assert plain.body.startswith(b"<!doctype html>")
    assert len(small.body) <= len(plain.body)
    name = plain.body.partition(b'src="')[2].partition(b'"')[0].decode()
    script = host.call("GET", name, accept_encoding="gzip, deflate, br")
    assert dict(script.headers)["Content-Encoding"] == "br"
    assert "immutable" in dict(script.headers)["Cache-Control"]
