"""Makes Settings of what was written, or says everything that is wrong with it at once."""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.settings.sections import SECTIONS, Settings
from bot.settings.sources import Given, Source, find_file, from_environment, from_file

NEEDED_BY_RUN = ("telegram.token", "openpai.url", "secrets.keys")
_NEEDED = {
    "telegram.token": "the bot's token from @BotFather",
    "openpai.url": "the address of the OpenPAI portal",
    "secrets.keys": "`pailot init --key` prints one",
}
# A setting that makes no sense without another one.
_TOGETHER = (
    ("harbor.username", "harbor.password"),
    ("harbor.password", "harbor.username"),
    ("harbor.admin_username", "harbor.admin_password"),
    ("harbor.admin_password", "harbor.admin_username"),
    ("storage.key_file", "storage.username"),
    ("storage.password", "storage.username"),
)


class SettingsError(Exception):
    """The settings can't be used. `problems` holds one line each, and never a secret."""

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def load(
    config: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    *,
    needed: Collection[str] = (),
) -> Settings:
    """The settings from the file and, winning over it, the environment.

    `needed` names settings (`section.name`) that the command can't do without. Relative names of
    files are looked up beside `pailot.toml`, those of the environment in `cwd`. Raises
    SettingsError with all problems, in the order file, environment, values.
    """
    cwd = cwd or Path.cwd()
    file = find_file(config, environ, cwd)
    written = from_file(file) if file else Source()
    environment = from_environment(environ, cwd)
    values = _merged(written.values, environment.values)
    registries = environment.registries or written.registries

    plain: dict[str, Any] = {
        section: {name: given.value for name, given in names.items()}
        for section, names in values.items()
        if names
    }
    if registries:
        plain["registries"] = registries.value
    problems = [*written.problems, *environment.problems]
    settings = None
    try:
        settings = Settings.model_validate(plain)
    except ValidationError as error:
        problems += _complaints(error, values, registries)
    problems += _contradictions(values, registries)
    problems += _missing(values, needed)
    if problems or settings is None:
        raise SettingsError(problems)
    return settings


def _merged(
    below: dict[str, dict[str, Given]], above: dict[str, dict[str, Given]]
) -> dict[str, dict[str, Given]]:
    return {
        section: below.get(section, {}) | above.get(section, {})
        for section in SECTIONS
        if section in below or section in above
    }


def _complaints(
    error: ValidationError, values: dict[str, dict[str, Given]], registries: Given | None
) -> Iterator[str]:
    seen = set()
    for entry in error.errors(include_url=False, include_input=False):
        if entry["type"] == "default_factory_not_called":
            continue  # a default made from another setting, which has its own line
        where, complaint = entry["loc"], _worded(entry)
        if where[0] == "registries" and registries is not None:
            number, rest = int(where[1]) + 1, ".".join(str(part) for part in where[2:])
            line = f"{registries.place} {number}: {rest}: {complaint}"
        else:
            section, name = str(where[0]), str(where[1])
            given = values.get(section, {}).get(name)
            place = given.place if given else f"{section}.{name}"
            part = f" (number {int(where[2]) + 1})" if len(where) > 2 and where[2] != 0 else ""
            line = f"{place}{part}: {complaint}"
        if line not in seen:
            seen.add(line)
            yield line


def _worded(entry: Any) -> str:
    """Pydantic's complaint in our words; none of them shows the value."""
    context = entry.get("ctx", {})
    match entry["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return "is missing, and its section can't do without it"
        case "literal_error":
            return f"must be {context['expected']}".replace("'", "")
        case "int_parsing" | "int_type" | "int_from_float":
            return "must be a whole number"
        case "bool_parsing" | "bool_type":
            return "must be on or off"
        case "string_type":
            return "is text: write it in quotes"
        case "tuple_type":
            return "must be a list, or values joined by commas"
        case "string_pattern_mismatch":
            return "may have lower-case letters, digits and . _ - only"
        case _:
            message: str = entry["msg"]
            return message.replace("Input should be", "must be")


def _contradictions(values: dict[str, dict[str, Given]], registries: Given | None) -> Iterator[str]:
    def given(path: str) -> Given | None:
        section, name = path.split(".")
        return values.get(section, {}).get(name)

    for one, other in _TOGETHER:
        if (here := given(one)) and not given(other):
            yield f"{here.place}: needs {other} beside it"
    if (here := given("storage.username")) and not (
        given("storage.key_file") or given("storage.password")
    ):
        yield f"{here.place}: needs storage.key_file or storage.password beside it"
    if (here := given("storage.password")) and given("storage.key_file"):
        yield f"{here.place}: storage.key_file is given as well; keep one of the two"
    if (mode := given("telegram.mode")) and str(mode.value).strip().lower() == "webhook":
        for other in ("web.public_url", "telegram.webhook_secret"):
            if not given(other):
                yield f"{mode.place}: webhook needs {other} (PAILOT_{_variable(other)})"
    yield from _odd_registries(registries)


def _odd_registries(registries: Given | None) -> Iterator[str]:
    names: set[str] = set()
    for number, registry in enumerate(registries.value if registries else (), 1):
        place = f"{registries.place if registries else ''} {number}"
        if bool(registry.get("username")) != bool(registry.get("password")):
            yield f"{place}: username and password belong together"
        name = str(registry.get("name", ""))
        if name in names:
            yield f"{place}: another registry is called {name} already"
        names |= {name} if name else set()


def _missing(values: dict[str, dict[str, Given]], needed: Collection[str]) -> Iterator[str]:
    for path in needed:
        section, name = path.split(".")
        given = values.get(section, {}).get(name)
        if given is None or given.value == []:
            hint = _NEEDED.get(path)
            yield f"{path} is missing (PAILOT_{_variable(path)})" + (f": {hint}" if hint else "")


def _variable(path: str) -> str:
    return path.upper().replace(".", "__")
