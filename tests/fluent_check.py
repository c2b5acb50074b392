"""Fluent files, read with everything that Fluent would skip in silence told as a problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor


class BrokenCatalogue(Exception):
    """Lists everything that is wrong with the texts, one problem a line."""


@dataclass(slots=True)
class Uses:
    """What a pattern needs from elsewhere."""

    variables: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    terms: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Entries:
    """The messages, attributes (`message.attribute`) and terms (`-term`) of one language."""

    patterns: Mapping[str, ast.Pattern]

    def variables(self, key: str) -> frozenset[str]:
        """What has to be given to render it, messages it refers to included."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = {key}
        while waiting:
            one = waiting.pop()
            seen.add(one)
            uses = uses_of(self.patterns[one])
            found |= uses.variables
            waiting |= {name for name in uses.messages if name in self.patterns} - seen
        return frozenset(found)


def parse(sources: Mapping[str, str], functions: frozenset[str]) -> Entries:
    """One language from its files. Raises BrokenCatalogue for anything Fluent would skip in silence."""
    problems: list[str] = []
    patterns: dict[str, ast.Pattern] = {}
    for name, source in sources.items():
        for entry in FluentParser().parse(source).body:
            if isinstance(entry, ast.Junk):
                line = source.count("\n", 0, entry.span.start if entry.span else 0) + 1
                said = "; ".join(note.message or "" for note in entry.annotations)
                problems.append(f"{name}:{line}: {said}")
            for key, pattern in _patterns(entry):
                if key in patterns:
                    problems.append(f"{name}: {key} is there twice")
                patterns[key] = pattern
    for key, pattern in patterns.items():
        problems += _dangling(key, uses_of(pattern), patterns, functions)
    if problems:
        raise BrokenCatalogue("\n".join(problems))
    return Entries(patterns)


def uses_of(pattern: ast.Pattern) -> Uses:
    collector = _Collector()
    collector.visit(pattern)
    return collector.uses


def _patterns(entry: Any) -> Iterator[tuple[str, ast.Pattern]]:
    if isinstance(entry, ast.Message | ast.Term):
        name = f"-{entry.id.name}" if isinstance(entry, ast.Term) else entry.id.name
        if entry.value is not None:
            yield name, entry.value
        for attribute in entry.attributes:
            yield f"{name}.{attribute.id.name}", attribute.value


def _dangling(
    key: str, uses: Uses, patterns: Mapping[str, ast.Pattern], functions: frozenset[str]
) -> Iterator[str]:
    for name in sorted((uses.messages | uses.terms) - patterns.keys()):
        yield f"{key} refers to {name}, which is nowhere"
    for name in sorted(uses.functions - functions):
        yield f"{key} calls {name}(), which is nowhere"


class _Collector(Visitor):
    def __init__(self) -> None:
        self.uses = Uses()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.uses.variables.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:
        self.uses.messages.add(full_name(node))

    def visit_TermReference(self, node: ast.TermReference) -> None:
        self.uses.terms.add(f"-{full_name(node)}")
        self.generic_visit(node)

    def visit_FunctionReference(self, node: ast.FunctionReference) -> None:
        self.uses.functions.add(node.id.name)
        self.generic_visit(node)


def full_name(node: ast.MessageReference | ast.TermReference) -> str:
    return f"{node.id.name}.{node.attribute.name}" if node.attribute else node.id.name
