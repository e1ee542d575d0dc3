"""Read the text of a template into parts that are rendered for each row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from lib.domain.profiles.choices import Language
from lib.domain.shared.plain_text import escaped, inline_markdown_of, one_line
from lib.rendering.message_templates.expressions import Condition, Expressions
from lib.rendering.message_templates.operands import Operand, RefusedError, Run
from lib.rendering.message_templates.pieces import (
    Piece,
    SyntaxFault,
    TemplateSyntaxFaultError,
    pieces,
)

type Part = str | Callable[[Run], str]
type Branch = tuple[Condition | None, list[Part]]

MAX_PIECES: Final = 500
MAX_DEPTH: Final = 5


@dataclass(slots=True)
class _If:
    """An open `{% if %}`. The condition of an `{% else %}` is None."""

    piece: Piece
    branches: list[Branch]

    @property
    def has_else(self) -> bool:
        return self.branches[-1][0] is None


@dataclass(slots=True)
class Block:
    """The text of a template. `needed`: the names without which no row can be rendered."""

    language: Language
    is_markdown: bool
    parts: list[Part] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    faults: list[SyntaxFault] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Tell whether the text is the same for every row."""
        return not self.names

    def render(self, run: Run) -> str:
        """Return the text for a row."""
        return _rendered(self.parts, run)


def read_block(source: str, language: Language, *, is_markdown: bool) -> Block:
    """Return the text of a template, with all of its faults."""
    block = Block(language, is_markdown)
    _Reader(block).read(source)
    return block


def _rendered(parts: Sequence[Part], run: Run) -> str:
    return "".join([part if isinstance(part, str) else part(run) for part in parts])


class _Reader:
    def __init__(self, block: Block) -> None:
        self._block = block
        self._expressions = Expressions(block.language)
        self._open: list[_If] = []

    def read(self, source: str) -> None:
        block = self._block
        try:
            for number, piece in enumerate(pieces(source)):
                if number == MAX_PIECES:
                    block.faults.append(piece.fault(f"is piece {number + 1}; {number} are allowed"))
                    return
                try:
                    self._add(piece)
                except RefusedError as error:
                    block.faults.append(piece.fault(error.rule))
        except TemplateSyntaxFaultError as error:
            block.faults.append(error.fault)
            return
        block.faults += [one.piece.fault("has no {% endif %}") for one in self._open]
        block.names = self._expressions.names

    @property
    def _parts(self) -> list[Part]:
        return self._open[-1].branches[-1][1] if self._open else self._block.parts

    def _add(self, piece: Piece) -> None:
        match piece.kind:
            case "data":
                self._parts.append(piece.text)
            case "value":
                operand = self._expressions.value(piece)
                self._parts.append(_output(operand, is_markdown=self._block.is_markdown))
                if not self._open and not operand.may_be_empty:
                    self._block.needed.add(operand.name)
            case "if":
                self._begin(piece)
            case "elif" | "else" | "endif":
                self._go_on(piece)
            case _:
                raise RefusedError("is not a tag; there are if, elif, else and endif")

    def _begin(self, piece: Piece) -> None:
        # a wrong condition still opens the block, whose other faults are found
        opened = _If(piece, [(_never, [])])
        before = self._parts
        self._open.append(opened)
        if len(self._open) > MAX_DEPTH:
            raise RefusedError(f"stands in {MAX_DEPTH} others; no more are allowed")
        opened.branches[0] = (self._expressions.condition(piece), [])
        before.append(lambda run: _chosen(opened.branches, run))

    def _go_on(self, piece: Piece) -> None:
        if not self._open:
            raise RefusedError("has no {% if %} before it")
        opened = self._open[-1]
        if piece.kind == "endif":
            self._open.pop()
        elif opened.has_else:
            raise RefusedError("comes after the {% else %} of the same {% if %}")
        elif piece.kind == "else":
            opened.branches.append((None, []))
        else:
            opened.branches.append((_never, []))
            opened.branches[-1] = (self._expressions.condition(piece), [])
        if piece.kind != "elif" and piece.text.strip():
            raise RefusedError(
                f"has only the word {piece.kind}; another condition is {{% elif nome %}}"
            )


def _never(_run: Run) -> bool:
    return False


def _chosen(branches: Sequence[Branch], run: Run) -> str:
    for condition, parts in branches:
        if condition is None or condition(run):
            return _rendered(parts, run)
    return ""


def _output(operand: Operand, *, is_markdown: bool) -> Part:
    clean = inline_markdown_of if is_markdown else one_line
    escape = escaped if is_markdown else str
    get, name, finish = operand.get, operand.name, escape if operand.is_clean else clean
    shown = escape(f"{{{{ {name} }}}}")

    def write(run: Run) -> str:
        text = finish(get(run))
        if text or operand.may_be_empty:
            return text
        run.fault(name, "VALUE_MISSING", "is missing or empty, and the template needs it")
        return shown

    return write
