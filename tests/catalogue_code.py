"""Which texts the code asks for, read from its syntax."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
_KEY = re.compile(r"[a-z]+(-[a-z0-9]+)+(\.[a-z-]+)?")
_STEM = re.compile(r"[a-z]+(-[a-z0-9]+)*-")

_SAYERS = {"bot.domain.text": {"text", "Text"}, "bot.domain.errors": {"UserError"}}


@dataclass(slots=True)
class Asked:
    keys: dict[str, str] = field(default_factory=dict)
    """Key → where it is asked for."""
    stems: dict[str, str] = field(default_factory=dict)
    """Beginnings of computed keys (`alert-` of `text(f"alert-{event}")`)."""
    mentioned: set[str] = field(default_factory=set)
    """Everything in the code that could be a key: tables of keys, fields called `title`, …"""


@cache
def asked() -> Asked:
    found = Asked()
    # Walked once: going through a tree costs more than reading it.
    trees = {path: list(ast.walk(ast.parse(path.read_text("utf-8")))) for path in _modules()}
    errors = _errors(trees.values())
    for path, nodes in trees.items():
        sayers = _sayers(nodes)
        wrappers = _wrappers(nodes, sayers)
        name_of_file = str(path.relative_to(ROOT))
        for node in nodes:
            if not isinstance(node, ast.Constant | ast.JoinedStr | ast.Call):
                continue
            where = f"{name_of_file}:{node.lineno}"
            match node:
                case ast.Constant(value=str(value)) if _KEY.fullmatch(value):
                    found.mentioned.add(value)
                case ast.JoinedStr(values=[ast.Constant(value=str(stem)), *_]) if _STEM.fullmatch(
                    stem
                ):
                    found.mentioned.add(stem)
                case ast.Call(args=[first, *_]) if _says(node, sayers, errors):
                    _note(found, first, where)
                case ast.Call(args=args, func=ast.Name(id=name) | ast.Attribute(attr=name)) if len(
                    args
                ) > wrappers.get(name, len(args)):
                    _note(found, args[wrappers[name]], where)
    return found


def _note(found: Asked, first: ast.expr, where: str) -> None:
    match first:
        case ast.Constant(value=str(key)):
            found.keys[key] = where
        case ast.JoinedStr(values=[ast.Constant(value=str(stem)), *_]):
            found.stems[stem] = where
        case ast.IfExp(body=one, orelse=other):
            _note(found, one, where)
            _note(found, other, where)


def _sayers(nodes: list[ast.AST]) -> set[str]:
    """By which names a module makes texts; SQLAlchemy has a `text` of its own."""
    return {
        name.asname or name.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module in _SAYERS
        for name in node.names
        if name.name in _SAYERS[node.module]
    }


def _wrappers(nodes: list[ast.AST], sayers: set[str]) -> dict[str, int]:
    """Functions of a module that pass a parameter called `key` on as a text's key, and its place."""
    found = {}
    for node in nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        if "key" not in names:
            continue
        says = any(
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Name)
            and inner.func.id in sayers
            and inner.args
            and isinstance(inner.args[0], ast.Name)
            and inner.args[0].id == "key"
            for inner in ast.walk(node)
        )
        if says:
            found[node.name] = names.index("key")
    return found


def _says(call: ast.Call, sayers: set[str], errors: frozenset[str]) -> bool:
    """`text(…)`, `Text(…)`, `UserError(…)`, and `super().__init__(…)` of a UserError's own kind."""
    match call.func:
        case ast.Name(id=name):
            return name in sayers
        case ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super"))):
            return getattr(call, "inside", "") in errors
    return False


def _errors(trees: Iterable[list[ast.AST]]) -> frozenset[str]:
    """Names of classes that are UserErrors; marks every call with the class it stands in."""
    bases: dict[str, set[str]] = {}
    for nodes in trees:
        for node in nodes:
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Call):
                        inner.inside = node.name
    known = {"UserError"}
    while more := {name for name, of in bases.items() if of & known} - known:
        known |= more
    return frozenset(known)


def _modules() -> Iterator[Path]:
    for package in ("bot", "handlers", "db"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "demo" not in path.relative_to(ROOT).parts:
                yield path
