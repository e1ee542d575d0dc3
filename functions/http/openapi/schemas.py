"""Schemas of the OpenAPI document, from the models of the endpoints."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from functions.http.contract.answers import DESCRIBED_AS
from functions.http.contract.call import FileBody
from functions.http.contract.endpoint import AnyEndpoint
from lib.domain.shared.values import RULE

SCHEMAS: Final = "#/components/schemas/"
_BOUNDS: Final = {"ge": "minimum", "le": "maximum"}
"""The names of bounds that pydantic leaves as they are where a validator runs before them."""


def plain(type_: Any) -> dict[str, Any]:
    """Return the schema of a type, or a reference to the schema of a model."""
    if isinstance(type_, type) and issubclass(type_, BaseModel):
        return {"$ref": f"{SCHEMAS}{type_.__name__}"}
    schema = TypeAdapter(type_).json_schema(ref_template=f"{SCHEMAS}{{model}}")
    schema.pop("$defs", None)
    tidied: dict[str, Any] = tidy(schema)
    return tidied


def query_parameters(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of each query parameter by name; parameters have no references."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return {name: tidy(_inlined(one, definitions)) for name, one in schema["properties"].items()}


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return the schema with each reference replaced by its definition."""
    if isinstance(schema, list):
        return [_inlined(one, definitions) for one in schema]
    if not isinstance(schema, dict):
        return schema
    target = schema.get("$ref", "").removeprefix("#/$defs/")
    found = {**definitions.get(target, {}), **schema}
    return {name: _inlined(child, definitions) for name, child in found.items() if name != "$ref"}


def schemas_of(
    endpoints: Iterable[AnyEndpoint], problems: Iterable[type[BaseModel]]
) -> dict[str, Any]:
    """Return the schemas of all bodies, answers and problems, by name."""
    models: dict[str, Any] = {model.__name__: model for model in problems}
    definitions: dict[str, Any] = {}
    for endpoint in endpoints:
        for model in endpoint.answers.values():
            if isinstance(model, type):
                models[model.__name__] = model
        if endpoint.body and not isinstance(endpoint.body, FileBody):
            adapter = TypeAdapter(endpoint.body.type)
            schema = adapter.json_schema(ref_template=f"{SCHEMAS}{{model}}")
            definitions |= schema.pop("$defs", {})
            if isinstance(endpoint.body.type, type):
                definitions[endpoint.body.type.__name__] = schema
    _, answers = models_json_schema(
        [(model, "serialization") for model in models.values()],
        ref_template=f"{SCHEMAS}{{model}}",
    )
    requested = {name: tidy(one, null=True) for name, one in definitions.items()}
    answered = {name: tidy(one) for name, one in answers["$defs"].items()}
    for name in requested.keys() & answered.keys():
        properties = answered[name].get("properties", {}) | requested[name].get("properties", {})
        if properties:
            requested[name] = {**answered[name], "properties": properties}
    return dict(sorted({**answered, **requested}.items()))


def tidy(schema: Any, *, null: bool = False) -> Any:
    """Remove pydantic's titles, and null as a default and as a value.

    `null`: null stays a value. A request may have null for an absent member, an answer has not.
    """
    if isinstance(schema, list):
        return [tidy(one, null=null) for one in schema]
    if not isinstance(schema, dict):
        return schema
    merged = _with_rule(schema)
    if null and {"type": "null"} in schema.get("anyOf", ()):
        merged = _or_null(merged)
    if DESCRIBED_AS in merged:
        merged["$ref"] = f"{SCHEMAS}{merged.pop(DESCRIBED_AS)}"
    return {
        _BOUNDS.get(name, name): {key: tidy(value, null=null) for key, value in child.items()}
        if name == "properties"
        else tidy(child, null=null)
        for name, child in merged.items()
        if not (name == "title" or (name == "default" and child is None))
    }


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that may also be null."""
    if "$ref" in schema:
        rest = {name: value for name, value in schema.items() if name != "$ref"}
        return {"anyOf": [{"$ref": schema["$ref"]}, {"type": "null"}], **rest}
    if isinstance(schema.get("type"), str):
        schema = {**schema, "type": [schema["type"], "null"]}
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _with_rule(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema with its rule added to its description.

    A schema with one option beside null becomes that option. The description of a field replaces
    the description of its type.
    """
    merged = dict(schema)
    options = [one for one in merged.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) == 1:
        del merged["anyOf"]
        merged = options[0] | merged
    rule = merged.pop(RULE, "")
    if rule and merged.get("type") != "boolean":
        sentence = f"{rule[0].upper()}{rule[1:]}."
        merged["description"] = " ".join(filter(None, (merged.get("description"), sentence)))
    return merged
