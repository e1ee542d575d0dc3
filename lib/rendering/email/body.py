"""An e-mail as HTML, with the style in each element, and as plain text.

The style of dark screens stays in the head, since elements have no style that asks for the screen.
Programs that know no such style show the light one, or invert its colours, which keeps contrast.
"""

import struct
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

from lib.ports.mailer import LOGO_ID
from lib.rendering.templates import render

_TEMPLATES: Final = "email/templates"


class EmailLogo(NamedTuple):
    """The logo of an organisation, with its width and height on a screen in pixels."""

    organization: str
    png: bytes
    width: int
    height: int

    @property
    def source(self) -> str:
        """The address of the picture inside the e-mail."""
        return f"cid:{LOGO_ID}"

    @classmethod
    def of(cls, organization: str, logo: bytes | None) -> "EmailLogo | None":
        """Return the prepared logo, if there is one."""
        if not logo:
            return None
        width, height = struct.unpack(">II", logo[16:24])  # of the PNG's first chunk
        # half its pixels, so that it is sharp on fine screens
        return cls(organization, logo, (width + 1) // 2, (height + 1) // 2)


@dataclass(frozen=True, slots=True)
class EmailBody:
    """The content of an e-mail, from top to bottom.

    `facts`, `links` and `button`: a label, and a text or an address. `beside`: the same in a second
    language, which stands below. `logo`: above the text.
    """

    language: str
    heading: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    footer: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    beside: "EmailBody | None" = None
    logo: EmailLogo | None = None

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

    return CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
