"""Reads what was written in `pailot.toml` and in the environment, and names what is unknown there.

Nothing is judged here but names, and files that hold secrets; values go on as they were written.
"""

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.settings.kinds import at_home, nearest
from bot.settings.sections import SECTIONS, Registry, Section, is_secret, paths

# Kubernetes describes a service called "pailot" to every pod by such variables.
_KUBERNETES = re.compile(
    r"PAILOT_(SERVICE_(HOST|PORT(_.+)?)|PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)"
)


@dataclass(frozen=True, slots=True)
class Given:
    """One value and where it was written, in the words of whoever wrote it."""

    value: Any
    place: str


@dataclass(slots=True)
class Source:
    """What one place gave: values by section and name, and the problems met on the way."""

    values: dict[str, dict[str, Given]] = field(default_factory=dict)
    registries: Given | None = None
    problems: list[str] = field(default_factory=list)

    def give(self, section: str, name: str, given: Given) -> None:
        self.values.setdefault(section, {})[name] = given


def from_file(path: Path) -> Source:
    source = Source()
    try:
        # Windows editors like to begin a file with a byte order mark.
        written = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        source.problems.append(f"{path}: cannot be read: {error.strerror}")
        return source
    except UnicodeDecodeError:
        source.problems.append(f"{path}: is not UTF-8 text")
        return source
    except tomllib.TOMLDecodeError as error:
        source.problems.append(f"{path}: is not TOML: {error}")
        return source
    for section, names in written.items():
        if section == "registries":
            source.registries = _registries(source, names, path.name, path.parent)
        elif section not in SECTIONS:
            source.problems.append(f"{path.name}: [{section}] {_no_section(section)}")
        elif not isinstance(names, dict):
            source.problems.append(f"{path.name}: {section} is a section: write [{section}]")
        else:
            _from_table(source, section, names, path)
    return source


def _from_table(source: Source, section: str, names: dict[str, Any], path: Path) -> None:
    for name, value, place in _with_files_read(
        source, SECTIONS[section], names, lambda name: f"{path.name}: {section}.{name}", path.parent
    ):
        source.give(section, name, Given(value, place))
    for name in names:
        if _known(SECTIONS[section], name) is None:
            source.problems.append(f"{path.name}: {section}.{name} {_no_name(section, name)}")


def _known(section: type[Section], name: str) -> str | None:
    """The setting that a written name gives, be it by itself or by its `_file` form."""
    if name in section.model_fields:
        return name
    plain = name.removesuffix("_file")
    return plain if plain in section.model_fields and is_secret(section, plain) else None


def _with_files_read(
    source: Source,
    section: type[Section],
    names: Mapping[str, Any],
    placed: Callable[[str], str],
    folder: Path,
) -> Iterator[tuple[str, Any, str]]:
    """Every known setting of a table once: name, value, place.

    An empty text is as if the setting were not there, which is how compose files write that.
    """
    for written, value in names.items():
        name = _known(section, written)
        if name is None or (isinstance(value, str) and not value.strip()):
            continue
        place = placed(written)
        if name == written:
            here = isinstance(value, str) and name in paths(section)
            yield name, str(folder / at_home(value)) if here else value, place
        elif names.get(name):
            source.problems.append(f"{place}: {name} is given as well; keep one of the two")
        elif (secret := _read_secret(source, value, place, folder)) is not None:
            yield name, secret, place


def _read_secret(source: Source, file: Any, place: str, folder: Path) -> str | None:
    if not isinstance(file, str):
        source.problems.append(f"{place}: is the name of a file")
        return None
    try:
        text = (folder / at_home(file)).read_text("utf-8")
    except OSError as error:
        source.problems.append(f"{place}: the file cannot be read: {error.strerror}")
    except (UnicodeDecodeError, ValueError):
        source.problems.append(f"{place}: the file is not UTF-8 text")
    else:
        if secret := text.removesuffix("\n").removesuffix("\r"):
            return secret
        source.problems.append(f"{place}: the file is empty")
    return None


def _registries(source: Source, value: Any, place: str, folder: Path) -> Given:
    place = place if place.startswith("PAILOT") else f"{place}: registries"
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        wanted = "a JSON array of objects" if place.startswith("PAILOT") else "[[registries]]"
        source.problems.append(f"{place}: must be {wanted}, one for each registry")
        return Given([], place)
    registries = []
    for number, item in enumerate(value, 1):
        prefix = f"{place} {number}: "
        read = _with_files_read(source, Registry, item, prefix.__add__, folder)
        registries.append({name: inner for name, inner, _ in read})
        for name in item:
            if _known(Registry, name) is None:
                hint = nearest(name, list(Registry.model_fields))
                meant = (
                    f"; did you mean {hint}?" if hint else f" ({', '.join(Registry.model_fields)})"
                )
                source.problems.append(f"{prefix}{name} is no setting of a registry{meant}")
    return Given(registries, place)


def from_environment(environ: Mapping[str, str], cwd: Path) -> Source:
    """The PAILOT_ variables."""
    source = Source()
    tables: dict[str, dict[str, str]] = {}
    written: dict[str, str] = {}
    for variable in sorted(environ):
        value, upper = environ[variable], variable.upper()
        if (
            not upper.startswith("PAILOT_")
            or upper == "PAILOT_CONFIG"
            or _from_kubernetes(upper, value)
        ):
            continue
        if upper in written:
            source.problems.append(
                f"{variable}: {written[upper]} is given as well; keep one of the two"
            )
            continue
        written[upper] = variable
        section, _, name = upper.removeprefix("PAILOT_").lower().partition("__")
        if upper == "PAILOT_REGISTRIES":
            source.registries = _registries_from_json(source, value, cwd)
        elif section not in SECTIONS or _known(SECTIONS[section], name) is None:
            source.problems.append(f"{variable}: {_no_variable(upper)}")
        else:
            tables.setdefault(section, {})[name] = value
    for section, names in tables.items():
        for name, value, place in _with_files_read(
            source, SECTIONS[section], names, partial(_variable, section), cwd
        ):
            source.give(section, name, Given(value, place))
    return source


def _variable(section: str, name: str) -> str:
    return f"PAILOT_{section}__{name}".upper()


def _from_kubernetes(variable: str, value: str) -> bool:
    if not _KUBERNETES.fullmatch(variable):
        return False
    return variable != "PAILOT_PORT" or value.startswith(("tcp://", "udp://"))


def _registries_from_json(source: Source, text: str, cwd: Path) -> Given | None:
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        source.problems.append(
            f"PAILOT_REGISTRIES: is not a JSON array: {error.msg} at character {error.pos}"
        )
        return None
    return _registries(source, value, "PAILOT_REGISTRIES", cwd)


def find_file(config: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """`--config`, else PAILOT_CONFIG, else ./pailot.toml where there is one."""
    named = config or next(
        (
            Path(value)
            for name, value in environ.items()
            if name.upper() == "PAILOT_CONFIG" and value
        ),
        None,
    )
    if named is not None:
        return cwd / at_home(named)
    usual = cwd / "pailot.toml"
    return usual if os.path.lexists(usual) else None


def _no_section(section: str) -> str:
    known = [*SECTIONS, "registries"]
    hint = nearest(section, known)
    return (
        f"is no section; {f'did you mean [{hint}]?' if hint else 'there are ' + ', '.join(known)}"
    )


def _no_name(section: str, name: str) -> str:
    return f"is no setting; {_hint(section, name)}"


def _hint(section: str, name: str) -> str:
    own = _names(SECTIONS[section])
    if hint := nearest(name, own):
        return f"did you mean {section}.{hint}?"
    elsewhere = [other for other, model in SECTIONS.items() if name in _names(model)]
    if elsewhere:
        return f"did you mean {elsewhere[0]}.{name}?"
    return f"[{section}] has {', '.join(own)}"


def _names(section: type[Section]) -> list[str]:
    files = [f"{name}_file" for name in section.model_fields if is_secret(section, name)]
    return [*section.model_fields, *files]


def _no_variable(variable: str) -> str:
    known = [
        _variable(section, name) for section, model in SECTIONS.items() for name in _names(model)
    ]
    known += ["PAILOT_CONFIG", "PAILOT_REGISTRIES"]
    # Without what all have in common, or everything would be near everything.
    rests = [name.removeprefix("PAILOT_") for name in known]
    rest = variable.removeprefix("PAILOT_")
    named = [path for path in rests if path.endswith(f"__{rest.rpartition('__')[2]}")]
    hint = nearest(rest, rests) or (named[0] if named else None)
    return f"is no setting; did you mean PAILOT_{hint}?" if hint else "is no setting"
