"""Conditional requests (RFC 9110): the sender's host says if the copy of the app is still valid."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

_TAGS: Final = re.compile(r'\*|(W/)?"[!#-~]*"(\s*,\s*(W/)?"[!#-~]*")*')
_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT", re.ASCII
)
_MOST: Final = 1000
_CONDITIONS: Final = frozenset(("If-None-Match", "If-Modified-Since"))


class Validators(NamedTuple):
    """The names of a version at a host: its `ETag` and `Last-Modified`, "" if absent."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer to the app. Texts of another form are left out."""
        shown = {}
        if _fits(_TAGS, self.etag):
            shown["ETag"] = self.etag
        if _fits(_DATE, self.last_modified):
            shown["Last-Modified"] = self.last_modified
        return shown


def conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the conditions of an app's request, as headers for the host.

    `headers`: with lower-case names. A condition of another form is left out, so that the whole
    content comes.
    """
    passed = {}
    if _fits(_TAGS, tags := headers.get("if-none-match", "")):
        passed["If-None-Match"] = tags
    if _fits(_DATE, date := headers.get("if-modified-since", "")):
        passed["If-Modified-Since"] = date
    return passed


def is_conditional(headers: Mapping[str, str]) -> bool:
    """Tell whether a request to a host has one of these conditions."""
    return not _CONDITIONS.isdisjoint(headers)


def _fits(form: re.Pattern[str], text: str) -> bool:
    return len(text) <= _MOST and form.fullmatch(text) is not None
