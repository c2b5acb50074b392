"""Writes the settings down for people: the README's table and `.env.example`.

`python -m bot.settings.table` brings both files up to date; a test says when that was forgotten.
"""

import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings.loading import NEEDED_BY_RUN
from bot.settings.sections import SECTIONS, Registry, is_secret

BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"
_HEAD = """\
# Pailot's settings as environment variables, each with its default. Copy to .env and fill in what
# you need; an empty value is as if the line were not there. Lists are written a,b or as JSON, sizes
# 500M or 2T, durations 30s or 7d. Of each secret, the same name with _FILE reads it from a file.
# The same settings may stand in pailot.toml; the environment wins.
# The lines without a # in front are what `pailot run` can't do without.
"""


def readme_table() -> str:
    rows = ["| setting | default | what it is |", "|---|---|---|"]
    for section, model in SECTIONS.items():
        for name, field in model.model_fields.items():
            default = _extra(field, "shown") or default_of(field)
            about = f"{field.description} 🔒" if is_secret(model, name) else field.description
            rows.append(f"| `{section}.{name}` | {f'`{default}`' if default else ''} | {about} |")
    names = ", ".join(f"`{name}`" for name in Registry.model_fields)
    rows.append(
        f"| `registries` | | further registries, each with {names}; as a variable a JSON array |"
    )
    return "\n".join(rows)


def env_example() -> str:
    lines = [_HEAD.rstrip()]
    for section, model in SECTIONS.items():
        lines += ["", f"# [{section}]"]
        for name, field in model.model_fields.items():
            mark = "" if f"{section}.{name}" in NEEDED_BY_RUN else "#"
            variable = f"PAILOT_{section}__{name}".upper()
            lines += [f"# {field.description}", f"{mark}{variable}={default_of(field)}"]
    lines += ["", "# Further registries: a JSON array"]
    lines.append("# each with " + ", ".join(Registry.model_fields))
    lines.append("#PAILOT_REGISTRIES=[]")
    return "\n".join(lines) + "\n"


def default_of(field: FieldInfo) -> str:
    """The default as one would write it; nothing for what is required, or made from others."""
    if field.is_required() or field.default_factory is not None:
        return ""
    return _written(field, field.default)


def _written(field: FieldInfo, value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if octal_digits := _extra(field, "octal"):
        return f"{value:0{octal_digits}o}"
    if _extra(field, "size"):
        return f"{value // 2**30}G" if value % 2**30 == 0 else f"{value // 2**20}M"
    if _extra(field, "share"):
        return f"{value:.0%}"
    match value:
        case None | ():
            return ""
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case ZoneInfo():
            return value.key
        case _:
            return str(value)


def _extra(field: FieldInfo, name: str) -> Any:
    extra = field.json_schema_extra
    return extra.get(name) if isinstance(extra, dict) else None


def with_table(readme: str) -> str:
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{readme_table()}\n{END}{after}"


def main(root: Path) -> None:
    readme = root / "README.md"
    readme.write_text(with_table(readme.read_text("utf-8")), "utf-8")
    (root / ".env.example").write_text(env_example(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
