"""The preference `wait` of the header Prefer (RFC 7240, section 4.3)."""

import pytest

from functions.http.contract.prefer import wanted_wait


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("wait=20", 20),
        (' Wait = "20" ; foo=1', 20),
        ("respond-async, wait=7", 7),
        ("wait=5, wait=9", 5),
        ("include=history, wait=0", 0),
        ("wait", 0),
        ("wait=soon", 0),
        ("wait=-1", 0),
        ("wait=1.5", 0),
        ("wait=\N{ARABIC-INDIC DIGIT FIVE}", 0),
        ("wait=99999999999999999999", 0),
        ("waiting=5", 0),
    ],
)
def test_the_seconds(prefer: str | None, seconds: int) -> None:
    """The first `wait` counts, and what is no number of seconds asks for none."""
    assert wanted_wait(prefer) == seconds
