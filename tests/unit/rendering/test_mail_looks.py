"""The HTML of e-mails: style, tables, logo, and colours on light and dark screens."""

import email
import re
from dataclasses import replace
from email import policy
from importlib.resources import files
from pathlib import Path

import pytest

from lib.domain.profiles.choices import Language
from lib.ports.mailer import LOGO_ID
from lib.rendering.logo import prepared_logo
from tests.builders.documents import a_logo
from tests.unit.rendering.mails import (
    ABOUT,
    LANGUAGES,
    Seen,
    a_notice,
    written,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_simple_and_has_its_style_in_it(language: Language) -> None:
    """It has a language and inline style, and no script, picture or resource to fetch.

    Its one button opens the message; the other links end the e-mails.
    """
    mail = a_notice(language=language)
    seen = Seen(mail.html)

    assert not {"script", "img", "link", "iframe", "form"} & set(seen.tags)
    opening, *ending = seen.links
    assert opening == "https://recapito.example/inbox/messages/01J0000000000000000000000A"
    assert all(link.startswith("https://recapito.example/api/mail/v1/") for link in ending)
    assert len(ending) == 2
    assert all(link in mail.text for link in seen.links)
    assert 'style="' in mail.html
    assert f'<html lang="{language[:2]}"' in mail.html
    assert "max-width" in mail.html
    assert not re.search(r"url\(|@import|http", seen.style)


def test_tables_of_the_layout_are_no_tables_for_a_screen_reader() -> None:
    """Each has the role presentation; the one heading of the first level is also the title."""
    html = a_notice().html

    assert html.count("<table") == html.count('role="presentation"') == 3
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == re.findall(r"<title>(.*?)</title>", html)


LOGO = prepared_logo(a_logo())


def test_the_logo_is_inside_the_e_mail_and_named() -> None:
    """It is a part beside the HTML, which names it; no program fetches it from a server."""
    mail = a_notice(logo=LOGO, about=replace(ABOUT, organization="Comune di Esempio"))
    read = email.message_from_bytes(written(mail), policy=policy.default)

    assert not read.defects
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    *_, picture = read.walk()
    assert picture.get_payload(decode=True) == LOGO
    assert picture["Content-ID"] == f"<{LOGO_ID}>"
    assert picture.get_content_disposition() == "inline"
    (image,) = re.findall(r"<img[^>]*>", mail.html)
    assert f'src="cid:{LOGO_ID}"' in image
    assert 'alt="Comune di Esempio"' in image
    assert re.search(r'width="\d+" height="\d+"', image)
    html = read.get_body(("html",))
    assert html is not None
    assert html.get_content().splitlines() == mail.html.splitlines()


def test_an_e_mail_without_previews_shows_no_logo() -> None:
    """A logo names the sender."""
    mail = a_notice(full=False, logo=LOGO)

    assert mail.logo == b""
    assert "<img" not in mail.html


COLOUR = re.compile(r"(?<![-\w])(color|background-color):\s*(#[0-9a-f]{6})")


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""

    def luminance(colour: str) -> float:
        shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _inverted(colour: str) -> str:
    return f"#{0xFFFFFF - int(colour[1:], 16):06x}"


def test_light_and_dark_screens_have_contrast() -> None:
    """All texts have 4.5 to 1 at least on their ground, also where a program inverts colours."""
    template = (Path(str(files("lib.rendering.email"))) / "templates/email.html.jinja").read_text()
    light, _, dark = template.partition("</style>")[0].partition("@media")
    for style, inverted in ((light, False), (light, True), (dark, False)):
        colours: dict[str, dict[str, str]] = {}
        for selectors, rules in re.findall(r"^([^{}@]+)\{([^}]*)\}", style, re.MULTILINE):
            for selector in selectors.split(","):
                colours.setdefault(selector.strip(), {}).update(COLOUR.findall(rules))
        for text, ground in (
            (".text", ".sheet"),
            ("h1", ".sheet"),
            (".foot", ".sheet"),
            (".foot a", ".sheet"),
            (".button a", ".button"),
        ):
            pair = colours[text]["color"], colours[ground]["background-color"]
            if inverted:
                pair = _inverted(pair[0]), _inverted(pair[1])
            assert _contrast(*pair) >= 4.5, (text, pair)


def test_the_style_of_dark_screens_stays_in_the_head() -> None:
    """It is all that is left there, and goes before the style of each element."""
    style = Seen(a_notice().html).style

    assert "prefers-color-scheme: dark" in style.replace("color-scheme:dark", "color-scheme: dark")
    rules = re.findall(r"\{([^{}]*)\}", style)
    assert rules
    for rule in rules:
        for part in filter(str.strip, rule.split(";")):
            assert "!important" in part
