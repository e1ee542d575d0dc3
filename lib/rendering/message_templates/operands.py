"""The values of a template, with their filters, as functions of a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from lib.domain.batches.templates.names import RESERVED, Kind, canonical, is_name
from lib.domain.batches.templates.template import FaultCode, RowFault
from lib.domain.batches.templates.written import cents_written, day_written
from lib.domain.profiles.choices import Language
from lib.domain.shared.plain_text import one_line, shows_nothing
from lib.rendering.texts import formatting

type Form = Callable[[str, Language], str]

FILTERS: Final = ("default", "upper", "lower", "euro", "date")


class RefusedError(Exception):
    """A value or a condition is not one that templates may have. `rule`: the rule in words."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(slots=True)
class Run:
    """The values of one row, and the faults that were found in them."""

    values: Mapping[str, str]
    faults: dict[str, RowFault] = field(default_factory=dict)

    def fault(self, name: str, code: FaultCode, detail: str) -> None:
        """Add a fault of a value, unless it has one."""
        self.faults.setdefault(name, RowFault(name, code, detail))


@dataclass(frozen=True, slots=True)
class Operand:
    """A value in a template: `get` returns its text for a row, which is empty without a value.

    `name`: empty for a text in quotes. `kind`: TEXT for a formatted value. `is_clean`: the text has
    been formatted, and needs no cleaning. `may_be_empty`: it needs no value of a row.
    """

    name: str
    get: Callable[[Run], str]
    kind: Kind = Kind.TEXT
    is_clean: bool = False
    may_be_empty: bool = False


class Operands:
    """Reads the values of a text in one language. `names`: all names so far."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.names: set[str] = set()

    def operand(self, node: Any, rule: str) -> Operand:
        """Return the value of a node of Jinja2. Raise RefusedError, with `rule` for its form."""
        from jinja2 import nodes

        match node:
            case nodes.Name(name=written):
                return self._named(written)
            case nodes.Const(value=str() as text):
                line = one_line(text)
                return Operand("", lambda _: line, may_be_empty=True)
            case nodes.Const(value=int() as number) if not isinstance(number, bool):
                digits = str(number)
                return Operand("", lambda _: digits, may_be_empty=True)
            case nodes.Filter(node=inner, name=filter_, args=args, kwargs=[]) if inner is not None:
                return self._filtered(self.operand(inner, rule), filter_, args)
            case _:
                raise RefusedError(rule)

    def _named(self, written: str) -> Operand:
        name = canonical(written)
        if not is_name(name):
            raise RefusedError(
                "a name has up to 100 letters, digits and underscores, and begins with a letter "
                "from a to z"
            )
        self.names.add(name)
        return Operand(name, lambda run: run.values.get(name, ""), RESERVED.get(name, Kind.TEXT))

    def _filtered(self, operand: Operand, filter_: str, args: list[Any]) -> Operand:
        if filter_ not in FILTERS:
            raise RefusedError(f"{filter_} is not a filter; there are {', '.join(FILTERS)}")
        if not operand.name:
            raise RefusedError("a filter needs a name before it")
        if filter_ == "default":
            return _with_default(self.written(operand), args)
        if args:
            raise RefusedError(f"{filter_} takes nothing in brackets")
        match filter_:
            case "euro":
                return self._formatted(operand, _euros, "NOT_AN_AMOUNT")
            case "date":
                return self._formatted(operand, _long_day, "NOT_A_DAY")
        change = str.upper if filter_ == "upper" else str.lower
        before = self.written(operand)
        return replace(before, get=lambda run: change(before.get(run)))

    def written(self, operand: Operand) -> Operand:
        """Return the value as it is written without a filter."""
        match operand.kind:
            case Kind.AMOUNT:
                return self._formatted(operand, _number, "NOT_AN_AMOUNT")
            case Kind.DAY:
                return self._formatted(operand, _short_day, "NOT_A_DAY")
        return operand

    def _formatted(self, operand: Operand, form: Form, code: FaultCode) -> Operand:
        get, name, language = operand.get, operand.name, self._language

        def formatted(run: Run) -> str:
            text = get(run)
            if shows_nothing(text):
                return ""
            try:
                return form(text.strip(), language)
            except ValueError as error:
                run.fault(name, code, str(error))
                return one_line(text)

        return replace(operand, get=formatted, kind=Kind.TEXT, is_clean=True)


def _with_default(operand: Operand, args: list[Any]) -> Operand:
    from jinja2 import nodes

    match args:
        case [nodes.Const(value=str() as text)]:
            get, line = operand.get, one_line(text)
        case _:
            raise RefusedError('default needs one text in quotes, such as default("cittadino")')

    def filled(run: Run) -> str:
        value = get(run)
        return line if shows_nothing(value) else value

    return replace(operand, get=filled, may_be_empty=True)


@lru_cache(maxsize=4096)
def _number(text: str, language: Language) -> str:
    return formatting.number(cents_written(text), language)


@lru_cache(maxsize=4096)
def _euros(text: str, language: Language) -> str:
    return formatting.euros(cents_written(text), language)


@lru_cache(maxsize=1024)
def _short_day(text: str, language: Language) -> str:
    return formatting.short_day(day_written(text), language)


@lru_cache(maxsize=1024)
def _long_day(text: str, language: Language) -> str:
    return formatting.day(day_written(text), language)
