"""The page on which a citizen chooses an identity provider, without style or script."""

from dataclasses import dataclass

from lib.rendering.templates import render


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """A provider's name, and the address that goes on with it."""

    name: str
    url: str


def provider_page(heading: str, question: str, links: tuple[ProviderLink, ...]) -> str:
    """Return the page as HTML. All texts are escaped."""
    return render(
        "pages/templates/provider_page.html.jinja", heading=heading, question=question, links=links
    )
