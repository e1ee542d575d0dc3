"""An e-mail as HTML, with the style in each element, and as plain text."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from lib.rendering.templates import render

_TEMPLATES: Final = "email/templates"


@dataclass(frozen=True, slots=True)
class EmailBody:
    """The content of an e-mail, from top to bottom.

    `facts`, `links` and `button`: a label, and a text or an address. `beside`: the same in a second
    language, which stands below.
    """

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    beside: "EmailBody | None" = None

    @property
    def parts(self) -> "tuple[EmailBody, ...]":
        """The content in each language."""
        return (self,) if self.beside is None else (self, self.beside)

    @property
    def html(self) -> str:
        """Return the e-mail as HTML. All texts are escaped."""
        inlined: str = _inliner().inline(render(f"{_TEMPLATES}/email.html.jinja", email=self))
        return inlined

    @property
    def text(self) -> str:
        """Return the e-mail as plain text."""
        return render(f"{_TEMPLATES}/email.txt.jinja", email=self)


@cache
def _inliner() -> Any:
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False)
