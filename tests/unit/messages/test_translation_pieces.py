"""A long text is translated in pieces."""

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.messages.words.translation import pieces_of

_MOST = 40


@given(st.lists(st.text("ab c.", max_size=90), max_size=8).map("\n\n".join))
def test_pieces_are_short_and_lose_no_word(text: str) -> None:
    """Spaces and line ends at the cuts are layout."""
    pieces = list(pieces_of(text, _MOST))

    assert all(0 < len(piece) <= _MOST for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
