"""The Fluent files of each language, taken apart into single texts that are read when they are needed."""

import re
from collections.abc import Mapping
from importlib.resources import files

from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

Sources = Mapping[str, str]
"""File name → what is in it."""

_BEGINNING = re.compile(r"^(-?[A-Za-z][\w-]*) *=", re.MULTILINE)


def read(language: str) -> dict[str, str]:
    """Every `.ftl` file of a language, from the source tree or an installed wheel."""
    folder = files(__package__) / language
    return {
        f"{language}/{entry.name}": entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".ftl")
    }


def texts(sources: Sources) -> dict[str, str]:
    """The lines of each message (`name`) and term (`-name`)."""
    found: dict[str, str] = {}
    for source in sources.values():
        begins = list(_BEGINNING.finditer(source))
        ends = [following.start() for following in begins[1:]] + [len(source)]
        for begin, end in zip(begins, ends, strict=True):
            found.setdefault(begin[1], source[begin.start() : end])
    return found


def parsed(source: str) -> ast.Resource:
    return FluentParser(with_spans=False).parse(source)


def references(resource: ast.Resource) -> set[str]:
    """The messages (`name`) and terms (`-name`) that it needs besides itself."""
    collector = _Collector()
    collector.visit(resource)
    return collector.found


class _Collector(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_MessageReference(self, node: ast.MessageReference) -> None:  # noqa: N802 - Visitor's naming
        self.found.add(node.id.name)

    def visit_TermReference(self, node: ast.TermReference) -> None:  # noqa: N802 - as above
        self.found.add(f"-{node.id.name}")
        self.generic_visit(node)
