"""Find the endpoint of a request by its method and path.

A route has three kinds of segments: literal text, `{name}` and, at the end, `{*name}`. Azure has
more kinds. The app does not use them, and the host refuses to start with one.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote

_MAX_REMEMBERED: Final = 1000
"""The limit of remembered paths, since clients can invent any number of spellings."""
_LITERAL: Final = re.compile(r"[^{}]+")
_PARAMETER: Final = re.compile(r"{(\w+)}")
_REST: Final = re.compile(r"{\*{1,2}(\w+)}")


class Match[E](NamedTuple):
    """An endpoint, and the decoded route values by name."""

    endpoint: E
    values: dict[str, str]


class _Leaf[E](NamedTuple):
    methods: frozenset[str] | None
    endpoint: E
    names: tuple[str, ...]


@dataclass(slots=True)
class _Node[E]:
    literals: dict[str, "_Node[E]"] = field(default_factory=dict)
    parameter: "_Node[E] | None" = None
    leaves: list[_Leaf[E]] = field(default_factory=list)
    rests: list[_Leaf[E]] = field(default_factory=list)


class Router[E]:
    """Routes and their endpoints; routes are added at start.

    Cost: a lookup takes one dictionary step per literal segment.
    """

    def __init__(self) -> None:
        self._root: _Node[E] = _Node()
        self._remembered: dict[tuple[str, str], Match[E]] = {}
        self._methods: set[str] = set()

    def add(self, template: str, methods: Iterable[str] | None, endpoint: E) -> None:
        """Register an endpoint. `methods` None: all methods.

        Raises: ValueError for a segment of a kind that the host does not support.
        """
        allowed = None if methods is None else frozenset(m.upper() for m in methods)
        segments = [segment for segment in template.split("/") if segment]
        names: list[str] = []
        node = self._root
        leaves = node.leaves
        for number, segment in enumerate(segments, 1):
            if _LITERAL.fullmatch(segment):
                node = node.literals.setdefault(segment.lower(), _Node())
                leaves = node.leaves
            elif parameter := _PARAMETER.fullmatch(segment):
                names.append(parameter[1])
                node.parameter = node.parameter or _Node()
                node = node.parameter
                leaves = node.leaves
            elif number == len(segments) and (rest := _REST.fullmatch(segment)):
                names.append(rest[1])
                leaves = node.rests
            else:
                message = (
                    f"this host does not support the segment {segment!r}; "
                    "it supports literal text, {name} and, at the end, {*name}"
                )
                raise ValueError(message)
        self._methods |= allowed or set()
        self._remembered.clear()
        leaves.append(_Leaf(allowed, endpoint, tuple(names)))

    def find(self, method: str, path: str) -> Match[E] | None:
        """Return the endpoint of a percent-encoded path without its query; None if there is none.

        A literal segment goes before a parameter, and a parameter before the rest of a path.
        """
        remembered = self._remembered.get((method, path))
        if remembered is not None:
            return remembered
        match = self._walk(method, path)
        if match is not None and not match.values and len(self._remembered) < _MAX_REMEMBERED:
            self._remembered[method, path] = match
        return match

    def methods(self, path: str) -> frozenset[str]:
        """Return the methods that the path answers; none for an unknown path.

        Cost: one walk per method; call it after `find` has found nothing.
        """
        return frozenset(m for m in self._methods if self._walk(m, path) is not None)

    def _walk(self, method: str, path: str) -> Match[E] | None:
        stripped = path.strip("/")
        segments = [_decode(segment) for segment in stripped.split("/")] if stripped else []
        for leaf, values in _leaves(self._root, segments, ()):
            if leaf.methods is None or method in leaf.methods:
                named = dict(zip(leaf.names, values, strict=True))
                return Match(leaf.endpoint, {name: v for name, v in named.items() if v})
        return None


def _leaves[E](
    node: _Node[E], segments: list[str], values: tuple[str, ...]
) -> Iterator[tuple[_Leaf[E], tuple[str, ...]]]:
    """Yield every leaf that fits the path, the most literal one first."""
    if not segments:
        yield from ((leaf, values) for leaf in node.leaves)
    else:
        head, *tail = segments
        literal = node.literals.get(head.lower())
        if literal is not None:
            yield from _leaves(literal, tail, values)
        if node.parameter is not None and head:
            yield from _leaves(node.parameter, tail, (*values, head))
    yield from ((leaf, (*values, "/".join(segments))) for leaf in node.rests)


def _decode(segment: str) -> str:
    if "%" not in segment:
        return segment
    # An encoded slash stays encoded, as in ASP.NET: decoded, it would read as a separator.
    return unquote(segment.replace("%2F", "%252F").replace("%2f", "%252f"))
