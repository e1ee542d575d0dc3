"""Finds the endpoint of a request as ASP.NET does: literal before parameter, by segment."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

from infra.local.http.route_template import Parameter, Part, parse_template

_MAX_PLAIN: Final = 1000
"""Paths without parameters that are remembered: clients could make up spellings without end."""


class Match[E](NamedTuple):
    """The endpoint and its route values, decoded, by name."""

    endpoint: E
    values: dict[str, str]


class _Leaf[E](NamedTuple):
    methods: frozenset[str] | None
    endpoint: E
    defaults: dict[str, str]


@dataclass(slots=True)
class _Edge[E]:
    rank: int
    key: str
    parameters: list[Parameter]
    pattern: re.Pattern[str] | None
    node: "_Node[E]"

    def accept(self, segment: str) -> dict[str, str] | None:
        """Return the values of the segment's parameters, None when it does not fit."""
        if self.pattern is None:
            parameter = self.parameters[0]
            fits = segment and parameter.accepts(segment)
            return {parameter.name: segment} if fits else None
        match = self.pattern.fullmatch(segment)
        if match is None:
            return None
        values = dict(zip((p.name for p in self.parameters), match.groups(), strict=True))
        return values if all(p.accepts(values[p.name]) for p in self.parameters) else None


@dataclass(slots=True)
class _Node[E]:
    literals: dict[str, "_Node[E]"] = field(default_factory=dict)
    edges: list[_Edge[E]] = field(default_factory=list)
    leaves: list[_Leaf[E]] = field(default_factory=list)
    catch_alls: list[tuple[Parameter, _Leaf[E]]] = field(default_factory=list)


class Router[E]:
    """Routes are added once, at start; a lookup costs one dictionary step per literal segment."""

    def __init__(self) -> None:
        self._root: _Node[E] = _Node()
        self._plain: dict[tuple[str, str], Match[E]] = {}
        self._methods: set[str] = set()

    def add(self, template: str, methods: Iterable[str] | None, endpoint: E) -> None:
        """Register; `methods` None = all. Raise ValueError for a template Azure would refuse."""
        self._plain.clear()
        allowed = None if methods is None else frozenset(m.upper() for m in methods)
        self._methods |= allowed or set()
        segments = parse_template(template)
        node = self._root
        for index, parts in enumerate(segments):
            rest = segments[index:]
            if all(_absent(s) is not None for s in rest):
                defaults = {k: v for s in rest for k, v in (_absent(s) or {}).items()}
                node.leaves.append(_Leaf(allowed, endpoint, defaults))
            head = parts[0]
            if isinstance(head, Parameter) and head.catch_all:
                node.catch_alls.append((head, _Leaf(allowed, endpoint, {})))
                node.catch_alls.sort(key=lambda entry: not entry[0].checks)
                return
            node = _child(node, parts)
        node.leaves.append(_Leaf(allowed, endpoint, {}))

    def find(self, method: str, path: str) -> Match[E] | None:
        """Look up by the raw (still percent-encoded) path without its query; None = 404."""
        plain = self._plain.get((method, path))
        if plain is not None:
            return plain
        segments = path.strip("/").split("/") if path.strip("/") else []
        match = next(_walk(self._root, method, segments, 0, {}), None)
        if match is not None and not match.values and len(self._plain) < _MAX_PLAIN:
            self._plain[method, path] = match
        return match

    def methods(self, path: str) -> frozenset[str]:
        """Return the methods that the path answers; none where it is unknown.

        Slower than `find`: it is for what `find` does not find.
        """
        segments = path.strip("/").split("/") if path.strip("/") else []
        return frozenset(
            method
            for method in self._methods
            if next(_walk(self._root, method, segments, 0, {}), None) is not None
        )


def _walk[E](
    node: _Node[E], method: str, segments: list[str], index: int, values: dict[str, str]
) -> Iterator[Match[E]]:
    if index == len(segments):
        for leaf in node.leaves:
            if leaf.methods is None or method in leaf.methods:
                yield Match(leaf.endpoint, {**leaf.defaults, **values})
    else:
        segment = _decode(segments[index])
        literal = node.literals.get(segment.lower())
        if literal is not None:
            yield from _walk(literal, method, segments, index + 1, values)
        for edge in node.edges:
            found = edge.accept(segment)
            if found is not None:
                yield from _walk(edge.node, method, segments, index + 1, {**values, **found})
    for parameter, leaf in node.catch_alls:
        rest = "/".join(_decode(segment) for segment in segments[index:])
        if (leaf.methods is None or method in leaf.methods) and parameter.accepts(rest):
            yield Match(leaf.endpoint, {**values, parameter.name: rest} if rest else values)


def _child[E](node: _Node[E], parts: list[Part]) -> _Node[E]:
    head = parts[0]
    if len(parts) == 1 and isinstance(head, str):
        return node.literals.setdefault(head, _Node())
    key = repr(parts)
    for edge in node.edges:
        if edge.key == key:
            return edge.node
    pattern = None
    if len(parts) > 1:
        pieces = ((re.escape(p) if isinstance(p, str) else "(.+?)") for p in parts)
        pattern = re.compile("".join(pieces), re.IGNORECASE)
    constrained = len(parts) > 1 or (isinstance(head, Parameter) and bool(head.checks))
    parameters = [part for part in parts if isinstance(part, Parameter)]
    edge = _Edge(0 if constrained else 1, key, parameters, pattern, _Node())
    node.edges.append(edge)
    node.edges.sort(key=lambda e: e.rank)
    return edge.node


def _absent(parts: list[Part]) -> dict[str, str] | None:
    """Return the values an absent segment leaves, None when it may not be absent."""
    head = parts[0]
    if len(parts) > 1 or not isinstance(head, Parameter):
        return None
    if head.default is not None:
        return {head.name: head.default}
    return {} if head.optional else None


def _decode(segment: str) -> str:
    if "%" not in segment:
        return segment
    # An encoded slash stays encoded, as in ASP.NET: decoded it would read as a separator.
    return unquote(segment.replace("%2F", "%252F").replace("%2f", "%252f"))
