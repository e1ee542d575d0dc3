"""Cut a template into text, values such as `{{ nome }}`, and tags such as `{% if nome %}`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple

MAX_PIECE: Final = 200
"""The most characters of a value or a tag."""
_SHOWN: Final = 40
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_TAGS: Final = re.compile(r"[ \t]*+(?:\{[%#](?:(?![%#]\}).)*+[%#]\}[ \t]*+)++")
"""A line with tags or comments alone."""
_WORD: Final = re.compile(r"\s*(\w*)")
_CLOSINGS: Final = {"{%": "%}", "{#": "#}"}
_BEGINNINGS: Final = frozenset({"variable_begin", "block_begin", "comment_begin", "raw_begin"})
_ENDS: Final = frozenset({"variable_end", "block_end"})


class SyntaxFault(NamedTuple):
    """A fault of a template: the place of its value or tag, from 1, and the rule."""

    line: int
    column: int
    rule: str


class TemplateSyntaxFaultError(Exception):
    """The template cannot be read further than to this fault."""

    def __init__(self, fault: SyntaxFault) -> None:
        super().__init__(fault.rule)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a template.

    `kind`: `data`, `value`, or the first word of a tag. `text`: the text, or the rest of the value
    or tag without its braces. `source`: the beginning of it as it is written.
    """

    kind: str
    text: str
    line: int = 0
    column: int = 0
    source: str = ""

    def fault(self, rule: str) -> SyntaxFault:
        """Return a fault of this piece."""
        return SyntaxFault(self.line, self.column, f"{self.source}: {rule}")


@cache
def environment() -> Any:
    """Return the Jinja2 environment that reads templates; it renders none.

    Cost: the first call loads Jinja2, which takes a tenth of a second.
    """
    from jinja2 import Environment

    return Environment(keep_trailing_newline=True, cache_size=0, autoescape=True)


def pieces(source: str) -> Iterator[Piece]:
    """Yield the pieces of a template in their order. A line with tags alone leaves no line.

    Raise TemplateSyntaxFaultError where a piece has no end.
    """
    from jinja2 import TemplateSyntaxError

    source = source.replace("\r\n", "\n").replace("\r", "\n")
    bare = {line for line, text in enumerate(source.split("\n"), 1) if _TAGS.fullmatch(text)}
    at, begin, inner = 0, -1, 0
    try:
        for _, kind, value in environment().lex(source):
            # the lexer leaves out white space, and nothing else
            at = source.index(value, at)
            if kind == "data":
                yield Piece("data", _without_lines(value, source.count("\n", 0, at) + 1, bare))
            elif kind in _BEGINNINGS:
                begin, inner = at, at + len(value)
            elif kind in _ENDS:
                place = _place(source, begin, at + len(value))
                yield _piece(source[inner:at], place, is_value=kind == "variable_end")
            at += len(value)
            begin = -1 if kind.endswith("_end") else begin
    except TemplateSyntaxError:
        raise TemplateSyntaxFaultError(_without_end(source, max(begin, 0))) from None
    if begin >= 0:
        raise TemplateSyntaxFaultError(_without_end(source, begin))


def _without_lines(text: str, first: int, bare: set[int]) -> str:
    """Return the text without its parts of bare lines. `first`: the line where it begins."""
    return "".join(
        part
        for line, part in enumerate(_LINES.findall(text), first)
        if line not in bare or not part.isspace()
    )


def _piece(inner: str, place: tuple[int, int, str], *, is_value: bool) -> Piece:
    word = None if is_value else _WORD.match(inner)
    piece = Piece(word[1], inner[word.end() :], *place) if word else Piece("value", inner, *place)
    if len(inner) > MAX_PIECE:
        rule = f"is longer than {MAX_PIECE} characters: is its end missing?"
        raise TemplateSyntaxFaultError(piece.fault(rule))
    return piece


def _without_end(source: str, begin: int) -> SyntaxFault:
    end = _CLOSINGS.get(source[begin : begin + 2], "}}")
    return Piece("", "", *_place(source, begin, len(source))).fault(
        f"must end in {end}, and may have names, and texts in straight quotes, before it"
    )


def _place(source: str, begin: int, end: int) -> tuple[int, int, str]:
    """Return the line and the column of a piece, and its beginning as it is written."""
    line, column = source.count("\n", 0, begin) + 1, begin - source.rfind("\n", 0, begin)
    text = " ".join(source[begin:end].split())
    return line, column, text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
