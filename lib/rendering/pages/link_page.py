"""The page that a link in an e-mail opens, in several languages, without style or script."""

from dataclasses import dataclass

from lib.rendering.templates import render


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a page in one language.

    `button`: the label of a form that POSTs to the link. `link`: label and address of another page.
    """

    language: str
    heading: str
    lines: tuple[str, ...] = ()
    button: str | None = None
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A page with one section for each language. The first section gives the page's language."""

    sections: tuple[Section, ...]

    @property
    def html(self) -> str:
        """Return the page as HTML. All texts are escaped."""
        return render("pages/templates/link_page.html.jinja", sections=self.sections)
