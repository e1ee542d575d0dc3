"""A letter as HTML, with its style in each element, and as plain text."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Letter:
    """What it says, from the top. `facts`, `links` and `button`: a label, and a text or address."""

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> str:
        """The HTML; all that is put in is escaped."""
        written = _environment().get_template("letter.html.jinja").render(letter=self)
        return _inliner().inline(written)

    @property
    def text(self) -> str:
        """The same as plain text."""
        return _environment().get_template("letter.txt.jinja").render(letter=self)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(("html.jinja",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _inliner() -> CSSInliner:
    return CSSInliner(load_remote_stylesheets=False)
