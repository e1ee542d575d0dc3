"""Explains to the sender, in words, the rule that a value breaks."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from pydantic_core import ErrorDetails

from functions.http.contract.problems import FieldCode, OwnCode
from lib.domain.shared.values import WRONG_LENGTH, IOType

_FIXED_RULES: Final[Mapping[str, str]] = {
    "missing": "is required",
    "string_type": "must be a string",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "date_parsing": "must be a day of the calendar, such as 2027-06-30",
    "date_from_datetime_parsing": "must be a day of the calendar, such as 2027-06-30",
    "string_unicode": "must be text without half characters (lone surrogates)",
}
_KINDS: Final[Mapping[str, OwnCode]] = {
    "missing": "REQUIRED",
    "date_parsing": "NOT_A_TIME",
    "date_from_datetime_parsing": "NOT_A_TIME",
    "string_unicode": "INVALID",
    "greater_than_equal": "TOO_SMALL",
    "less_than_equal": "TOO_LARGE",
    "literal_error": "NOT_A_CHOICE",
    "enum": "NOT_A_CHOICE",
    "too_short": "TOO_FEW",
    "too_long": "TOO_MANY",
    "string_too_short": "TOO_SHORT",
    "string_too_long": "TOO_LONG",
    "union_tag_invalid": "NOT_A_CHOICE",
    "union_tag_not_found": "REQUIRED",
}
"""The codes of general rules, and of all other fixed rules WRONG_TYPE."""
_COMPUTED_RULES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "greater_than_equal": lambda ctx: f"must be at least {ctx['ge']}",
    "less_than_equal": lambda ctx: f"must be at most {ctx['le']}",
    "literal_error": lambda ctx: f"must be {ctx['expected']}",
    "enum": lambda ctx: f"must be {ctx['expected']}",
    "too_short": lambda ctx: f"must have at least {_items(ctx['min_length'])}",
    "too_long": lambda ctx: f"must have at most {_items(ctx['max_length'])}",
    "string_too_short": lambda ctx: f"must have at least {ctx['min_length']} characters",
    "string_too_long": lambda ctx: f"must have at most {ctx['max_length']} characters",
    "union_tag_invalid": lambda ctx: f"must be one of {ctx['expected_tags']}",
    "union_tag_not_found": lambda _: "is required: it names the kind of change",
}
_OF_THE_LIST: Final = frozenset({"list_type", "too_short", "too_long"})
"""Rules of a list as a whole; the metadata of a list also has the rules of its items."""
_NOT_OF_THE_TYPE: Final = frozenset({"missing", "value_error", WRONG_LENGTH, *_OF_THE_LIST})
_TAGGED: Final = frozenset({"union_tag_invalid", "union_tag_not_found"})


def explained(error: ErrorDetails, metadata: tuple[Any, ...]) -> str:
    """Return the rule that the value breaks; a rule of its type goes before a general rule."""
    kind = error["type"]
    rule = _rule(kind, error.get("ctx", {}), metadata)
    if rule is None:
        message = error["msg"].removeprefix("Value error, ").replace("Input should", "must")
        rule = message[:1].lower() + message[1:]
    if error["input"] is None and kind not in {"missing", *_TAGGED}:
        return f"{rule}; null is not valid: leave the field out"
    return rule


def code_of(error: ErrorDetails, metadata: tuple[Any, ...]) -> FieldCode:
    """Return the kind of the rule that the value breaks, of which `explained` has the words."""
    kind = error["type"]
    if kind == WRONG_LENGTH:
        return "WRONG_LENGTH"
    # a check of the type itself has words of its own for the same rule
    if rule := _own_rule("" if kind == "value_error" else kind, metadata):
        return _known(cast("FieldCode", rule.code), error["input"])
    general = _KINDS.get(kind, "WRONG_TYPE" if kind in _FIXED_RULES else "INVALID")
    return _known(general, error["input"])


def _known(code: FieldCode, given: Any) -> FieldCode:
    """Return the code; of an empty text that breaks a rule without a kind, that it is empty."""
    return "EMPTY" if code == "INVALID" and given == "" else code


def place_of(error: ErrorDetails) -> tuple[int | str, ...]:
    """Return the path to the fault; for an unknown kind of change, the path to the kind's field."""
    if error["type"] in _TAGGED:
        return (*error["loc"], str(error["ctx"]["discriminator"]).strip("'"))
    return error["loc"]


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"


def _rule(kind: str, ctx: Mapping[str, Any], metadata: tuple[Any, ...]) -> str | None:
    if own := _own_rule(kind, metadata):
        return own.rule
    if kind in _COMPUTED_RULES:
        return _COMPUTED_RULES[kind](ctx)
    return _FIXED_RULES.get(kind)


def _own_rule(kind: str, metadata: tuple[Any, ...]) -> IOType | None:
    """Return the rule of the value's type, which goes before a general rule."""
    rules = [one for one in metadata if isinstance(one, IOType) and one.rule]
    return rules[-1] if rules and kind not in _NOT_OF_THE_TYPE else None
