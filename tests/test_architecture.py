"""The house rules that can be checked: layers bite, and no file grows or hides where it must not."""

import ast
import subprocess
import sys
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "db", "migrations")
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in CONFIG["contracts"]}
FORBIDDEN = [name for name, contract in CONTRACTS.items() if contract["type"] == "forbidden"]
LAYERED = [name for name, contract in CONTRACTS.items() if contract["type"] == "layers"]


def sources(*folders):
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if not {"vendor", "__pycache__"} & set(path.parts))


def shown(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


# The layers, on a house of empty rooms that has the project's own contracts


@pytest.fixture
def house(tmp_path):
    """Builds empty modules with the given imports, and gives what the linter says about them."""

    def house(imports):
        section = (ROOT / "pyproject.toml").read_text("utf-8")
        (tmp_path / "pyproject.toml").write_text(
            section[section.index("[tool.importlinter]") :], "utf-8"
        )
        names = {name for contract in CONTRACTS.values() for name in modules_of(contract)}
        for name in sorted(names | set(PACKAGES)):
            if name.partition(".")[0] in PACKAGES:
                folder = tmp_path.joinpath(*name.split("."))
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "__init__.py").write_text(
                    "".join(f"import {other}\n" for other in imports.get(name, ()))
                )
        done = subprocess.run(
            [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
            cwd=tmp_path, capture_output=True, text=True, timeout=50, check=False,
        )  # fmt: skip
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    return house


def modules_of(contract):
    written = (
        contract.get("layers", [])
        + contract.get("source_modules", [])
        + contract.get("forbidden_modules", [])
    )
    return [module.strip() for entry in written for module in entry.split("|")]


def test_an_empty_house_keeps_every_contract(house):
    code, said = house({})
    assert code == 0, said
    assert f"{len(CONTRACTS)} kept, 0 broken" in said


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(house, name):
    contract = CONTRACTS[name]
    code, said = house(dict.fromkeys(contract["source_modules"], contract["forbidden_modules"]))
    assert code == 1
    assert f"{name} BROKEN" in said
    for source in contract["source_modules"]:
        for forbidden in contract["forbidden_modules"]:
            assert f"{source} -> {forbidden} " in said, (source, forbidden)


@pytest.mark.parametrize("name", LAYERED)
def test_an_import_of_a_higher_layer_or_of_a_neighbour_breaks_the_layers(house, name):
    layers = [
        [module.strip() for module in layer.split("|")] for layer in CONTRACTS[name]["layers"]
    ]
    wrong = [(low, high) for above, below in pairwise(layers) for low in below for high in above]
    wrong += [pair for layer in layers for pair in pairwise(layer)]
    imports = {}
    for low, high in wrong:
        imports.setdefault(low, []).append(high)
    code, said = house(imports)
    assert code == 1
    assert f"{name} BROKEN" in said
    for low, high in wrong:
        assert f"{low} -> {high} " in said, (low, high)


# Rules that the import linter has no word for


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def imported(path):
    """Every module that a file imports, by its absolute name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module


def test_the_domain_uses_the_standard_library_only():
    allowed = sys.stdlib_module_names | {"bot"}
    strangers = {
        (str(path.relative_to(ROOT)), name)
        for path in sources("bot/domain")
        for name in imported(path)
        if name.partition(".")[0] not in allowed
        or ((name + ".").startswith("bot.") and not (name + ".").startswith("bot.domain."))
    }
    assert not strangers


def test_the_demo_imports_nothing_of_the_application():
    own = [
        (str(path.relative_to(ROOT)), name)
        for path in sources("bot/demo")
        for name in imported(path)
        if name.partition(".")[0] in PACKAGES and not (name + ".").startswith("bot.demo.")
    ]
    assert not own


def test_nobody_uses_mocks():
    mocking = [
        path
        for path in sources(*PACKAGES, "tests", "bench")
        if "unittest.mock" in set(imported(path))
    ]
    assert not shown(mocking)


STARTS = {"create_task", "ensure_future"}


def loose_tasks(tree):
    """Calls that start a task outside a TaskGroup, where its error would be lost."""
    starting = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and STARTS & {getattr(node.func, "attr", ""), getattr(node.func, "id", "")}
    ]
    groups = _groups(tree) if starting else set()
    for node in starting:
        called = ast.unparse(node.func)
        owner, _, method = called.rpartition(".")
        if method == "ensure_future" or owner not in groups:
            yield node.lineno, called


def _groups(tree):
    """By which names a module knows its TaskGroups."""
    groups = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.withitem)
            and "TaskGroup(" in ast.unparse(node.context_expr)
            and node.optional_vars
        ):
            groups.add(ast.unparse(node.optional_vars))
        elif isinstance(node, ast.Assign) and "TaskGroup(" in ast.unparse(node.value):
            groups |= {ast.unparse(target) for target in node.targets}
        elif (
            isinstance(node, ast.arg | ast.AnnAssign)
            and node.annotation
            and "TaskGroup" in ast.unparse(node.annotation)
        ):
            groups.add(node.arg if isinstance(node, ast.arg) else ast.unparse(node.target))
    return groups


def test_tasks_are_started_in_groups_only():
    loose = {
        f"{path.relative_to(ROOT)}:{line}": called
        for path in sources(*PACKAGES, "tests", "bench")
        for line, called in loose_tasks(tree(path))
    }
    assert not loose


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("asyncio.create_task(f())", True),
        ("create_task(f())", True),
        ("asyncio.get_running_loop().create_task(f())", True),
        ("loop.create_task(f())", True),
        ("asyncio.ensure_future(f())", True),
        (
            "async def g():\n async with asyncio.TaskGroup() as group:\n  group.create_task(f())",
            False,
        ),
        ("async def g(group: asyncio.TaskGroup):\n group.create_task(f())", False),
        ("self._group = asyncio.TaskGroup()\nself._group.create_task(f())", False),
    ],
)
def test_a_loose_task_is_seen(code, found):
    assert bool(list(loose_tasks(ast.parse(code)))) is found


def test_every_module_says_what_it_is_for():
    silent = []
    for path in sources(*PACKAGES, "tests", "bench"):
        module = tree(path)
        sentence = (ast.get_docstring(module) or "").partition("\n\n")[0]
        # A package without code of its own may leave it to its modules.
        if len(sentence.split()) < 3 and len(module.body) > 1:
            silent.append(path)
    assert not shown(silent)


def test_no_file_outgrows_its_reader():
    long = [
        path
        for path in sources(*PACKAGES, "tests", "bench")
        if len(path.read_text("utf-8").splitlines()) > 400
    ]
    assert not shown(long)


def test_no_folder_holds_more_than_a_dozen_modules():
    def crowded(folder):
        names = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
        return len(names) > 12 and not {"versions", "tests"} & {folder.name}

    folders = {path.parent for path in sources(*PACKAGES)}
    assert not shown(sorted(folder for folder in folders if crowded(folder)))


def test_every_handler_is_reached_from_the_router():
    modules = [f"handlers.{path.stem}" for path in (ROOT / "handlers").glob("[!_]*.py")]
    if not modules:
        pytest.skip("no handlers exist yet")
    code = f"import handlers, sys; handlers.router; print([m for m in {modules!r} if m not in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr
