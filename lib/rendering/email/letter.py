"""An e-mail as HTML, with the style in each element, and as plain text."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from lib.rendering.templates import render

_TEMPLATES: Final = "email/templates"


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail says, from the top.

    `facts`, `links` and `button`: a label, and a text or an address.
    """

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> str:
        """Return the letter as HTML. All texts are escaped."""
        inlined: str = _inliner().inline(render(f"{_TEMPLATES}/letter.html.jinja", letter=self))
        return inlined

    @property
    def text(self) -> str:
        """Return the letter as plain text."""
        return render(f"{_TEMPLATES}/letter.txt.jinja", letter=self)


@cache
def _inliner() -> Any:
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False)
