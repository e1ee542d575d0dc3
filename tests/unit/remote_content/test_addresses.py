"""The address of an attachment is below that of its message."""

import re
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.remote_content.addresses import attachment_path, listed_path, message_address

SEGMENTS = st.sampled_from(
    [
        *("a", ".", "..", "%2e", "%2E%2e", "%252e.", "", "\\", "..\\..", "è", "%", "a%2Fb"),
        *("..%2f", " ", "..;", ".%2e;a=b", "a;b"),
    ]
)


@given(st.lists(SEGMENTS, min_size=1, max_size=6), st.sampled_from(["", "x=1", "x=%2e&y"]))
@settings(max_examples=200)
def test_no_path_leads_out_of_its_message(segments: list[str], query: str) -> None:
    """However often a host decodes it, whichever slashes it knows, with parameters or without."""
    found = attachment_path("/".join(segments), query)
    if found is None:
        return
    address = message_address("https://a.example/io/", "m/1") + found
    parts = urlsplit(address)

    assert (parts.scheme, parts.netloc, parts.query) == ("https", "a.example", query)
    path = parts.path
    for _ in range(4):
        for plain in (path, re.sub(";[^/\\\\]*", "", path)):
            assert normpath(plain.replace("\\", "/")).startswith(
                ("/io/messages/m%2F1", "/io/messages/m/1")
            )
        path = unquote(path)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("allegati/1.pdf", "/allegati/1.pdf"),
        ("/uno%20due.pdf?sig=a%2Bb", "/uno%20due.pdf?sig=a%2Bb"),
        ("perché.pdf", "/perch%C3%A9.pdf"),
        ("", None),
        ("?x=1", None),
        ("../1.pdf", None),
        ("..;/..;x=1/1.pdf", None),
        ("a;b=1/1.pdf", "/a;b=1/1.pdf"),
        ("1.pdf?a b", None),
        ("1.pdf?a#b", None),
        ("1.pdf?" + "x" * 2048, None),
    ],
)
def test_the_url_of_a_list_is_read_as_the_app_sends_it(url: str, path: str | None) -> None:
    """A test of a configuration asks for the same address as the app."""
    assert listed_path(url) == path
