"""The papers keep their word: settings, commands, links and files are what they say."""

import re
import tomllib
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser
from ruamel.yaml import YAML

from bot.__main__ import parser
from bot.settings import Settings, load
from bot.settings.sections import SECTIONS
from bot.settings.table import BEGIN, END, default_of, env_example, main, with_table
from handlers import router

ROOT = Path(__file__).parents[1]
PAPERS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")],
)
ENV = (ROOT / ".env.example").read_text("utf-8")
VARIABLE = re.compile(r"^#?(PAILOT_\w+)=(.*)$", re.MULTILINE)
COMPOSE = YAML(typ="safe", pure=True).load(ROOT / "compose.yaml")


def read(name):
    return (ROOT / name).read_text("utf-8")


def test_the_readme_says_what_it_is_and_names_the_two_commands():
    readme = read("README.md")
    assert readme.startswith("# Pailot")
    assert "\n    make demo\n" in readme
    assert "\n    make test\n" in readme


def test_the_settings_table_is_that_of_the_class():
    readme = read("README.md")
    assert readme == with_table(readme), "run: python -m bot.settings.table"


def test_every_setting_and_its_default_stand_in_the_table():
    rows = dict(re.findall(r"^\| `([a-z]+\.[a-z_]+)` \| (.*?) \|", read("README.md"), re.MULTILINE))
    named = {
        f"{section}.{name}" for section, model in SECTIONS.items() for name in model.model_fields
    }
    assert set(rows) == named
    for section, model in SECTIONS.items():
        for name, field in model.model_fields.items():
            assert default_of(field) in rows[f"{section}.{name}"]


def test_the_env_example_is_that_of_the_class():
    assert env_example() == ENV, "run: python -m bot.settings.table"
    named = {
        f"PAILOT_{section}__{name}".upper()
        for section, model in SECTIONS.items()
        for name in model.model_fields
    }
    assert {name for name, _ in VARIABLE.findall(ENV)} == named | {"PAILOT_REGISTRIES"}


def test_a_forgotten_table_is_brought_up_to_date(tmp_path):
    (tmp_path / "README.md").write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", "utf-8")
    main(tmp_path)
    written = (tmp_path / "README.md").read_text("utf-8")
    assert written.startswith(f"before\n{BEGIN}\n| setting |")
    assert written.endswith(f"|\n{END}\nafter\n")
    assert (tmp_path / ".env.example").read_text("utf-8") == ENV


def test_the_defaults_of_the_env_example_are_read_back_as_the_defaults(tmp_path):
    # Harbor and storage can't be there without an address, so their lines can't all stand alone.
    optional = ("PAILOT_HARBOR__", "PAILOT_STORAGE__")
    environ = {
        name: value for name, value in VARIABLE.findall(ENV) if not name.startswith(optional)
    }
    assert load(None, environ, tmp_path) == Settings()


def test_the_storage_lines_of_the_env_example_are_good_values(tmp_path):
    environ = {
        name: value for name, value in VARIABLE.findall(ENV) if name.startswith("PAILOT_STORAGE__")
    }
    environ["PAILOT_STORAGE__HOST"] = "storage.example.edu"
    environ["PAILOT_STORAGE__HOST_KEY"] = "SHA256:" + "a" * 43
    storage = load(None, environ, tmp_path).storage
    assert (storage.folder_mode, storage.umask, storage.warn_at) == (0o2777, 0o002, 0.9)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(paper):
    text = paper.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", text) + re.findall(
        r'src(?:set)?="([^"]+)"', text
    )
    assert not [link for link in links if not (paper.parent / link).exists()]


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_papers_name_only_settings_that_exist(paper):
    text = paper.read_text("utf-8")
    sections = "|".join(SECTIONS)
    for section, name in re.findall(rf"`({sections})\.([a-z_]+)`", text):
        assert name in SECTIONS[section].model_fields, f"{section}.{name}"
    for section, name in re.findall(r"PAILOT_([A-Z]+)__([A-Z_]+)\b", text):
        plain = name.lower()
        fields = SECTIONS[section.lower()].model_fields
        assert plain in fields or plain.removesuffix("_file") in fields, name


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_papers_name_only_make_targets_that_exist(paper):
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", paper.read_text("utf-8"), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("words", ["en.js", "zh.js"])
def test_the_demos_page_names_only_commands_that_exist(words):
    page = read(f"bot/demo/telegram/static/js/core/{words}")
    named = re.findall(r"pailot ([a-z-]+)((?: --[a-z]+)*)", page)
    assert {command for command, _ in named} == {"init", "run"}
    for command, options in named:
        parser().parse_args([command, *options.split()])


@pytest.mark.parametrize(("one", "other"), [("user.en", "user.zh"), ("admin.en", "admin.zh")])
def test_the_guides_of_both_languages_name_the_same_commands(one, other):
    def commands(name):
        return set(re.findall(r"`(/[a-z]+)", read(f"docs/{name}.md")))

    assert commands(one) == commands(other)
    assert commands(one)


def test_the_guides_leave_no_command_out():
    guides = read("docs/user.en.md") + read("docs/admin.en.md")
    assert not set(router.names) - set(re.findall(r"`/([a-z]+)", guides))


def test_the_changelog_begins_with_what_is_unreleased_or_the_version():
    first = re.search(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    version = re.search(r'__version__ = "(.+)"', read("bot/__init__.py"))
    assert first
    assert version
    assert first[1] in {"Unreleased", version[1]}


def test_the_image_runs_as_nobody_in_particular_and_checks_its_health():
    parser = DockerfileParser(str(ROOT / "Dockerfile"))
    steps = [(step["instruction"], step["value"]) for step in parser.structure]
    user = [value for instruction, value in steps if instruction == "USER"][-1]
    assert user.partition(":")[0] not in {"", "0", "root"}
    assert any(
        "pailot" in value and "healthcheck" in value
        for instruction, value in steps
        if instruction == "HEALTHCHECK"
    )
    # The default of the settings listens on loopback, where nobody outside a container can come.
    assert "PAILOT_WEB__HOST=0.0.0.0" in parser.content


def test_the_variables_of_image_and_compose_are_settings(tmp_path):
    service = COMPOSE["services"]["pailot"]
    environ = {name: str(value) for name, value in service.get("environment", {}).items()}
    environ |= dict(re.findall(r"(PAILOT_\w+)=(\S+)", read("Dockerfile")))
    assert load(None, environ, tmp_path).web.host == "0.0.0.0"


def test_the_service_has_a_read_only_root_and_no_powers():
    service = COMPOSE["services"]["pailot"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_the_commit_hooks_run_the_tools_of_the_check():
    hooks = YAML(typ="safe", pure=True).load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    entries = " ".join(hook["entry"] for hook in hooks[0]["hooks"])
    for tool in ("ruff format", "ruff check", "mypy", "lint-imports"):
        assert tool in entries
        assert tool in read("Makefile")


def test_the_minimum_python_is_the_same_everywhere():
    wanted = tomllib.loads(read("pyproject.toml"))["project"]["requires-python"]
    assert wanted == ">=3.11"
    assert "Python 3.11" in read("README.md")
    assert "FROM python:3.11-slim" in read("Dockerfile")
