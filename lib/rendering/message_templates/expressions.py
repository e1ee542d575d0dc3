"""The values and conditions of a template, as functions of a row.

Jinja2 parses them, and these functions evaluate them: nothing of a template ever runs as code.
"""

from collections.abc import Callable
from typing import Any, Final

from lib.domain.batches.templates.names import Kind, canonical
from lib.domain.profiles.choices import Language
from lib.domain.shared.plain_text import shows_nothing
from lib.rendering.message_templates.operands import Operand, Operands, RefusedError, Run
from lib.rendering.message_templates.pieces import Piece, environment

type Condition = Callable[[Run], bool]

_VALUE_RULE: Final = 'must be a name, such as {{ nome }}, or a name with filters after "|"'
_CONDITION_RULE: Final = (
    'must be a name, such as {% if nome %}, or a comparison, such as {% if rate == "2" %}, with '
    "not, and, or"
)


class Expressions:
    """Reads the values and conditions of a text in one language."""

    def __init__(self, language: Language) -> None:
        self._operands = Operands(language)

    @property
    def names(self) -> set[str]:
        """All names so far."""
        return self._operands.names

    def value(self, piece: Piece) -> Operand:
        """Return the value of a piece such as `{{ nome }}`. Raise RefusedError."""
        return self._operands.written(
            self._operands.operand(_parsed(piece, _VALUE_RULE), _VALUE_RULE)
        )

    def condition(self, piece: Piece) -> Condition:
        """Return the condition of a piece such as `{% if nome %}`. Raise RefusedError."""
        return self._condition(_parsed(piece, _CONDITION_RULE))

    def _condition(self, node: Any) -> Condition:
        from jinja2 import nodes

        match node:
            case nodes.Not(node=inner):
                condition = self._condition(inner)
                return lambda run: not condition(run)
            case nodes.And(left=left, right=right):
                one, other = self._condition(left), self._condition(right)
                return lambda run: one(run) and other(run)
            case nodes.Or(left=left, right=right):
                one, other = self._condition(left), self._condition(right)
                return lambda run: one(run) or other(run)
            case nodes.Compare(expr=left, ops=[nodes.Operand(op="eq" | "ne" as op, expr=right)]):
                return self._comparison(left, right, is_equal=op == "eq")
            case nodes.Compare():
                raise RefusedError("only == and != compare, one pair at a time")
            case _:
                return self._presence(node)

    def _presence(self, node: Any) -> Condition:
        operand = self._operands.operand(node, _CONDITION_RULE)
        if not operand.name:
            raise RefusedError(_CONDITION_RULE)
        return lambda run: not shows_nothing(operand.get(run))

    def _comparison(self, left: Any, right: Any, *, is_equal: bool) -> Condition:
        one, other = (self._operands.operand(node, _CONDITION_RULE) for node in (left, right))
        if not one.name and not other.name:
            raise RefusedError("a comparison needs a name")
        if {one.kind, other.kind} != {Kind.TEXT}:
            raise RefusedError(
                "an amount or a day cannot be compared; {% if amount_euro %} asks whether it is "
                "there"
            )
        return lambda run: (one.get(run).strip() == other.get(run).strip()) is is_equal


def _parsed(piece: Piece, rule: str) -> Any:
    from jinja2 import TemplateSyntaxError, nodes

    try:
        body = environment().parse(f"{{{{ {piece.text} }}}}").body
    except TemplateSyntaxError:
        words = piece.text.split()
        if len(words) > 1 and all(map(str.isalnum, words)):
            rule = f"a name has no spaces: write {canonical(piece.text)}"
        raise RefusedError(rule) from None
    except RecursionError:
        raise RefusedError("has too many brackets") from None
    match body:
        case [nodes.Output(nodes=[node])]:
            return node
    raise RefusedError(rule)
