"""Lines do not break between a number and its unit."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from lib.rendering.documents.pdf_text import REGULAR, lines_of, plain, said

CATALOGUE = Path(str(files("lib.rendering.texts"))) / "catalogue"


@pytest.mark.parametrize("catalogue", sorted(CATALOGUE.glob("*.toml")), ids=lambda path: path.stem)
def test_a_number_stays_with_its_unit(catalogue: Path) -> None:
    """In French a colon stays with its word, too: between them is no space that breaks a line."""
    texts = catalogue.read_text()

    assert re.findall(r"[0-9}] (?:€|%|h\b|Uhr|[KM][Bo]\b)", texts) == []
    if catalogue.stem == "fr_FR":
        assert re.findall(r" [:;?!»]|« ", texts) == []


@pytest.mark.parametrize("space", ["\xa0", "\u202f"])
def test_a_paper_breaks_no_line_at_a_no_break_space(space: str) -> None:
    """The narrow one becomes a wide one, which the faces have."""
    text = f"Paga entro domani 1{space}234,50{space}€ allo sportello"

    lines = [said(line) for line in lines_of(plain(text), REGULAR, 10, 100)]

    assert len(lines) > 1
    assert any("1\xa0234,50\xa0€" in line for line in lines)
