"""A value of a row is text, and shows in a message as it is written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lib.domain.shared.plain_text import one_line
from tests.unit.batches.letters import REST, a_template

RENDERER = MarkdownIt("gfm-like", {"linkify": False})
NASTY = [
    "*grassetto*",
    "_corsivo_ __due__",
    "[x](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<b>x</b> &copy; &#33;",
    "<http://evil.example>",
    "# Titolo",
    "- uno",
    "+ uno",
    "1. uno",
    "> citazione",
    "    codice",
    "`codice` ```x``` ~~x~~",
    "---",
    "===",
    "a | b\n-|-\n1|2",
    "[x]: http://evil.example",
    "fine\\",
    "uno\n\n# due\r\n- quattro\n\n\n",
    "{{ nome }} {% if x %}",
    "\\*",
    "a  b\tc",
]
PLACES = ["{{ x }}", "Ciao {{ x }}, fine", "- {{ x }}", "**Ciao {{ x }} fine**", "> {{ x }} fine"]


def shown(markdown: str) -> tuple[list[Any], str]:
    """Return the blocks of a text, and what its first one shows."""
    tokens = RENDERER.parse(markdown)
    inline = next(one for one in tokens if one.type == "inline")
    text = "".join(
        "\n" if child.type == "hardbreak" else child.content for child in inline.children or ()
    )
    kinds = {child.type for child in inline.children or ()}
    return [{*(one.type for one in tokens), *kinds}, len(tokens)], text


def assert_as_written(value: str, place: str) -> None:
    """Fail unless the value adds nothing to the message but its lines."""
    template = a_template(place)
    lines = [line for one in value.splitlines() if (line := one_line(one))]
    plain, frame = shown(template.render({"x": "parola"}).markdown)

    blocks, text = shown(template.render({"x": value}).markdown)

    assert text == frame.replace("parola", "\n".join(lines))
    assert blocks[1] == plain[1]
    assert blocks[0] - {"hardbreak"} == plain[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", NASTY)
def test_markup_in_a_value_is_plain_text(value: str, place: str) -> None:
    """Wherever the placeholder stands."""
    assert_as_written(value, place)


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(one_line(text))))
def test_any_value_is_plain_text(value: str) -> None:
    """Each visible letter is kept, and no other comes."""
    assert_as_written(value, "Ciao {{ x }}, fine")


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(one_line(text))))
def test_any_value_is_one_line_of_a_subject(value: str) -> None:
    """As plain text."""
    template = a_template("Testo", "Avviso per {{ x }} e altri")

    subject = template.render({"x": value}).subject

    assert subject == f"Avviso per {one_line(value)} e altri"
    assert len(subject.splitlines()) == 1


def test_a_link_of_the_template_takes_a_value() -> None:
    """Its address is the value."""
    markdown = a_template("[Paga]({{ link }})").render({"link": "https://x.example/a-b?c=d&e=_f_"})

    html = str(RENDERER.render(markdown.markdown.removesuffix(REST)))

    assert '<a href="https://x.example/a-b?c=d&amp;e=_f_">Paga</a>' in html
